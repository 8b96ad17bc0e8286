"""The outputs of a deployed stack, which name what the commands work on."""

import json
import shutil
import subprocess  # nosec B404  # no call below goes through a shell
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parent.parent


class OutputsUnavailable(Exception):
    """The Pulumi CLI does not know the stack, or is not there. The text says which."""


def read_outputs(stack: str) -> dict[str, Any]:
    """Return the outputs of ``stack``, as the Pulumi CLI reports them. Raise ``OutputsUnavailable``."""
    pulumi = shutil.which("pulumi")
    if pulumi is None:
        raise OutputsUnavailable("the Pulumi CLI is not on the PATH; name the table and the audit log instead")
    command = [pulumi, "stack", "output", "--json", "--non-interactive", f"--stack={stack}"]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)  # nosec B603  # fixed program
    if done.returncode:
        raise OutputsUnavailable(f"pulumi stack output failed: {done.stderr.strip()}")
    outputs: dict[str, Any] = json.loads(done.stdout)
    return outputs
