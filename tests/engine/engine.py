"""The real Pulumi engine, with the emulator behind its AWS provider and a backend in a directory."""

import json
import runpy
import secrets
import shutil
from collections.abc import Iterator, Mapping, Sequence
from concurrent import futures
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import grpc
import yaml
from pulumi import automation as auto
from pulumi.automation.events import StepEventMetadata
from pulumi.runtime.proto import provider_pb2_grpc

from local.aws import Aws, forget_environment
from local.processes import stop
from local.program import ROOT, project_name, read_stack_file
from local.servers import find_free_port, start_emulator
from tests.engine.cli import find_command
from tests.engine.deployer import assume_deployer
from tests.engine.provider.servicer import Servicer

REGION = "eu-central-1"
THREADS = 16
Config = Mapping[str, Any]


@dataclass
class Changes:
    """What one operation of the engine did to each resource, or would do: type and name by the verb."""

    created: set[str] = field(default_factory=set)
    updated: set[str] = field(default_factory=set)
    replaced: set[str] = field(default_factory=set)
    deleted: set[str] = field(default_factory=set)

    def add(self, event: auto.EngineEvent) -> None:
        """Take note of a step of the engine, when it begins."""
        if event.resource_pre_event:
            self._add(event.resource_pre_event.metadata)

    def add_found(self, event: auto.EngineEvent) -> None:
        """Take note of what a refresh found out about a resource."""
        if event.res_outputs_event:
            self._add(event.res_outputs_event.metadata)

    def _add(self, step: StepEventMetadata) -> None:
        verbs = {"create": self.created, "update": self.updated, "replace": self.replaced, "delete": self.deleted}
        if step.op in verbs:
            verbs[step.op].add(_name(step.urn))

    def __bool__(self) -> bool:
        return bool(self.created or self.updated or self.replaced or self.deleted)


@dataclass(frozen=True)
class Engine:
    """Runs the program in stacks of a backend of its own. ``servicer`` is the provider of all of them."""

    command: auto.PulumiCommand
    directory: Path
    port: int
    servicer: Servicer
    aws: Aws

    def stack(self, name: str, config: Config, like: str | None = None) -> "EngineStack":
        """Create an empty stack with the settings of ``Pulumi.<like>.yaml`` and ``config``, which has short keys.

        ``like`` defaults to the name of the stack.
        """
        return self.stack_of(name, read_stack_file(like or name), config)

    def stack_of(self, name: str, shipped: Config, config: Config) -> "EngineStack":
        """Create an empty stack with the settings ``shipped``, which has full keys, and ``config``."""
        directory = self.directory / name
        directory.mkdir()
        # The engine looks for the file that Pulumi.yaml names as main, and then runs the inline program.
        for file in ("Pulumi.yaml", "entry.py"):
            shutil.copy(ROOT / file, directory)
        options = auto.LocalWorkspaceOptions(
            work_dir=str(directory),
            pulumi_home=str(self.directory / "home"),
            env_vars=self.environment(),
            pulumi_command=self.command,
        )
        stack = auto.create_stack(name, project_name=project_name(), program=_run_program, opts=options)
        return EngineStack(stack, directory, self.directory / "state", dict(config), shipped)

    def environment(self) -> dict[str, str]:
        """Return the environment of the CLI: where its states are, and the provider that it attaches to."""
        return {
            "PULUMI_BACKEND_URL": (self.directory / "state").as_uri(),
            "PULUMI_CONFIG_PASSPHRASE": secrets.token_urlsafe(),
            "PULUMI_DEBUG_PROVIDERS": f"aws:{self.port}",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
        }


@dataclass(frozen=True)
class EngineStack:
    """One stack. ``config`` has its settings by their short keys, and operations take more for themselves.

    ``shipped`` are the settings of a file of stacks like this one, by their full keys; those of ``config`` win.
    """

    stack: auto.Stack
    directory: Path
    state: Path
    config: dict[str, Any]
    shipped: Config

    def preview(self, config: Config | None = None) -> Changes:
        """Return what ``pulumi up`` would change."""
        changes = Changes()
        self._configure(config)
        self.stack.preview(on_event=changes.add)
        return changes

    def up(self, config: Config | None = None) -> Changes:
        """Apply the program. Raise ``CommandError`` if the engine fails."""
        changes = Changes()
        self._configure(config)
        self.stack.up(on_event=changes.add)
        return changes

    def refresh(self) -> Changes:
        """Compare the state with the emulator."""
        changes = Changes()
        self.stack.refresh(on_event=changes.add_found)
        return changes

    def destroy(self) -> None:
        """Delete everything after a preview, as ``pulumi destroy`` does. Raise ``CommandError`` if it is refused."""
        self.stack.preview_destroy()
        self.stack.destroy()

    def outputs(self) -> dict[str, Any]:
        return {name: output.value for name, output in self.stack.outputs().items()}

    def take_over(self, resources: Sequence[Mapping[str, Any]]) -> None:
        """Have the stack, which is empty, own the resources of a state. Their secrets are plain: import encrypts them.

        Nothing of them is created.
        """
        settings = yaml.safe_load((self.directory / f"Pulumi.{self.stack.name}.yaml").read_text())
        encryption = {"type": "passphrase", "state": {"salt": settings["encryptionsalt"]}}
        manifest = {"time": "2000-01-01T00:00:00Z", "magic": "", "version": ""}
        deployment = {"manifest": manifest, "secrets_providers": encryption, "resources": resources}
        self.stack.import_stack(auto.Deployment(version=3, deployment=deployment))

    def checkpoint(self) -> str:
        """Return the file in which the engine keeps the state."""
        return (self.state / ".pulumi" / "stacks" / project_name() / f"{self.stack.name}.json").read_text()

    def _configure(self, config: Config | None) -> None:
        path = self.directory / f"Pulumi.{self.stack.name}.yaml"
        settings = yaml.safe_load(path.read_text())
        path.write_text(yaml.safe_dump({**settings, "config": self.settings(config)}))

    def settings(self, config: Config | None = None) -> dict[str, Any]:
        """Return all settings by their full keys. ``config`` has some more by their short keys.

        What an app needs is its owner's: by default, it needs nothing.
        """
        nothing = {f"{project_name()}:appNeeds": "none"}
        ours = {f"{project_name()}:{key}": _text(value) for key, value in {**self.config, **(config or {})}.items()}
        return {**nothing, **self.shipped, **ours}


@contextmanager
def run_engine(directory: Path) -> Iterator[Engine]:
    """Run the emulator and its provider while in the context. Raise GoToolMissingError without an engine."""
    command = find_command()
    forget_environment()
    (directory / "state").mkdir()
    (directory / "emulator").mkdir()
    port = find_free_port()
    emulator = start_emulator(directory / "emulator", port, REGION)
    try:
        aws = Aws(port, REGION)
        servicer = Servicer(assume_deployer(aws))
        with serve_provider(servicer) as provider_port:
            yield Engine(command, directory, provider_port, servicer, aws)
    finally:
        stop(emulator)


@contextmanager
def serve_provider(servicer: Servicer) -> Iterator[int]:
    """Serve the provider while in the context, and return its port."""
    server = grpc.server(futures.ThreadPoolExecutor(THREADS))
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(servicer, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        yield port
    finally:
        server.stop(grace=None).wait()


def _run_program() -> None:
    runpy.run_path(str(ROOT / "program.py"), run_name="__main__")


def _text(value: Any) -> str:
    """Return a value as ``pulumi config set`` takes it."""
    return value if isinstance(value, str) else json.dumps(value)


def _name(urn: str) -> str:
    """Return the type and the name of a resource: ``aws:iam/role:Role remote-mcp-dev-mcp-role``."""
    _, _, types, name = urn.split("::", 3)
    return f"{types.rpartition('$')[2]} {name}"
