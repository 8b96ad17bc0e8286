"""The Pulumi CLI: the one of this machine, or one that is built once with Go."""

import re
import shutil

import yaml
from pulumi.automation import PulumiCommand
from pulumi.automation.errors import InvalidVersionError
from semver import VersionInfo

from local.program import ROOT
from local.report import say
from tests.support.go_tools import GoTool

CLI = GoTool(
    name="pulumi",
    module=ROOT / "tests" / "engine",
    package="github.com/pulumi/pulumi/pkg/v3",
    command="cmd/pulumi",
    folder="engine",
    toolchain="go1.27.3",
    need="make engine needs the Pulumi CLI (https://www.pulumi.com/docs/iac/download-install/) or Go 1.21 or later "
    "(https://go.dev/dl/) on the PATH, to build it once",
    flags="-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v{version}",
)


def find_command() -> PulumiCommand:
    """Return the Pulumi CLI. Raise GoToolMissingError."""
    if shutil.which("pulumi"):
        try:
            return PulumiCommand(version=required_version())
        except InvalidVersionError as error:
            say(f"The Pulumi CLI on the PATH is too old ({error}), so another one is used")
    return PulumiCommand(root=str(CLI.build()), version=required_version())


def required_version() -> VersionInfo:
    """Return the oldest version that Pulumi.yaml admits, or else the one that go.mod pins."""
    required = yaml.safe_load((ROOT / "Pulumi.yaml").read_text()).get("requiredPulumiVersion", "")
    found = re.search(r">=\s*v?([0-9]+\.[0-9]+\.[0-9]+)", required)
    return VersionInfo.parse(found[1] if found else pinned_version())


def pinned_version() -> str:
    return CLI.version()
