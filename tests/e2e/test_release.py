"""Releases on a running stack: a version that fails leaves the old one serving, and the command says so.

The emulator does not share requests between versions: an alias with weights still invokes the old one. So a new version
gets its first request here when it gets all of them. ``tests/unit/admin/release`` holds the weights.
"""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
import pytest
import requests

from admin.__main__ import main
from admin.release import rollout
from local.aws import Aws
from local.stack import find_running
from tests.e2e.conftest import Server
from tests.e2e.test_update import HEADERS, LIST
from tests.support.local_stack import EXAMPLE_APP, LocalStack

pytestmark = pytest.mark.stack

META: Any = LIST["params"]
CRASH: Any = {"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": {"name": "crash", "arguments": {}, **META}}
CRASH_HEADERS = HEADERS | {"Mcp-Method": "tools/call", "Mcp-Name": "crash"}


@dataclass
class Run:
    """One run of the command: its exit status, its words, what served before and after, and the answers meanwhile."""

    status: int
    said: str
    before: Mapping[str, str]
    after: Mapping[str, str]
    answers: list[requests.Response] = field(default_factory=list)

    @property
    def statuses(self) -> set[int]:
        return {answer.status_code for answer in self.answers}

    @property
    def tools(self) -> list[set[str]]:
        """The tools in each answer."""
        return [{tool["name"] for tool in answer.json()["result"]["tools"]} for answer in self.answers]


@dataclass
class Deployed:
    """A running stack whose aliases the command moves, and a client of it."""

    directory: Path
    monkeypatch: pytest.MonkeyPatch

    def __post_init__(self) -> None:
        state = find_running(self.directory)
        self.outputs = state.outputs
        aws = Aws(state.emulator_port, state.region)
        self.functions, self.cloudwatch = aws.client("lambda"), aws.client("cloudwatch")
        self.server = Server(self.outputs["url"], self.directory)
        self.token = self.server.token(self.server.register())

    def update(self, app: str) -> None:
        """Deploy another version with the program."""
        LocalStack(self.directory, config={"release": "canary", "appModule": app}).up()

    def break_mcp(self) -> None:
        """Publish a version of the mcp function that fails at import."""
        name = self.outputs["function_names"]["mcp"]
        found = self.functions.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
        self.functions.update_function_configuration(
            FunctionName=name, Environment={"Variables": {**found, "APP_MODULE": "no_such_app"}}
        )
        self.functions.publish_version(FunctionName=name)

    def ask(self) -> requests.Response:
        return self.server.rpc(self.token, LIST, **HEADERS)

    def serving(self) -> dict[str, str]:
        """Return the version that gets the requests of each function."""
        return {
            label: self.functions.get_alias(FunctionName=name, Name="live")["FunctionVersion"]
            for label, name in self.outputs["function_names"].items()
        }

    def release(self, *arguments: str, meanwhile: Callable[[], Any] | None = None) -> Run:
        """Run the command, and a client meanwhile, which asks once before and once after it as well."""
        before, answers, done = self.serving(), [self.ask()], threading.Event()

        def keep_asking() -> None:
            while not done.is_set():
                answers.append((meanwhile or self.ask)())

        asking = threading.Thread(target=keep_asking)
        asking.start()
        words: list[str] = []
        with self.monkeypatch.context() as patched:
            patched.setattr("sys.stderr.write", words.append, raising=False)
            try:
                status = main(["--stack", "dev", "release", *arguments])
            finally:
                done.set()
                asking.join()
        answers.append(self.ask())
        return Run(status, "".join(words), before, self.serving(), answers)

    def crash_when_it_serves(self) -> requests.Response:
        """Ask the new version, as soon as it gets requests, for what ends its process."""
        if self.serving()["mcp"] == "1":
            return self.ask()
        # Where AWS answers 503, the emulator answers 502, which is not described.
        headers = {"Authorization": f"Bearer {self.token}", "Accept": "application/json", **CRASH_HEADERS}
        answer = requests.post(f"{self.server.url}/mcp", json=CRASH, headers=headers, timeout=30)
        if answer.status_code != requests.codes.ok:
            self.count_error()
        return answer

    def count_error(self) -> None:
        """Count a failed invocation as Lambda does. The emulator counts those that do not come from API Gateway."""
        dimensions = [{"Name": "FunctionName", "Value": self.outputs["function_names"]["mcp"]}]
        error = {"MetricName": "Errors", "Dimensions": dimensions, "Value": 1}
        self.cloudwatch.put_metric_data(Namespace="AWS/Lambda", MetricData=[error])


@pytest.fixture(scope="module")
def patch() -> Iterator[pytest.MonkeyPatch]:
    with pytest.MonkeyPatch.context() as patched:
        yield patched


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory, patch: pytest.MonkeyPatch) -> Iterator[Deployed]:
    """A stack with its first version, whose outputs a Pulumi CLI knows."""
    directory = tmp_path_factory.mktemp("release")
    with LocalStack(directory / "stack", config={"release": "canary", "appModule": EXAMPLE_APP}):
        stack = Deployed(directory / "stack", patch)
        (directory / "outputs.json").write_text(json.dumps(stack.outputs))
        program = directory / "pulumi"
        program.write_text(f"#!/bin/sh\ncat {directory}/outputs.json\n")
        program.chmod(0o755)
        patch.setenv("PATH", f"{directory}:/usr/bin:/bin")
        state = find_running(directory / "stack")
        for name, value in Aws(state.emulator_port, state.region).environment().items():
            patch.setenv(name, value)
        patch.setattr(boto3, "DEFAULT_SESSION", None)
        patch.setattr(rollout, "POLL_SECONDS", 0.2)
        yield stack


@dataclass(frozen=True)
class Releases:
    """What happened to one stack, in this order: two releases of one version, then one of a version without an app."""

    crashed: Run
    worked: Run
    taken_back: Run
    broken: Run
    alarms: tuple[str, ...]


@pytest.fixture(scope="module")
def releases(deployed: Deployed) -> Releases:
    alarms = tuple(deployed.outputs["release_alarms"].values())
    # What has crashed rings for five minutes.
    ignored = [part for alarm in alarms for part in ("--ignore", alarm)]
    deployed.update("tests.e2e.crashing_app")
    crashed = deployed.release("--steps=50,100", "--wait=60", meanwhile=deployed.crash_when_it_serves)
    worked = deployed.release("--steps=10,100", "--wait=1", *ignored)
    taken_back = deployed.release("--rollback")
    deployed.break_mcp()
    broken = deployed.release("--steps=50,100", "--wait=0", *ignored)
    return Releases(crashed, worked, taken_back, broken, alarms)


def test_an_update_leaves_the_aliases_to_the_command(releases: Releases) -> None:
    assert set(releases.crashed.before.values()) == {"1"}


def test_a_version_that_fails_in_its_first_calls_is_taken_back(releases: Releases) -> None:
    run = releases.crashed
    assert run.status == 1
    assert "error: the release was taken back: the alarm " in run.said
    assert any(f"the alarm {alarm} rings" in run.said for alarm in releases.alarms)
    assert run.after == run.before
    assert (run.answers[0].status_code, run.answers[-1].status_code) == (200, 200)


def test_a_version_that_works_gets_all_requests_and_none_fails(releases: Releases) -> None:
    run = releases.worked
    assert (run.status, run.statuses) == (0, {200})
    assert "Released. Now authorizer serves version 1" in run.said
    assert (run.tools[0], run.tools[-1]) == ({"whoami", "repeat"}, {"crash"})


def test_a_release_moves_only_what_has_changed(releases: Releases) -> None:
    """The two functions that run tools."""
    assert {label: version for label, version in releases.worked.after.items() if version != "1"} == {
        "mcp": "2",
        "worker": "2",
    }


def test_a_release_is_taken_back_on_request(releases: Releases) -> None:
    run = releases.taken_back
    assert (run.status, run.statuses) == (0, {200})
    assert set(run.after.values()) == {"1"}
    assert run.tools[-1] == {"whoami", "repeat"}


def test_a_version_that_fails_at_import_never_gets_a_request(releases: Releases) -> None:
    run = releases.broken
    assert run.status == 1
    assert "error: version 3 of mcp did not pass its probe: asked for server/discover, it failed: " in run.said
    assert "No module named 'no_such_app'. Nothing was moved. Now authorizer serves version 1" in run.said
    assert run.after == run.before
    assert run.statuses == {200}
    assert all(tools == {"whoami", "repeat"} for tools in run.tools)
