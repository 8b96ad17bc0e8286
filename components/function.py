"""A Lambda function as this project makes them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi
import pulumi_aws as aws

from components.iam import Statement, policy, trust
from components.packaging.archive import Packager

# X-Ray knows no resources: both actions accept nothing but "*".
TRACING = Statement(actions=["xray:PutTraceSegments", "xray:PutTelemetryRecords"], resources=["*"])


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionSettings:
    """What all functions of a stack share. ``memory_size`` is in MB, ``timeout`` in seconds."""

    packager: Packager
    memory_size: int
    timeout: int
    log_level: str
    log_retention_days: int
    tags: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionArgs:
    """What one function is: where it starts, what it is told, and the only things it is allowed.

    ``data`` names folders that its code reads beside what it imports, ``modules`` what it imports by a name that it is
    told. ``timeout`` is in seconds, that of ``settings`` when not given. A function that is invoked asynchronously has
    ``queue_seconds``: how long an invocation may wait to start. It is made once, whatever becomes of it.
    """

    settings: FunctionSettings
    description: str
    handler: str
    environment: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)
    allow: Sequence[Statement] = ()
    data: Sequence[str] = ()
    modules: Sequence[str] = ()
    timeout: int | None = None
    queue_seconds: int | None = None


class Function(pulumi.ComponentResource):
    """A Lambda function with a role of its own, a log group with retention, JSON logs and X-Ray traces."""

    name: pulumi.Output[str]
    arn: pulumi.Output[str]
    invoke_arn: pulumi.Output[str]
    log_group_name: pulumi.Output[str]
    timeout: int
    allow_invoking: Statement

    def __init__(self, name: str, args: FunctionArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("remote-mcp:aws:Function", name, {}, opts)
        settings = args.settings
        self.timeout = args.timeout or settings.timeout
        log_group = aws.cloudwatch.LogGroup(
            f"{name}-logs",
            retention_in_days=settings.log_retention_days,
            tags=settings.tags,
            opts=pulumi.ResourceOptions(parent=self),
        )
        function = self._function(name, args, log_group)
        self.name = function.name
        self.arn = function.arn
        self.invoke_arn = function.invoke_arn
        self.log_group_name = log_group.name
        self.allow_invoking = Statement(actions=["lambda:InvokeFunction"], resources=[function.arn])
        if args.queue_seconds is not None:
            self._queue(name, args.queue_seconds)
        self.register_outputs({"name": self.name, "arn": self.arn, "log_group_name": self.log_group_name})

    def _function(self, name: str, args: FunctionArgs, log_group: aws.cloudwatch.LogGroup) -> aws.lambda_.Function:
        settings = args.settings
        role, role_policy = self._role(name, settings.tags, [_logging(log_group), TRACING, *args.allow])
        return aws.lambda_.Function(
            name,
            description=args.description,
            role=role.arn,
            runtime=settings.packager.target.runtime,
            architectures=[settings.packager.target.architecture],
            handler=args.handler,
            code=_code(args),
            memory_size=settings.memory_size,
            timeout=self.timeout,
            environment=aws.lambda_.FunctionEnvironmentArgs(
                variables={"LOG_LEVEL": settings.log_level, **args.environment}
            ),
            logging_config=aws.lambda_.FunctionLoggingConfigArgs(
                log_format="JSON",
                # The code keeps to LOG_LEVEL itself. Lambda would take Python's WARNING and CRITICAL, names it does not
                # know, for INFO; so its own filter must never be the stricter one.
                application_log_level="DEBUG" if settings.log_level == "DEBUG" else "INFO",
                log_group=log_group.name,
            ),
            tracing_config=aws.lambda_.FunctionTracingConfigArgs(mode="Active"),
            tags=settings.tags,
            # Its first invocation may follow at once, so its permissions come first.
            opts=pulumi.ResourceOptions(parent=self, depends_on=[role_policy]),
        )

    def _queue(self, name: str, seconds: int) -> None:
        """Say how asynchronous invocations wait. Unsaid, they wait for 6 hours and are made 3 times when they fail."""
        aws.lambda_.FunctionEventInvokeConfig(
            f"{name}-queue",
            function_name=self.name,
            maximum_event_age_in_seconds=seconds,
            maximum_retry_attempts=0,
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _role(
        self, name: str, tags: Mapping[str, str], allow: Sequence[Statement]
    ) -> tuple[aws.iam.Role, aws.iam.RolePolicy]:
        child = pulumi.ResourceOptions(parent=self)
        role = aws.iam.Role(f"{name}-role", assume_role_policy=trust("lambda.amazonaws.com"), tags=tags, opts=child)
        return role, aws.iam.RolePolicy(f"{name}-policy", role=role.name, policy=policy(*allow), opts=child)


def _code(args: FunctionArgs) -> pulumi.FileArchive:
    module = args.handler.rpartition(".")[0]
    return pulumi.FileArchive(str(args.settings.packager.build(module, args.data, args.modules)))


def _logging(log_group: aws.cloudwatch.LogGroup) -> Statement:
    return Statement(
        actions=["logs:CreateLogStream", "logs:PutLogEvents"], resources=[pulumi.Output.concat(log_group.arn, ":*")]
    )
