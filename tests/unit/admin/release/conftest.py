"""Functions with versions and aliases, alarms, and a clock that moves when somebody sleeps."""

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import boto3
import pytest

from admin.release.alias import Aliases
from admin.release.note import Note
from admin.release.rollout import Move, Rollout, plan
from admin.release.watch import Watch

START = 1_800_000_000.0
STARTED = "2027-01-15T08:00:00Z"
ALARM = "mcp-errors"
FUNCTIONS = {"worker": "stack-worker", "mcp": "stack-mcp"}


@dataclass
class Time:
    """A clock. What is planned happens while somebody sleeps."""

    now: float = START
    plans: list[tuple[float, Callable[[], Any]]] = field(default_factory=list)

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        due = [event for at, event in self.plans if at <= self.now - START]
        self.plans = [(at, event) for at, event in self.plans if at > self.now - START]
        for event in due:
            event()

    def after(self, seconds: float, event: Callable[[], Any]) -> None:
        """Plan an event for so many seconds after the start."""
        self.plans.append((seconds, event))


@dataclass
class Stack:
    """The functions and the alarm of a stack on moto, which keeps the weights of an alias and ignores its revision."""

    time: Time
    said: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.functions = boto3.client("lambda")
        self.cloudwatch = boto3.client("cloudwatch")
        self.aliases = Aliases(self.functions)
        for name in FUNCTIONS.values():
            create_function(name)
            self.functions.create_alias(FunctionName=name, Name="live", FunctionVersion=self.publish(name))
        self.cloudwatch.put_metric_alarm(
            AlarmName=ALARM,
            Namespace="AWS/Lambda",
            MetricName="Errors",
            Dimensions=[{"Name": "FunctionName", "Value": "stack-mcp"}],
            Statistic="Sum",
            Period=300,
            EvaluationPeriods=1,
            Threshold=1,
            ComparisonOperator="GreaterThanOrEqualToThreshold",
        )
        self.ring("OK")

    def publish(self, function: str) -> str:
        """Change a function and publish it, as ``pulumi up`` does."""
        number = len(self.functions.list_versions_by_function(FunctionName=function)["Versions"])
        self.functions.update_function_configuration(FunctionName=function, Description=f"change {number}")
        return str(self.functions.publish_version(FunctionName=function)["Version"])

    def ring(self, state: str = "ALARM") -> None:
        self.cloudwatch.set_alarm_state(AlarmName=ALARM, StateValue=state, StateReason="a test")

    def serve(self, function: str, version: str, *, requests: int = 1, errors: int = 0) -> None:
        """Count requests of a version, as Lambda does for an alias between two versions."""
        dimensions = {"FunctionName": function, "Resource": f"{function}:live", "ExecutedVersion": version}
        self.cloudwatch.put_metric_data(
            Namespace="AWS/Lambda",
            MetricData=[
                {
                    "MetricName": metric,
                    "Dimensions": [{"Name": name, "Value": value} for name, value in dimensions.items()],
                    "Timestamp": self.time.now,
                    "Value": count,
                }
                for metric, count in (("Invocations", requests), ("Errors", errors))
            ],
        )

    def plan(self, started: str = STARTED) -> list[Move]:
        return plan(self.aliases, FUNCTIONS.items(), started)

    def rollout(self, *, tolerated: float = 0) -> Rollout:
        watch = Watch(self.cloudwatch, [ALARM], tolerated=tolerated)
        return Rollout(self.aliases, watch, self.said.append, self.time, self.time.sleep)

    def serving(self) -> dict[str, str]:
        return {label: str(self.aliases.read(name)) for label, name in FUNCTIONS.items()}

    def note(self, label: str) -> Note | None:
        return self.aliases.read(FUNCTIONS[label]).note


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def stack(aws: None, time: Time) -> Stack:
    return Stack(time)


def create_function(name: str) -> None:
    """Create a function whose handler is that of its kind."""
    iam = boto3.client("iam")
    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("nothing.py", "")
    boto3.client("lambda").create_function(
        FunctionName=name,
        Role=role,
        Runtime="python3.13",
        Handler=f"runtime.handlers.{name.rpartition('-')[2]}.handler",
        Code={"ZipFile": archive.getvalue()},
    )
