"""Lint the workflows of ``.github``: ``python -m tests.workflows``.

actionlint reads them as GitHub does, with shellcheck for each ``run``. zizmor looks for what an attacker could use.
"""

import subprocess
import sys
from pathlib import Path

from tests.support.go_tools import GoTool, GoToolMissingError

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = Path(sys.executable).parent
ACTIONLINT = GoTool(
    name="actionlint",
    module=Path(__file__).parent,
    package="github.com/rhysd/actionlint",
    command="cmd/actionlint",
    folder="actionlint",
    toolchain="go1.27.3",
    need="make lint needs Go 1.21 or later (https://go.dev/dl/) on the PATH, to build actionlint once",
)


def main() -> int:
    """Return the exit status: that of the first linter that finds something."""
    try:
        actionlint = ACTIONLINT.build() / "bin" / "actionlint"
    except GoToolMissingError as error:
        sys.stderr.write(f"error: {error}\n")
        return 1
    # Offline: what is found must not depend on what a service says today.
    zizmor = ["--offline", "--no-progress", "--quiet", "--strict-collection", "--persona=pedantic", ".github"]
    return lint([str(actionlint), f"-shellcheck={PROGRAMS / 'shellcheck'}", "-pyflakes="]) or lint(
        [str(PROGRAMS / "zizmor"), *zizmor]
    )


def lint(command: list[str]) -> int:
    return subprocess.run(command, cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
