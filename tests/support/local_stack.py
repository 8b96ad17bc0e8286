"""A local stack for tests. It starts with the same command that users run, and stops at the end."""

import subprocess  # nosec B404  # no call below goes through a shell
import sys
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from local.aws import Aws
from local.errors import LocalError
from local.program import ROOT
from local.stack import find_running

EXAMPLE_APP = "tests.support.example_app"
# What a deployment offers and needs is its owner's: the tests bring an app of their own, which needs nothing.
APP = {"appModule": EXAMPLE_APP, "appNeeds": "none"}


class LocalStack:
    """``with LocalStack(directory) as stack: stack.outputs["mcp_url"]``.

    ``directory`` must be new or empty. ``port`` 0 uses any free port, so several stacks can run at the same time.
    ``config`` has configuration values by their short names. ``example`` is one of ``examples/`` to serve instead of
    the app of the tests. Raise LocalError with the output of a command that fails.
    """

    def __init__(
        self, directory: Path, *, port: int = 0, config: Mapping[str, str] | None = None, example: str | None = None
    ) -> None:
        self.directory = directory
        self._port = port
        app = {} if example else APP
        self._options = [f"--config={key}={value}" for key, value in {**app, **(config or {})}.items()]
        self._options += [f"--example={example}"] if example else []

    def up(self) -> str:
        """Start or update the stack, and return what the command printed."""
        return self.run("up", f"--port={self._port}", *self._options)

    def down(self) -> str:
        return self.run("down")

    def run(self, *arguments: str) -> str:
        """Run ``python -m local`` in its own process, because Pulumi's settings are global, and return its output."""
        with subprocess.Popen(  # nosec B603  # this program, with arguments from tests
            [sys.executable, "-m", "local", f"--dir={self.directory}", *arguments],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as command:
            try:
                output, errors = command.communicate()
            except BaseException:
                # If terminated, the command stops what it started; if killed, it would not.
                command.terminate()
                command.communicate()
                raise
        if command.returncode:
            raise LocalError(output + errors)
        return output

    @property
    def outputs(self) -> dict[str, Any]:
        return find_running(self.directory).outputs

    def client(self, service: str) -> Any:
        """Return a boto3 client with all permissions on the emulator."""
        state = find_running(self.directory)
        return Aws(state.emulator_port, state.region).client(service)

    def __enter__(self) -> Self:
        try:
            self.up()
        except BaseException:
            # An interruption can come after the command is done, and before there is anybody to call __exit__.
            self.down()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.down()
