"""Alarms, their SNS topic, and a dashboard."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.dashboard import dashboard_body
from components.function import Function
from components.iam import Statement, policy
from components.location import Location
from components.metrics import PERIOD_SECONDS, Metric, api_metric, function_metric, table_metric

# Invocations that waited too long or failed. Lambda does not retry them.
DROPPED = "AsyncEventsDropped"
# The authorizer logs one such JSON line for every token it denies.
DENIED = '{ $.outcome = "denied" }'
# The access log has one such JSON line for every request that is refused at the MCP endpoint. The gateway refuses it if
# the token is missing or its cached decision says so; the mcp function refuses it if a scope is missing.
REFUSED = '{ ($.route = "/mcp") && (($.status = "401") || ($.status = "403")) }'
# A function logs one such JSON line for every event that the audit log did not accept.
UNAUDITED = '{ $.message = "audit event not delivered" }'
ABOVE = "GreaterThanThreshold"
# The share of its timeout after which the worker counts as slow: it is about to be stopped.
NEARLY_ALL = 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitoringArgs:
    """The arguments of ``Monitoring``.

    ``functions`` answer requests, including the authorizer; their keys are the names in alarms. ``worker`` is invoked
    asynchronously. ``auditing`` are the functions that write to the audit log.
    """

    location: Location
    functions: Mapping[str, Function]
    authorizer: Function
    worker: Function
    auditing: Mapping[str, Function]
    api_name: pulumi.Input[str]
    stage_name: pulumi.Input[str]
    access_log_name: pulumi.Input[str]
    table_name: pulumi.Input[str]
    alarm_email: str | None
    duration_alarm_milliseconds: int
    authorizer_denials_alarm: int
    tags: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Alarm:
    """An alarm that rings when ``metric`` reaches or exceeds ``threshold``, as ``comparison`` says."""

    name: str
    description: str
    metric: Metric
    threshold: float = 1
    comparison: str = "GreaterThanOrEqualToThreshold"


class Monitoring(pulumi.ComponentResource):
    """A dashboard, and alarms on errors, throttling, slowness and denied tokens that go to one SNS topic."""

    topic_arn: pulumi.Output[str]
    dashboard_url: pulumi.Output[str]

    def __init__(self, name: str, args: MonitoringArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("remote-mcp:aws:Monitoring", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        denials = _declare_counter(
            f"{name}-authorizer-denials", DENIED, _log_groups({"authorizer": args.authorizer}), child
        )
        refused = _declare_counter(f"{name}-mcp-denials", REFUSED, {"access": args.access_log_name}, child)
        unaudited = _declare_counter(f"{name}-audit", UNAUDITED, _log_groups(args.auditing), child)
        self.topic_arn = _declare_topic(name, args, child)
        for alarm in _alarms(args, denials, unaudited):
            _declare_alarm(name, alarm, self.topic_arn, args.tags, child)
        dashboard = aws.cloudwatch.Dashboard(
            f"{name}-dashboard",
            dashboard_name=name,
            dashboard_body=dashboard_body(_charts(args, denials, refused, unaudited), args.location.region),
            opts=child,
        )
        self.dashboard_url = pulumi.Output.format(
            "{0}/cloudwatch/home?region={1}#dashboards/dashboard/{2}",
            args.location.console,
            args.location.region,
            dashboard.dashboard_name,
        )
        self.register_outputs({"topic_arn": self.topic_arn, "dashboard_url": self.dashboard_url})


def _declare_topic(name: str, args: MonitoringArgs, opts: pulumi.ResourceOptions) -> pulumi.Output[str]:
    """Declare a topic that only the alarms of this account and region can publish to.

    It is not encrypted with KMS: alarms cannot publish to a topic with the AWS managed key, and the names of alarms
    are not secret.
    """
    topic = aws.sns.Topic(f"{name}-alarms", tags=args.tags, opts=opts)
    publish = Statement(
        actions=["sns:Publish"],
        resources=[topic.arn],
        service="cloudwatch.amazonaws.com",
        condition={
            "StringEquals": {"aws:SourceAccount": args.location.account_id},
            "ArnLike": {"aws:SourceArn": args.location.arn("cloudwatch", "alarm:*")},
        },
    )
    aws.sns.TopicPolicy(f"{name}-alarms-policy", arn=topic.arn, policy=policy(publish), opts=opts)
    if args.alarm_email:
        aws.sns.TopicSubscription(
            f"{name}-alarms-email", topic=topic.arn, protocol="email", endpoint=args.alarm_email, opts=opts
        )
    return topic.arn


def _log_groups(functions: Mapping[str, Function]) -> dict[str, pulumi.Input[str]]:
    """Return the log groups of functions by the names of the functions."""
    return {key: function.log_group_name for key, function in functions.items()}


def _declare_counter(
    name: str, pattern: str, log_groups: Mapping[str, pulumi.Input[str]], opts: pulumi.ResourceOptions
) -> Metric:
    """Declare a metric that counts the lines of log groups that match a pattern."""
    metric = Metric("RemoteMcp", name, {})
    for key, log_group_name in log_groups.items():
        aws.cloudwatch.LogMetricFilter(
            f"{name}-{key}",
            log_group_name=log_group_name,
            pattern=pattern,
            metric_transformation=aws.cloudwatch.LogMetricFilterMetricTransformationArgs(
                namespace=metric.namespace, name=metric.name, value="1", unit="Count"
            ),
            opts=opts,
        )
    return metric


def _function_alarms(key: str, function: Function, slow: int) -> Iterator[Alarm]:
    """Return the alarms of one function. ``slow`` is in milliseconds."""
    yield Alarm(f"{key}-errors", f"The {key} function failed.", function_metric("Errors", function.name))
    yield Alarm(f"{key}-throttles", f"The {key} function was throttled.", function_metric("Throttles", function.name))
    yield Alarm(
        f"{key}-duration",
        f"The slowest 1% of the {key} function's runs took more than {slow} ms.",
        function_metric("Duration", function.name, "p99"),
        slow,
        ABOVE,
    )


def _alarms(args: MonitoringArgs, denials: Metric, unaudited: Metric) -> Iterator[Alarm]:
    for key, function in args.functions.items():
        yield from _function_alarms(key, function, args.duration_alarm_milliseconds)
    yield from _function_alarms("worker", args.worker, round(args.worker.timeout * 1000 * NEARLY_ALL))
    yield Alarm("worker-drops", "A task was never run, or not to its end.", function_metric(DROPPED, args.worker.name))
    yield Alarm(
        "api-5xx", "The API answered with a server error.", api_metric("5XXError", args.api_name, args.stage_name)
    )
    for kind in ("Read", "Write"):
        yield Alarm(
            f"table-{kind.lower()}-throttles",
            f"{kind}s of the table were throttled.",
            table_metric(f"{kind}ThrottleEvents", args.table_name),
        )
    yield Alarm("audit", "A security event is in a function's own log, and not in the audit log.", unaudited)
    yield Alarm(
        "authorizer-denials",
        f"The authorizer denied more than {args.authorizer_denials_alarm} tokens in 5 minutes.",
        denials,
        args.authorizer_denials_alarm,
        ABOVE,
    )


def _declare_alarm(
    name: str, alarm: Alarm, topic_arn: pulumi.Output[str], tags: Mapping[str, str], opts: pulumi.ResourceOptions
) -> None:
    metric = alarm.metric
    percentile = metric.statistic.startswith("p")
    aws.cloudwatch.MetricAlarm(
        f"{name}-{alarm.name}",
        alarm_description=alarm.description,
        namespace=metric.namespace,
        metric_name=metric.name,
        dimensions=metric.dimensions,
        statistic=None if percentile else metric.statistic,
        extended_statistic=metric.statistic if percentile else None,
        period=PERIOD_SECONDS,
        evaluation_periods=1,
        comparison_operator=alarm.comparison,
        threshold=alarm.threshold,
        treat_missing_data="notBreaching",
        # A percentile of a few calls is that of the slowest one.
        evaluate_low_sample_count_percentiles="ignore" if percentile else None,
        alarm_actions=[topic_arn],
        tags=tags,
        opts=opts,
    )


def _charts(args: MonitoringArgs, denials: Metric, refused: Metric, unaudited: Metric) -> dict[str, Sequence[Metric]]:
    names = [function.name for function in (*args.functions.values(), args.worker)]
    api = (args.api_name, args.stage_name)
    return {
        "Requests and error responses": [api_metric(name, *api) for name in ("Count", "4XXError", "5XXError")],
        "Latency of the API (ms)": [api_metric("Latency", *api, statistic) for statistic in ("p50", "p99")],
        "Denied tokens": [denials],
        "Requests turned away at the MCP endpoint (401, 403)": [refused],
        "Security events missing from the audit log": [unaudited],
        "Invocations": [function_metric("Invocations", name) for name in names],
        "Errors and throttles": [function_metric(kind, name) for name in names for kind in ("Errors", "Throttles")],
        "99th percentile of duration (ms)": [function_metric("Duration", name, "p99") for name in names],
        "Dropped tasks": [function_metric(DROPPED, args.worker.name)],
        "Consumed capacity of the table": [
            table_metric(f"Consumed{kind}CapacityUnits", args.table_name) for kind in ("Read", "Write")
        ],
        "Throttled requests to the table": [
            table_metric(f"{kind}ThrottleEvents", args.table_name) for kind in ("Read", "Write")
        ],
    }
