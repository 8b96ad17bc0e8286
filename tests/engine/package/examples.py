"""The examples of the package, ready to run: with the packages that `pulumi package add` would generate for them."""

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from local.program import ROOT
from runtime.version import VERSION
from tests.engine.cli import CLI
from tests.support.go_tools import GoToolMissingError

EXAMPLES = ROOT / "examples"
SCHEMA = ROOT / "schemas" / "pulumi-package.json"
YAML_HOST = "github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml"
YAML_VERSION = "v1.25.0"
PACKAGE = Path("node_modules", "@pulumi", "remote-mcp")


@contextmanager
def serve_package(directory: Path) -> Iterator[int]:
    """Serve the package while in the context, from ``directory`` as the engine starts it. Return its port."""
    command = [sys.executable, "-m", "tests.engine.package.serve"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, cwd=directory, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.terminate()


def generate_packages(directory: Path) -> None:
    """Write the packages for TypeScript and Python into folders of ``directory``, ``nodejs`` and ``python``."""
    _run_go(["run", "./gensdk", str(SCHEMA), str(directory)])
    # What installing it would write: the package reads its version there.
    metadata = directory / "python" / "pulumi_remote_mcp.dist-info" / "METADATA"
    metadata.parent.mkdir()
    metadata.write_text(f"Metadata-Version: 2.1\nName: pulumi_remote_mcp\nVersion: {VERSION}\n")


def prepare_typescript(directory: Path, package: Path) -> None:
    """Make a folder with the example in TypeScript and its packages, check its types, and compile it."""
    shutil.copytree(EXAMPLES / "typescript", directory, ignore=shutil.ignore_patterns("node_modules"))
    installed = EXAMPLES / "typescript" / "node_modules"
    shutil.copytree(package, directory / PACKAGE)
    (directory / PACKAGE.parent / "pulumi").symlink_to(installed / "@pulumi" / "pulumi")
    (directory / "node_modules" / "@types").symlink_to(installed / "@types")
    compiler = [find_tool("node"), str(installed / "typescript" / "bin" / "tsc")]
    subprocess.run([*compiler, "--project", "."], cwd=directory / PACKAGE, check=True)
    # Where the package reads its version, once it is compiled.
    shutil.copy(directory / PACKAGE / "package.json", directory / PACKAGE / "bin")
    subprocess.run([*compiler, "--project", ".", "--noEmit", "false", "--outDir", "bin"], cwd=directory, check=True)


def find_yaml_host() -> Path:
    """Return the folder with the host of YAML programs, which Go builds once. Raise GoToolMissingError."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    directory = cache / "remote-mcp" / "yaml" / YAML_VERSION
    directory.mkdir(parents=True, exist_ok=True)
    with (directory / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (directory / "pulumi-language-yaml").exists():
            _run_go(["install", f"{YAML_HOST}@{YAML_VERSION}"], {"GOBIN": str(directory)})
    return directory


def find_tool(name: str) -> str:
    """Return the path of a program. Raise GoToolMissingError without it."""
    found = shutil.which(name)
    if found is None:
        raise GoToolMissingError(f"the examples of the package need {name} on the PATH")
    return found


def _run_go(arguments: list[str], environment: Mapping[str, str] | None = None) -> None:
    done = subprocess.run(
        [find_tool("go"), *arguments],
        cwd=CLI.module,
        env={**os.environ, "GOTOOLCHAIN": CLI.toolchain, **(environment or {})},
        check=False,
    )
    if done.returncode:
        raise GoToolMissingError(f"go {arguments[0]} failed; its message is above")
