"""The Pulumi CLI: the one of this machine, or one that is built once with Go."""

import fcntl
import os
import re
import shutil
import subprocess
from pathlib import Path

import yaml
from pulumi.automation import PulumiCommand
from pulumi.automation.errors import InvalidVersionError
from semver import VersionInfo

from local.program import ROOT
from local.report import say

MODULE = ROOT / "tests" / "engine"
PACKAGE = "github.com/pulumi/pulumi/pkg/v3"
TOOLCHAIN = "go1.27.3"
VERSION_VARIABLE = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version"


class EngineMissingError(Exception):
    """There is no Pulumi CLI, and none can be built. The text says what to do."""


def find_command() -> PulumiCommand:
    """Return the Pulumi CLI. Raise EngineMissingError."""
    if shutil.which("pulumi"):
        try:
            return PulumiCommand(version=required_version())
        except InvalidVersionError as error:
            say(f"The Pulumi CLI on the PATH is too old ({error}), so another one is used")
    return PulumiCommand(root=str(_build()), version=required_version())


def required_version() -> VersionInfo:
    """Return the oldest version that Pulumi.yaml admits, or else the one that go.mod pins."""
    required = yaml.safe_load((ROOT / "Pulumi.yaml").read_text()).get("requiredPulumiVersion", "")
    found = re.search(r">=\s*v?([0-9]+\.[0-9]+\.[0-9]+)", required)
    return VersionInfo.parse(found[1] if found else pinned_version())


def pinned_version() -> str:
    found = re.search(rf"{PACKAGE} v(\S+)", (MODULE / "go.mod").read_text())
    if found is None:
        raise EngineMissingError(f"tests/engine/go.mod does not name {PACKAGE}")
    return found[1]


def _build() -> Path:
    """Return the directory whose ``bin`` has the CLI of the pinned version. Build it if it is not there yet."""
    version = pinned_version()
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    directory = cache / "remote-mcp" / "engine" / version
    binary = directory / "bin" / "pulumi"
    binary.parent.mkdir(parents=True, exist_ok=True)
    with (directory / "lock").open("w") as lock:
        # A second run waits for the first one instead of building too.
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not binary.exists():
            _run_go(binary, version)
    return directory


def _run_go(binary: Path, version: str) -> None:
    if not shutil.which("go"):
        raise EngineMissingError(
            "make engine needs the Pulumi CLI (https://www.pulumi.com/docs/iac/download-install/) or Go 1.21 or later "
            "(https://go.dev/dl/) on the PATH, to build it once"
        )
    say(f"Building the Pulumi CLI {version} once, which takes some minutes, into {binary.parent}")
    draft = binary.with_suffix(".new")
    command = ["go", "build", f"-ldflags=-s -w -X {VERSION_VARIABLE}=v{version}", "-o", str(draft)]
    built = subprocess.run(
        [*command, f"{PACKAGE}/cmd/pulumi"], cwd=MODULE, env={**os.environ, "GOTOOLCHAIN": TOOLCHAIN}, check=False
    )
    if built.returncode:
        raise EngineMissingError("Go could not build the Pulumi CLI; its message is above")
    draft.replace(binary)
