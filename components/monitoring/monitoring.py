"""The monitoring of a stack: what is counted, which alarms there are, and what the dashboard shows."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.encryption import Encryption
from components.function import Function
from components.location import Location
from components.monitoring.access_log import REFUSED
from components.monitoring.alarms import Alarm, AlarmBoard, Composite
from components.monitoring.audit import audit_alarm, declare_unaudited
from components.monitoring.availability import (
    Objective,
    declare_objectives,
    objective_alarms,
    server_error_alarm,
)
from components.monitoring.composite import summary_alarm
from components.monitoring.counters import Counters
from components.monitoring.dashboard import dashboard_body
from components.monitoring.functions import function_alarms, table_alarms
from components.monitoring.keys import key_alarms
from components.monitoring.metrics import Metric
from components.monitoring.questions import Shown, questions
from components.monitoring.release import release_alarms
from components.monitoring.sign_in import (
    declare_denials,
    declare_registrations,
    declare_sign_ins,
    denials_alarm,
    registration_alarms,
    sign_in_alarm,
)
from components.monitoring.tasks import task_alarms
from components.monitoring.tools import tool_alarms
from components.monitoring.topic import TopicArgs, declare_topic


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitoringArgs:
    """The arguments of ``Monitoring``.

    ``functions`` answer requests, including the authorizer; their keys are the names in alarms. ``worker`` is invoked
    asynchronously, ``rotation`` by Secrets Manager, and ``tools`` by the mcp function and the worker. ``auditing`` are
    the functions that write to the audit log. With ``full``, alarms watch objectives, and where users sign in, their
    sign-ins. With ``denials_are_errors``, Lambda counts each denied token as an error of the authorizer. ``topic_arn``
    is that of an existing topic.
    """

    location: Location
    encryption: Encryption
    functions: Mapping[str, Function]
    worker: Function
    tools: Mapping[str, Function]
    rotation: Function
    auditing: Mapping[str, Function]
    api_name: pulumi.Input[str]
    stage_name: pulumi.Input[str]
    access_log_name: pulumi.Input[str]
    audit_log_name: pulumi.Input[str]
    table_name: pulumi.Input[str]
    full: bool
    users_sign_in: bool
    denials_are_errors: bool
    topic_arn: str | None
    alarm_email: str | None
    duration_alarm_milliseconds: int
    authorizer_denials_alarm: int
    tags: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Counted:
    """The metrics that are made of log lines. Those that nothing watches are missing."""

    denials: Metric
    refused: Metric
    unaudited: Metric
    objectives: Sequence[Objective] = ()
    registrations: Metric | None = None
    sign_ins: Metric | None = None


class Monitoring(pulumi.ComponentResource):
    """Alarms that go to one SNS topic, and a dashboard.

    ``release_alarms`` are the names in CloudWatch of the alarms that end a release, by their names here.
    """

    topic_arn: pulumi.Output[str]
    dashboard_url: pulumi.Output[str]
    release_alarms: Mapping[str, pulumi.Output[str]]

    def __init__(self, name: str, args: MonitoringArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("remote-mcp:aws:Monitoring", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        counted = _declare_counters(args, Counters(name, child))
        topic = TopicArgs(
            location=args.location,
            encryption=args.encryption,
            arn=args.topic_arn,
            email=args.alarm_email,
            tags=args.tags,
        )
        self.topic_arn = declare_topic(name, topic, child)
        board = AlarmBoard(name, self.topic_arn, args.tags, child)
        alarms = list(_alarms(args, counted))
        if args.full:
            alarms.append(summary_alarm(alarms))
        for alarm in alarms:
            board.declare(alarm)
        self.release_alarms = {name: board.names[name] for name in release_alarms(alarms, counted.objectives)}
        dashboard = aws.cloudwatch.Dashboard(
            f"{name}-dashboard",
            dashboard_name=name,
            dashboard_body=dashboard_body(questions(_shown(args, counted, alarms, board)), args.location.region),
            opts=child,
        )
        self.dashboard_url = pulumi.Output.format(
            "{0}/cloudwatch/home?region={1}#dashboards/dashboard/{2}",
            args.location.console,
            args.location.region,
            dashboard.dashboard_name,
        )
        self.register_outputs({"topic_arn": self.topic_arn, "dashboard_url": self.dashboard_url})


def _declare_counters(args: MonitoringArgs, counters: Counters) -> _Counted:
    denials = declare_denials(counters, _log_groups({"authorizer": args.functions["authorizer"]}))
    refused = counters.count("mcp-denials", REFUSED, {"access": args.access_log_name})
    unaudited = declare_unaudited(counters, _log_groups(args.auditing))
    if not args.full:
        return _Counted(denials, refused, unaudited)
    return _Counted(
        denials,
        refused,
        unaudited,
        declare_objectives(counters, args.access_log_name, args.duration_alarm_milliseconds),
        declare_registrations(counters, args.audit_log_name),
        declare_sign_ins(counters, args.audit_log_name) if args.users_sign_in else None,
    )


def _alarms(args: MonitoringArgs, counted: _Counted) -> Iterator[Alarm | Composite]:
    """Return all alarms but the one that sums them up.

    Objectives tell that requests fail or are slow. Where they are watched, the alarms on causes are silent: at some
    size of a stack, there is always one failed request.
    """
    tell = not args.full
    intended = {"authorizer": counted.denials} if args.denials_are_errors else {}
    yield from function_alarms(args.functions, args.duration_alarm_milliseconds, intended, tell=tell)
    yield from key_alarms(args.rotation, tell=tell)
    yield from task_alarms(args.worker, tell=tell)
    yield from tool_alarms(args.tools, tell=tell)
    yield server_error_alarm(args.api_name, args.stage_name, tell=tell)
    yield from table_alarms(args.table_name, tell=tell)
    yield audit_alarm(counted.unaudited)
    yield denials_alarm(counted.denials, args.authorizer_denials_alarm)
    yield from objective_alarms(counted.objectives) if counted.objectives else ()
    if counted.sign_ins:
        yield sign_in_alarm(counted.sign_ins)
    if counted.registrations:
        yield from registration_alarms(counted.registrations)


def _shown(args: MonitoringArgs, counted: _Counted, alarms: Sequence[Alarm | Composite], board: AlarmBoard) -> Shown:
    functions = {**args.functions, "rotation": args.rotation, "worker": args.worker, **args.tools}
    log_groups = [function.log_group_name for function in functions.values()]
    return Shown(
        api_name=args.api_name,
        stage_name=args.stage_name,
        table_name=args.table_name,
        functions=functions,
        log_group_names=[*log_groups, args.access_log_name, args.audit_log_name],
        access_log_name=args.access_log_name,
        denials=counted.denials,
        refused=counted.refused,
        unaudited=counted.unaudited,
        failures=[objective.bad for objective in counted.objectives if objective.quality == "availability"],
        slowness=[objective.bad for objective in counted.objectives if objective.quality == "latency"],
        visitors=[metric for metric in (counted.sign_ins, counted.registrations) if metric],
        telling=[board.arns[alarm.name] for alarm in alarms if alarm.tells],
        # A silent alarm that combines others shows nothing that they do not.
        silent=[board.arns[alarm.name] for alarm in alarms if isinstance(alarm, Alarm) and not alarm.tells],
    )


def _log_groups(functions: Mapping[str, Function]) -> dict[str, pulumi.Input[str]]:
    """Return the log groups of functions by the names of the functions."""
    return {key: function.log_group_name for key, function in functions.items()}
