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
from pulumi.runtime import mocks
from pulumi.runtime.settings import get_root_resource, set_root_resource

from local.deployment import Deployment
from local.edge.settings import NONE
from local.errors import LocalError
from local.report import say

ROOT = Path(__file__).resolve().parent.parent
STACK = "dev"
# The types of this project's components start so, and this one has what an app declares.
COMPONENTS, APP = "remote-mcp:", "remote-mcp:aws:App"


class _Messages(logging.Handler):
    """Prints the messages that the program sends to ``pulumi.log``."""

    def emit(self, record: logging.LogRecord) -> None:
        say(f"  {record.levelname.lower():<9} {record.getMessage()}")


class _Monitor(mocks.MockMonitor):
    """Tells a deployment what Pulumi's mocks do not see.

    These are the changes of a resource that the program ignores, and the resources that are the app's own: those
    outside of this project's components, or in the one for them.
    """

    def __init__(self, deployment: Deployment) -> None:
        super().__init__(deployment)
        self._ignored = deployment.ignored
        self._own = deployment.left_out.own
        self._inside: set[str] = set()

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802  # the name is Pulumi's
        self._ignored[request.type, request.name] = tuple(request.ignoreChanges)
        is_inside = request.type.startswith(COMPONENTS) or request.parent in self._inside
        if is_inside and request.type != APP:
            self._inside.add(self.make_urn(request.parent, request.type, request.name))
        else:
            self._own.add((request.type, request.name))
        return super().RegisterResource(request)  # type: ignore[no-untyped-call]


def load_config(overrides: Mapping[str, str], settings: Mapping[str, Any] | None = None) -> dict[str, str]:
    """Return the configuration as full keys and texts. ``overrides`` have short keys and win.

    ``settings`` have full keys, and default to those of the stack ``dev``. Raise LocalError for a value that is
    encrypted for the Pulumi CLI.
    """
    stated = with_namespace(overrides)
    config = {}
    for key, value in (read_stack_file(STACK) if settings is None else settings).items():
        if key.rpartition(".")[0] in stated:
            # It sets a member of an object that is replaced as a whole.
            continue
        if isinstance(value, dict) and "secure" in value:
            stack_file = f"Pulumi.{STACK}.yaml"
            raise LocalError(f"{key} in {stack_file} is encrypted for the Pulumi CLI; set it with --config instead")
        config[key] = value if isinstance(value, str) else json.dumps(value)
    return config | stated


def read_stack_file(stack: str) -> dict[str, Any]:
    """Return the settings of ``Pulumi.<stack>.yaml`` by their full keys, with the values that YAML gives them."""
    return read_settings(ROOT / f"Pulumi.{stack}.yaml")


def read_settings(stack_file: Path) -> dict[str, Any]:
    """Return the settings of a stack's file by their full keys."""
    settings = yaml.safe_load(stack_file.read_text()) or {}
    return with_namespace(settings.get("config") or {})


def with_namespace(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings by their full keys: a key without a namespace is one of the project, as for the CLI."""
    project = project_name()
    return {key if ":" in key else f"{project}:{key}": value for key, value in settings.items()}


def setting(config: Mapping[str, str], key: str) -> Any:
    """Return the text of a configuration key, or its default."""
    schema = json.loads((ROOT / "schemas" / "stack-config.json").read_bytes())
    return config.get(f"{project_name()}:{key}", schema["properties"][key]["default"])


def public_url(config: Mapping[str, str]) -> str:
    """Return the URL at which clients find the stack. Without an edge, the stage is the first segment of its path."""
    root = str(setting(config, "publicUrl"))
    return f"{root}/{setting(config, 'stageName') or STACK}" if setting(config, "edge") == NONE else root


def project_name() -> str:
    return str(yaml.safe_load((ROOT / "Pulumi.yaml").read_text())["name"])


def run(deployment: Deployment, config: Mapping[str, str]) -> dict[str, Any]:
    """Run the program against ``deployment`` and return the outputs of the stack. Raise LocalError if either fails."""
    logger = logging.getLogger("local.program")
    logger.handlers, logger.propagate = [_Messages()], False
    logger.setLevel(logging.INFO)
    # Messages of the event loop after a failure or an interruption do not help the user.
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)
    # Remove the outputs of a program that ran in this process before.
    set_root_resource(None)  # type: ignore[arg-type]  # None is what it starts with
    # Pulumi uses the event loop of the thread. Python no longer creates one, and asyncio.run leaves none.
    asyncio.set_event_loop(asyncio.new_event_loop())
    monitor = _Monitor(deployment)
    pulumi.runtime.set_mocks(
        deployment, project=project_name(), stack=STACK, preview=False, logger=logger, monitor=monitor
    )
    pulumi.runtime.set_all_config(dict(config))
    _note_classes(deployment)
    exports: dict[str, Any] = {}

    def program() -> pulumi.Output[None]:
        runpy.run_path(str(ROOT / "program.py"), run_name="__main__")
        stack = get_root_resource()
        return pulumi.Output.from_input(dict(getattr(stack, "outputs", {}))).apply(exports.update)

    try:
        # It waits for all resources and raises the error of any of them.
        pulumi.runtime.test(program)()  # type: ignore[no-untyped-call]
    except BaseException as error:
        failed_first = deployment.failure
        deployment.abandon()
        if failed_first or not isinstance(error, Exception):
            raise failed_first or error from error
        raise LocalError("\n".join([_explain(error), *_may_explain(deployment)])) from error
    if deployment.failure:
        raise deployment.failure
    return exports


def _note_classes(deployment: Deployment) -> None:
    """Note the Python class of each resource. It says which outputs one has that is left out."""
    classes = deployment.left_out.classes

    def note(resource: pulumi.ResourceTransformationArgs) -> None:
        classes[resource.type_, resource.name] = type(resource.resource)

    pulumi.runtime.register_stack_transformation(note)


def _may_explain(deployment: Deployment) -> list[str]:
    """Return a line for each resource whose stand-in for an output a program may fail on."""
    return [f"Left out, which may be the reason: {line}" for line in deployment.left_out.lines()]


def _explain(error: Exception) -> str:
    """Return the message for a failure of the program, with the line in this repository."""
    if isinstance(error, pulumi.RunError):
        return str(error)
    places = [
        f"{Path(frame.filename).relative_to(ROOT)}:{frame.lineno}: "
        for frame in traceback.extract_tb(error.__traceback__)
        if Path(frame.filename).is_relative_to(ROOT)
        and Path(frame.filename).relative_to(ROOT).parts[0] not in {".venv", "local"}
    ]
    return f"the program failed: {places[-1] if places else ''}{type(error).__name__}: {error}"
