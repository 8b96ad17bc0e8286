"""Runs needs files by themselves, without the rest of the program."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pulumi
from pulumi.runtime import mocks
from pulumi.runtime.settings import set_root_resource

from components.encryption import Encryption
from components.location import Location, Place
from components.needs.reading import NeedsArgs, declare_needs
from components.needs.values import AppNeeds
from tests.infra.recorder import Declaration, Recorder

IMPORTS = "import pulumi\nimport pulumi_aws as aws\n\n\ndef declare(needs):\n"


class _Messages(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.texts.append(record.getMessage())


@dataclass(frozen=True)
class Run:
    """What a needs file told, what it declared, and what it was warned of."""

    needs: AppNeeds
    declared: tuple[Declaration, ...]
    warnings: tuple[str, ...]
    outputs: Mapping[str, Any]


def run_file(
    folder: Path,
    *lines: str,
    config: Mapping[str, Any] | None = None,
    preview: bool = False,
    text: str | None = None,
) -> Run:
    """Run a needs file whose ``declare`` has these lines, the first of which is line 6, or that has this ``text``.

    ``outputs`` are the environment, and in ``statements`` the documents of the statements, as far as they are known.
    """
    file = folder / "needs.py"
    file.write_text(IMPORTS + "".join(f"    {line}\n" for line in lines) if text is None else text)
    recorder, messages = Recorder(preview), _Messages()
    told: list[AppNeeds] = []
    outputs: dict[str, Any] = {}
    logger = logging.Logger("needs")  # noqa: LOG001  # of this run alone
    logger.addHandler(messages)
    set_root_resource(None)  # type: ignore[arg-type]  # None is what it starts with
    pulumi.runtime.set_mocks(recorder, project="remote-mcp", stack="dev", preview=preview, logger=logger)

    def program() -> pulumi.Output[None]:
        location = Location.of(Place())
        args = NeedsArgs(
            file=file,
            config=config or {},
            prefix="remote-mcp-dev",
            tags={"project": "remote-mcp", "stack": "dev"},
            location=location,
            encryption=Encryption(None, location),
            deletion_protection=False,
        )
        needs = declare_needs(args, pulumi.ResourceOptions())
        told.append(needs)
        statements = [statement.document() for statement in needs.statements]
        return pulumi.Output.all(statements=statements, **needs.variables).apply(outputs.update)

    mocks.test(program)()  # type: ignore[no-untyped-call]
    return Run(told[0], tuple(recorder.declared), tuple(messages.texts), outputs)
