"""Compiles the modules of an archive for the Python that runs this program."""

import subprocess  # nosec B404  # no call below goes through a shell
import sys
from collections.abc import Mapping
from importlib.util import cache_from_source
from pathlib import Path

import pulumi

from components.packaging.wheel import File

# Lambda unpacks the archive here, so tracebacks show this path.
TASK_ROOT = "/var/task"


def compile_modules(root: Path, files: Mapping[str, File]) -> None:
    """Compile every module of ``files``, which lie below ``root``, without checks of modification times.

    Lambda's file system is read-only, so a module that is not compiled here is compiled at every cold start. Raise
    ``pulumi.RunError`` if one cannot be compiled. A library may bring files for other versions of Python, and templates
    that only look like modules: those are no modules of this Python, and stay as they are.
    """
    # A separate process with fixed hashes, because references in a compiled file depend on what was loaded before.
    options = ["-q", "-f", "--invalidation-mode=unchecked-hash", f"-s{root}", f"-p{TASK_ROOT}"]
    command = [sys.executable, "-S", "-s", "-m", "compileall", *options, str(root)]
    # No shell, and only own paths.
    done = subprocess.run(command, env={"PYTHONHASHSEED": "0"}, capture_output=True, text=True, check=False)  # nosec B603
    left = [name for name in files if name.endswith(".py") and not (root / cache_from_source(name)).is_file()]
    failed = [name for name in left if files[name].owner is None or _is_module(files[name].content)]
    if failed or (done.returncode and not left):
        said = f"{done.stdout}{done.stderr}".replace(f"{root}/", "").strip()
        raise pulumi.RunError(
            f"Python {sys.version.split()[0]} could not compile {', '.join(failed) or 'all modules'}:\n{said}"
        )


def _is_module(content: bytes) -> bool:
    """Return whether this Python could run ``content``."""
    try:
        compile(content, "module", "exec", dont_inherit=True)
    except (SyntaxError, ValueError):
        # Python 3.11 raises ValueError for a null byte.
        return False
    return True
