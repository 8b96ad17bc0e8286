"""The command ``pulumi``: the real CLI, and this process as the host of the Python program.

The CLI starts ``pulumi-language-python`` to run a program, and that host comes only with a full installation of Pulumi.
So a test that runs commands of a page or a pipeline puts this one on the PATH. It passes all arguments to the real CLI.
For a command that runs the program, it adds ``--client``, by which the CLI asks a host that runs already: that of the
Automation API. ``pulumi new``, which has no such flag, finds it by a variable. It installs nothing: what the program
needs is what this process has. What is planned, applied and printed is the real CLI's.
"""

import os
import runpy
import shlex
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent import futures
from pathlib import Path
from typing import Any

import grpc
import pulumi
import yaml
from pulumi.automation._server import LanguageServer
from pulumi.runtime.proto import language_pb2, language_pb2_grpc

# The variable with the path of the real CLI.
REAL = "REAL_PULUMI"
THREADS = 4
# The commands that run the program, or may.
_RUNNING = {"up", "update", "preview", "pre", "refresh", "destroy", "dn", "down"}
# Flags of all commands whose value is an argument of its own.
_WITH_VALUE = {"-C", "--cwd", "--color", "-v", "--verbose", "--tracing", "--profiling", "--otel-traces"}


def install(directory: Path, real: str) -> Path:
    """Write the command into ``directory``, which belongs on the PATH. ``real`` is the path of the real CLI.

    Its configuration is the environment: PULUMI_BACKEND_URL, PULUMI_CONFIG_PASSPHRASE, PULUMI_DEBUG_PROVIDERS.
    """
    program = directory / "pulumi"
    # Only the program decides where to import from (-P), which may be another checkout than the one of this file.
    python = shlex.join([sys.executable, "-P", __file__])
    program.write_text(f'#!/bin/sh\n{REAL}={shlex.quote(real)} exec {python} "$@"\n')
    program.chmod(0o755)
    return program


class _Host(LanguageServer):
    """The host of the Automation API, to which the CLI can attach as to one that it starts itself."""

    def Handshake(  # noqa: N802  # the name is Pulumi's
        self, request: Any, context: Any
    ) -> language_pb2.LanguageHandshakeResponse:
        return language_pb2.LanguageHandshakeResponse()

    def InstallDependencies(  # noqa: N802  # the name is Pulumi's
        self, request: Any, context: Any
    ) -> Iterator[language_pb2.InstallDependenciesResponse]:
        yield language_pb2.InstallDependenciesResponse(stdout=b"This Python has what the program needs.\n")


def run(arguments: Sequence[str]) -> int:
    """Run the real CLI with ``arguments`` and return its exit status."""
    command = [os.environ.pop(REAL), *arguments]
    name = next(iter(_words(arguments)), "")
    if name not in {*_RUNNING, "new"} or "--help" in arguments:
        return subprocess.run(command, check=False).returncode
    directory = _project_directory(arguments)
    server = grpc.server(futures.ThreadPoolExecutor(THREADS))
    language_pb2_grpc.add_LanguageRuntimeServicer_to_server(_Host(lambda: _run_program(directory)), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        if name == "new":
            return subprocess.run(
                command, env={**os.environ, "PULUMI_DEBUG_LANGUAGES": f"python:{port}"}, check=False
            ).returncode
        return subprocess.run([*command, f"--client=127.0.0.1:{port}"], check=False).returncode
    finally:
        server.stop(grace=None).wait()


def _words(arguments: Sequence[str]) -> list[str]:
    """Return the arguments without the flags of all commands."""
    values = {position + 1 for position, argument in enumerate(arguments) if argument in _WITH_VALUE}
    return [
        argument
        for position, argument in enumerate(arguments)
        if position not in values and not argument.startswith("-")
    ]


def _project_directory(arguments: Sequence[str]) -> Path:
    """Return the directory with the ``Pulumi.yaml`` that the CLI finds."""
    flags = list(arguments)
    start = Path.cwd()
    for position, argument in enumerate(flags):
        if argument in {"-C", "--cwd"}:
            start /= flags[position + 1]
        elif argument.startswith("--cwd="):
            start /= argument.partition("=")[2]
    return next((place for place in (start, *start.parents) if (place / "Pulumi.yaml").exists()), start)


def _run_program(directory: Path) -> None:
    """Run the program as the Python host does: in its folder, which is the first place to import from."""
    os.chdir(directory)
    main = directory / yaml.safe_load((directory / "Pulumi.yaml").read_text()).get("main", "")
    sys.path[:0] = [] if str(directory) in sys.path else [str(directory)]
    try:
        runpy.run_path(str(main), run_name="__main__")
    except SystemExit as end:
        # The program has told its user why. Its own host says nothing more then.
        raise pulumi.RunError("the program stopped") from end


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
