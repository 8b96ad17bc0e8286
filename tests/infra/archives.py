"""Looks into the archives that the package builder makes, and runs them."""

import platform
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from components.target import Target

HERE = Target.current({"aarch64": "arm64", "arm64": "arm64"}.get(platform.machine(), "x86_64"))

# An archive holds Lambda's extensions, which load on no other system.
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="the archive is for Linux")


def contents(archive: Path) -> set[str]:
    """The names in an archive, compiled files aside."""
    return {name for name in zipfile.ZipFile(archive).namelist() if "__pycache__" not in name}


def distributions(archive: Path) -> set[str]:
    """The first part of every name in an archive that is neither the program's nor a schema."""
    return {name.partition("/")[0].removesuffix(".py") for name in contents(archive)} - {"shop", "runtime", "schemas"}


def run(archive: Path, code: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run ``code`` with the unpacked archive and the standard library, and nothing else, to import from."""
    zipfile.ZipFile(archive).extractall(folder)
    start = f"import sys; sys.path.insert(0, {str(folder)!r}); "
    command = [sys.executable, "-I", "-S", "-c", start + code]
    return subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True, check=False, timeout=60)
