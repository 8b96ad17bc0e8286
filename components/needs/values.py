"""What functions need, as plain values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pulumi

from components.iam import Statement
from components.needs.secrets import Place
from components.vpc import Vpc

# The variable that tells a function where its secrets are: a JSON object that maps names to places.
SECRETS = "SECRETS"


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionNeeds:
    """What one function needs. ``memory_size`` is in MB, ``timeout`` in seconds; ``None`` leaves it to the stack.

    ``statements`` are all its permissions, also those to read its secrets. ``secrets`` maps names to places.
    """

    statements: Sequence[Statement] = ()
    environment: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)
    secrets: Mapping[str, Place] = field(default_factory=dict)
    vpc: Vpc | None = None
    layers: Sequence[pulumi.Input[str]] = ()
    memory_size: int | None = None
    timeout: int | None = None
    reserved_concurrency: int | None = None
    provisioned_concurrency: int | None = None

    @property
    def variables(self) -> Mapping[str, pulumi.Input[str]]:
        """The environment of the function, with the places of its secrets if it has any."""
        if not self.secrets:
            return self.environment
        return {**self.environment, SECRETS: pulumi.Output.json_dumps(dict(self.secrets))}


@dataclass(frozen=True, slots=True, kw_only=True)
class AppNeeds(FunctionNeeds):
    """What the functions that run the tools of an app need, and, by their names, its functions of their own.

    ``made_secrets`` are the ARNs of the secrets that the stack makes, by their names. Nobody has set their values.
    """

    functions: Mapping[str, FunctionNeeds] = field(default_factory=dict)
    made_secrets: Mapping[str, pulumi.Output[str]] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class Told:
    """What a needs file has told about one function so far."""

    statements: list[Statement] = field(default_factory=list)
    environment: dict[str, pulumi.Input[str]] = field(default_factory=dict)
    secrets: dict[str, Place] = field(default_factory=dict)
    layers: list[pulumi.Input[str]] = field(default_factory=list)
    # What can be told once: the other arguments of FunctionNeeds.
    single: dict[str, Any] = field(default_factory=dict)
    functions: dict[str, "Told"] = field(default_factory=dict)

    def function_needs(self) -> FunctionNeeds:
        """Return what the function needs."""
        return FunctionNeeds(**self._members())

    def app_needs(self, made_secrets: Mapping[str, pulumi.Output[str]]) -> AppNeeds:
        """Return what the app needs, with its functions of their own and the secrets that the stack makes."""
        functions = {name: told.function_needs() for name, told in self.functions.items()}
        return AppNeeds(**self._members(), functions=functions, made_secrets=made_secrets)

    def _members(self) -> dict[str, Any]:
        return {
            "statements": tuple(self.statements),
            "environment": dict(self.environment),
            "secrets": dict(self.secrets),
            "layers": tuple(self.layers),
            **self.single,
        }
