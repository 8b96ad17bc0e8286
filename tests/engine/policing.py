"""The policy pack under the real engine."""

import shlex
from dataclasses import dataclass, field
from pathlib import Path

from pulumi import automation as auto

from local.program import ROOT

PACK = ROOT / "policy"
PYTHON = PACK / ".venv" / "bin" / "python"


def write_starter(directory: Path) -> Path:
    """Write an executable that starts the pack as Pulumi's host of Python does, since there may be no such host here.

    The engine runs a file that is given as a policy pack, with its own address as the argument.
    """
    assert PYTHON.exists(), "run make engine, which installs the packages of the policy pack"
    starter = directory / "pack"
    starter.write_text(
        f'#!/bin/sh\nexec {shlex.quote(str(PYTHON))} -u -m pulumi.policy "$@" {shlex.quote(str(PACK))}\n'
    )
    starter.chmod(0o755)
    return starter


@dataclass
class Reported:
    """What the engine reports while it runs: rule and name of the resource by the level, and the texts."""

    advisory: set[tuple[str, str]] = field(default_factory=set)
    mandatory: set[tuple[str, str]] = field(default_factory=set)
    messages: list[str] = field(default_factory=list)

    def add(self, event: auto.EngineEvent) -> None:
        """Take note of a broken rule."""
        policy = event.policy_event
        if policy:
            level = self.mandatory if policy.enforcement_level == "mandatory" else self.advisory
            level.add((policy.policy_name, str(policy.resource_urn).rpartition("::")[2]))
            self.messages.append(policy.message)


@dataclass(frozen=True)
class Policed:
    """A stack whose operations obey the pack."""

    stack: auto.Stack
    starter: Path

    def preview(self, reported: Reported, configuration: Path | None = None) -> None:
        """Preview the stack. Raise ``CommandError`` if a mandatory rule is broken."""
        configurations = [str(configuration)] if configuration else None
        self.stack.preview(policy_packs=[str(self.starter)], policy_pack_configs=configurations, on_event=reported.add)

    def up(self, reported: Reported, configuration: Path | None = None) -> None:
        """Deploy the stack. Raise ``CommandError`` at the first mandatory rule that is broken."""
        configurations = [str(configuration)] if configuration else None
        self.stack.up(policy_packs=[str(self.starter)], policy_pack_configs=configurations, on_event=reported.add)
