"""A Lambda function with its role, log group and archive."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi
import pulumi_aws as aws

from components.encryption import WRITE, Encryption
from components.iam import Statement, policy
from components.limits import fit_environment, fit_policy
from components.packaging.archive import Packager
from components.role import RoleSettings, declare_role
from components.vpc import JOINING, Vpc
from runtime.deployment import LIVE

# X-Ray has no resources: both actions accept only "*".
TRACING = Statement(actions=["xray:PutTraceSegments", "xray:PutTelemetryRecords"], resources=["*"])


# What the command ``release`` changes of an alias. The first deployment sets it: there is but one version then.
MOVED_BY_RELEASE = ["functionVersion", "routingConfig", "description"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionSettings:
    """The settings that all functions of a stack share. ``memory_size`` is in MB, ``timeout`` in seconds.

    With ``canary``, ``python -m admin release`` moves the alias of a function, and the program only creates it.
    """

    packager: Packager
    memory_size: int
    timeout: int
    log_level: str
    log_retention_days: int
    encryption: Encryption
    tracing: bool
    canary: bool
    roles: RoleSettings
    tags: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionArgs:
    """The handler, environment and permissions of one function.

    ``data`` names folders and files that its code reads. ``modules`` names modules that it imports by a name from its
    environment. ``timeout`` is in seconds and defaults to the one of ``settings``. ``queue_seconds`` is for functions
    that are invoked asynchronously: how long an invocation may wait to start. Lambda does not retry it.
    ``reserved_concurrency`` is how many instances may run at the same time, which no other function can take; ``None``
    leaves the function to what the account has. ``provisioned_concurrency`` is how many instances of the version that
    serves Lambda keeps initialized. ``memory_size`` is in MB and defaults to the one of ``settings``. ``layers`` are
    the ARNs of versions of Lambda layers, and ``vpc`` is the network that the function joins, if it joins one.
    ``generated`` are files of its archive that are nowhere else.
    ``app_environment`` is what the tools add to the environment.
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
    reserved_concurrency: int | None = None
    provisioned_concurrency: int | None = None
    memory_size: int | None = None
    app_environment: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)
    layers: Sequence[pulumi.Input[str]] = ()
    vpc: Vpc | None = None
    generated: Mapping[str, bytes] = field(default_factory=dict)


class Function(pulumi.ComponentResource):
    """A Lambda function with its own role, a log group with retention, JSON logs and, if asked for, X-Ray traces.

    Each change of its code or configuration publishes a version. The alias ``live`` moves to it, at once or with the
    command ``release``. Callers use only the alias: ``arn`` and ``invoke_arn`` are those of the alias, and
    ``qualifier`` and ``qualified_name`` name it.
    """

    name: pulumi.Output[str]
    qualifier: pulumi.Output[str]
    qualified_name: pulumi.Output[str]
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
            kms_key_id=settings.encryption.key_arn,
            tags=settings.tags,
            opts=pulumi.ResourceOptions(parent=self),
        )
        function = self._declare_function(name, args, log_group)
        alias = self._declare_alias(name, function, canary=settings.canary)
        self.name = function.name
        self.qualifier = alias.name
        self.qualified_name = pulumi.Output.concat(function.name, ":", alias.name)
        self.arn = alias.arn
        self.invoke_arn = alias.invoke_arn
        self.log_group_name = log_group.name
        self.allow_invoking = Statement(actions=["lambda:InvokeFunction"], resources=[alias.arn])
        if args.queue_seconds is not None:
            self._limit_queue(name, args.queue_seconds)
        if args.provisioned_concurrency is not None:
            self._keep_initialized(name, args.provisioned_concurrency)
        self.register_outputs({"name": self.name, "arn": self.arn, "log_group_name": self.log_group_name})

    def _declare_function(
        self, name: str, args: FunctionArgs, log_group: aws.cloudwatch.LogGroup
    ) -> aws.lambda_.Function:
        settings = args.settings
        role, role_policy = self._declare_role(
            name,
            settings.roles,
            [
                *_allow_logging(log_group, settings.encryption),
                *_allow_tracing(settings),
                *_allow_joining(args.vpc),
                *args.allow,
            ],
        )
        return aws.lambda_.Function(
            name,
            description=args.description,
            role=role.arn,
            runtime=settings.packager.target.runtime,
            architectures=[settings.packager.target.architecture],
            handler=args.handler,
            code=_build_archive(args),
            publish=True,
            reserved_concurrent_executions=args.reserved_concurrency,
            memory_size=args.memory_size or settings.memory_size,
            timeout=self.timeout,
            environment=aws.lambda_.FunctionEnvironmentArgs(
                variables=fit_environment(
                    name, {"LOG_LEVEL": settings.log_level, **args.environment}, args.app_environment
                )
            ),
            logging_config=aws.lambda_.FunctionLoggingConfigArgs(
                log_format="JSON",
                # The code obeys LOG_LEVEL itself. Lambda does not know Python's WARNING and CRITICAL. It treats them as
                # INFO, so its filter must never be stricter.
                application_log_level="DEBUG" if settings.log_level == "DEBUG" else "INFO",
                log_group=log_group.name,
            ),
            tracing_config=aws.lambda_.FunctionTracingConfigArgs(
                # What calls the function decides in "PassThrough"; without tracing, nothing does.
                mode="Active" if settings.tracing else "PassThrough"
            ),
            layers=args.layers or None,
            vpc_config=args.vpc.config if args.vpc else None,
            tags=settings.tags,
            # The first invocation may follow at once, so the permissions and the routes must exist.
            opts=pulumi.ResourceOptions(parent=self, depends_on=[role_policy, *(args.vpc.routes if args.vpc else ())]),
        )

    def _declare_alias(self, name: str, function: aws.lambda_.Function, *, canary: bool) -> aws.lambda_.Alias:
        return aws.lambda_.Alias(
            f"{name}-{LIVE}",
            name=LIVE,
            function_name=function.name,
            function_version=function.version,
            opts=pulumi.ResourceOptions(parent=self, ignore_changes=MOVED_BY_RELEASE if canary else []),
        )

    def _keep_initialized(self, name: str, instances: int) -> None:
        """Keep instances of the version that the alias names. They follow the alias to the next version."""
        aws.lambda_.ProvisionedConcurrencyConfig(
            f"{name}-provisioned",
            function_name=self.name,
            qualifier=self.qualifier,
            provisioned_concurrent_executions=instances,
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _limit_queue(self, name: str, seconds: int) -> None:
        """Limit how long asynchronous invocations wait, without retries. AWS defaults to 6 hours and 3 attempts."""
        aws.lambda_.FunctionEventInvokeConfig(
            f"{name}-queue",
            function_name=self.name,
            qualifier=self.qualifier,
            maximum_event_age_in_seconds=seconds,
            maximum_retry_attempts=0,
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _declare_role(
        self, name: str, settings: RoleSettings, allow: Sequence[Statement]
    ) -> tuple[aws.iam.Role, aws.iam.RolePolicy]:
        child = pulumi.ResourceOptions(parent=self)
        # Named like its function: a longer name would leave less room for the names of project and stack.
        role = declare_role(name, "lambda.amazonaws.com", settings, child)
        return role, aws.iam.RolePolicy(
            f"{name}-policy", role=role.name, policy=fit_policy(name, policy(*allow)), opts=child
        )


def _build_archive(args: FunctionArgs) -> pulumi.FileArchive:
    module = args.handler.rpartition(".")[0]
    return pulumi.FileArchive(str(args.settings.packager.build(module, args.data, args.modules, args.generated)))


def _allow_tracing(settings: FunctionSettings) -> list[Statement]:
    return [TRACING] if settings.tracing else []


def _allow_joining(vpc: Vpc | None) -> Sequence[Statement]:
    return JOINING if vpc else ()


def _allow_logging(log_group: aws.cloudwatch.LogGroup, encryption: Encryption) -> list[Statement]:
    return [
        Statement(
            actions=["logs:CreateLogStream", "logs:PutLogEvents"],
            resources=[pulumi.Output.concat(log_group.arn, ":*")],
        ),
        *encryption.allow(WRITE, "logs", "aws:logs:arn", [log_group.arn]),
    ]
