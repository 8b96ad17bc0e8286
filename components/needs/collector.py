"""Collects what a needs file says that a function needs."""

import difflib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import pulumi

from components.app.errors import NeedsError, UnknownMember, calling
from components.iam import Condition, Statement
from components.needs import checks
from components.needs.network import wrong_endpoints
from components.needs.secrets import AppSecrets, Existing
from components.needs.values import Told
from components.needs.wildcards import warn_of_wildcards
from components.vpc import Vpc

MOST_LAYERS = 5
Texts = str | pulumi.Output[str] | Sequence[pulumi.Input[str]]


class FunctionCollector:
    """What a function needs, as a needs file tells it. Each method raises ``NeedsError`` for what is not allowed."""

    # API Gateway waits for 29 seconds. What does not answer a request may take longer.
    longest_timeout = 900

    def __init__(self, file: Path, called: str, told: Told, secrets: AppSecrets) -> None:
        self._file = file
        self._called = called
        self._told = told
        self._secrets = secrets

    def allow(self, actions: str | Sequence[str], resources: Texts, condition: Condition | None = None) -> None:
        """Permit ``actions`` on ``resources``, which are ARNs, under a ``condition`` as IAM writes it.

        A wildcard for a whole service or for every resource is permitted, with a warning.
        """
        named = [actions] if isinstance(actions, str) else list(actions)
        found = [resources] if isinstance(resources, str | pulumi.Output) else list(resources)
        self._refuse("allow", "no action is named; name one, such as 's3:GetObject'" if not named else None)
        self._refuse("allow", "no resource is named; name its ARN" if not found else None)
        self._refuse("allow", *(checks.wrong_action(action) for action in named))
        self._refuse("allow", *(checks.wrong_text(resource) for resource in found))
        self._refuse("allow", checks.wrong_condition(condition) if condition is not None else None)
        warn_of_wildcards(f"{calling(self._file)}: {self._called}.allow", named, found)
        self._told.statements.append(Statement(actions=named, resources=found, condition=condition or {}))

    def environment(self, name: str, value: pulumi.Input[str]) -> None:
        """Set an environment variable. It is no place for a secret: whoever may look at the function sees it."""
        self._refuse("environment", checks.wrong_variable(name))
        self._refuse("environment", f"{name} is set twice" if name in self._told.environment else None)
        self._refuse("environment", f"{name} is a secret, too" if name in self._told.secrets else None)
        wrong = checks.wrong_text(value)
        self._refuse("environment", f"{name}: {wrong}" if wrong else None)
        self._told.environment[name] = value

    def secret(
        self,
        name: str,
        arn: pulumi.Input[str] | None = None,
        *,
        key: str | None = None,
        kms_key: pulumi.Input[str] | None = None,
    ) -> None:
        """Let the tools read a secret: one that the stack makes without a value, or the existing one with this ``arn``.

        ``python -m admin set-secret NAME`` gives a value to one that the stack makes. An existing one is a secret of
        Secrets Manager or a parameter of Systems Manager. ``key`` takes one member of the JSON object in it, and
        ``kms_key`` is the ARN of the KMS key that encrypts it, if that is not AWS's own.
        """
        self._refuse("secret", checks.wrong_secret(name), checks.wrong_secret_arn(arn) if arn is not None else None)
        self._refuse("secret", checks.wrong_secret_options(arn, key, kms_key))
        self._refuse("secret", f"{name} is named twice" if name in self._told.secrets else None)
        self._refuse("secret", f"{name} is a variable, too" if name in self._told.environment else None)
        existing = None if arn is None else Existing(arn, key, kms_key)
        self._refuse("secret", self._secrets.wrong(name, existing))
        secret = self._secrets.declare(name, existing)
        self._told.secrets[name] = secret.place
        self._told.statements.extend(secret.allow_reading)

    def network(
        self,
        *,
        subnet_ids: pulumi.Input[Sequence[pulumi.Input[str]]],
        security_group_ids: pulumi.Input[Sequence[pulumi.Input[str]]],
        endpoints: bool | Sequence[str] = False,
        route_table_ids: pulumi.Input[Sequence[pulumi.Input[str]]] = (),
        ipv6: bool = False,
    ) -> None:
        """Put the function into subnets of a VPC. From there it reaches only what the VPC has a route to.

        ``endpoints`` makes that for AWS services: for those that the functions call as far as the program knows, or for
        those that it names, such as ``["dynamodb", "rds-data"]``. Those of DynamoDB and S3 are routes in
        ``route_table_ids``. AWS bills the others by the hour, docs/vpc.md says how much.
        """
        self._refuse("network", wrong_endpoints(endpoints))
        vpc = Vpc(
            subnet_ids=subnet_ids,
            security_group_ids=security_group_ids,
            ipv6=ipv6,
            endpoints=endpoints,
            route_table_ids=route_table_ids,
        )
        self._set("network", "vpc", vpc)

    def layer(self, arn: pulumi.Input[str]) -> None:
        """Add a version of a Lambda layer, by its ARN. A function has five at most."""
        self._refuse("layer", checks.wrong_text(arn) or checks.wrong_layer(arn))
        self._refuse("layer", f"more than {MOST_LAYERS} layers" if len(self._told.layers) == MOST_LAYERS else None)
        self._told.layers.append(arn)

    def memory(self, megabytes: int) -> None:
        """Give the function this much memory, in MB. More memory also gives more processor time."""
        self._refuse("memory", checks.wrong_number(megabytes, 128, 10240))
        self._set("memory", "memory_size", megabytes)

    def timeout(self, seconds: int) -> None:
        """Let the function take this long for a call, in seconds."""
        self._refuse("timeout", checks.wrong_number(seconds, 1, self.longest_timeout))
        self._set("timeout", "timeout", seconds)

    def reserve_concurrency(self, instances: int) -> None:
        """Let this many instances run at the same time, and no other function of the account use them."""
        self._refuse("reserve_concurrency", checks.wrong_number(instances, 0, 100_000))
        self._set("reserve_concurrency", "reserved_concurrency", instances)

    def invoke(self, function_arn: pulumi.Input[str], environment: str | None = None) -> None:
        """Permit to invoke a Lambda function, which ``lambda_tool`` offers as a tool.

        With ``environment``, this variable has the ARN: the one that ``lambda_tool(environment=...)`` names. An ARN
        without a version or an alias permits to invoke none of these.
        """
        self._refuse("invoke", checks.wrong_text(function_arn))
        self._told.statements.append(Statement(actions=["lambda:InvokeFunction"], resources=[function_arn]))
        if environment is not None:
            self.environment(environment, function_arn)

    def _set(self, member: str, name: str, value: Any) -> None:
        """Set an argument of ``FunctionNeeds`` that can be set once."""
        self._refuse(member, "it is set twice" if name in self._told.single else None)
        self._told.single[name] = value

    def _refuse(self, member: str, *problems: str | None) -> None:
        """Raise ``NeedsError`` for the first of the problems."""
        for problem in problems:
            if problem is not None:
                raise NeedsError(f"{calling(self._file)}: {self._called}.{member}: {problem}")

    if not TYPE_CHECKING:
        # A type checker shall go on to report what there is not.
        def __getattr__(self, member: str) -> NoReturn:
            if member.startswith("_"):
                raise AttributeError(member)
            members = [name for name in dir(self) if not name.startswith("_")]
            near = difflib.get_close_matches(member, members, n=1)
            hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(members)}"
            raise UnknownMember(f"{calling(self._file)}: {self._called}.{member}: there is no such member; {hint}")
