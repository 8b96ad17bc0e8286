"""Runs the Pulumi program of this repository in Pulumi's own test runtime."""

import asyncio
import json
import logging
import runpy
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pulumi
import yaml
from pulumi.runtime.settings import get_root_resource, set_root_resource

from local.deployment import Deployment
from local.errors import LocalError
from local.report import say

ROOT = Path(__file__).resolve().parent.parent
STACK = "dev"


class _Messages(logging.Handler):
    """Shows what the program says through ``pulumi.log``."""

    def emit(self, record: logging.LogRecord) -> None:
        say(f"  {record.levelname.lower():<9} {record.getMessage()}")


def load_config(overrides: Mapping[str, str]) -> dict[str, str]:
    """The configuration of the stack ``dev``, as full keys and text, with ``overrides`` (short keys) on top.

    Raises LocalError for a value that was encrypted for the Pulumi CLI.
    """
    stack_file = f"Pulumi.{STACK}.yaml"
    settings = yaml.safe_load((ROOT / stack_file).read_text()) or {}
    config = {}
    for key, value in settings.get("config", {}).items():
        if isinstance(value, dict) and "secure" in value:
            raise LocalError(f"{key} in {stack_file} is encrypted for the Pulumi CLI; give it with --config instead")
        config[key] = value if isinstance(value, str) else json.dumps(value)
    project = project_name()
    return config | {key if ":" in key else f"{project}:{key}": value for key, value in overrides.items()}


def setting(config: Mapping[str, str], key: str) -> Any:
    """The text of a configuration key, its default where it is not set."""
    schema = json.loads((ROOT / "schemas" / "stack-config.json").read_bytes())
    return config.get(f"{project_name()}:{key}", schema["properties"][key]["default"])


def project_name() -> str:
    return str(yaml.safe_load((ROOT / "Pulumi.yaml").read_text())["name"])


def run(deployment: Deployment, config: Mapping[str, str]) -> dict[str, Any]:
    """Run the program against ``deployment`` and return the stack's exports. Raises LocalError when either fails."""
    logger = logging.getLogger("local.program")
    logger.handlers, logger.propagate = [_Messages()], False
    logger.setLevel(logging.INFO)
    # What is left of the event loop after a failure or an interruption is not for the user.
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)
    # A program that ran in this process before must not leave its exports among those of this one.
    set_root_resource(None)  # type: ignore[arg-type]  # None is what it starts with
    # Pulumi takes the thread's event loop. Python makes none by itself any more, and asyncio.run leaves none behind.
    asyncio.set_event_loop(asyncio.new_event_loop())
    pulumi.runtime.set_mocks(deployment, project=project_name(), stack=STACK, preview=False, logger=logger)
    pulumi.runtime.set_all_config(dict(config))
    exports: dict[str, Any] = {}

    def program() -> pulumi.Output[None]:
        runpy.run_path(str(ROOT / "__main__.py"), run_name="__main__")
        stack = get_root_resource()
        return pulumi.Output.from_input(dict(getattr(stack, "outputs", {}))).apply(exports.update)

    try:
        # It waits for all resources and raises what went wrong with any of them.
        pulumi.runtime.test(program)()  # type: ignore[no-untyped-call]
    except BaseException as error:
        failed_first = deployment.failure
        deployment.abandon()
        if failed_first or not isinstance(error, Exception):
            raise failed_first or error from error
        raise LocalError(_explain(error)) from error
    if deployment.failure:
        raise deployment.failure
    return exports


def _explain(error: Exception) -> str:
    """A failure of the program itself, with the place in this repository that it comes from."""
    if isinstance(error, pulumi.RunError):
        return str(error)
    places = [
        f"{Path(frame.filename).relative_to(ROOT)}:{frame.lineno}: "
        for frame in traceback.extract_tb(error.__traceback__)
        if Path(frame.filename).is_relative_to(ROOT)
        and Path(frame.filename).relative_to(ROOT).parts[0] not in {".venv", "local"}
    ]
    return f"the program failed: {places[-1] if places else ''}{type(error).__name__}: {error}"
