"""Helpers that read and run archives."""

import platform
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from components.packaging.target import Target

HERE = Target.current({"aarch64": "arm64", "arm64": "arm64"}.get(platform.machine(), "x86_64"))

# An archive holds Lambda's extensions, which load on no other system.
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="the archive is for Linux")


def contents(archive: Path) -> set[str]:
    """Return the names in an archive, without compiled files."""
    return {name for name in zipfile.ZipFile(archive).namelist() if "__pycache__" not in name}


def distributions(archive: Path) -> set[str]:
    """Return the names of the libraries' modules and packages in an archive."""
    first = {name.partition("/")[0] for name in contents(archive)} - {"shop", "runtime", "schemas", "bin"}
    return {name.removesuffix(".py") for name in first if not name.endswith(".dist-info")}


def run(archive: Path, code: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run ``code``, which can import only the unpacked archive and the standard library."""
    zipfile.ZipFile(archive).extractall(folder)
    start = f"import sys; sys.path.insert(0, {str(folder)!r}); "
    command = [sys.executable, "-I", "-S", "-c", start + code]
    return subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True, check=False, timeout=60)


def make_wheel(
    folder: Path, name: str, files: Mapping[str, str], *, version: str = "1.0", metadata: str = "", executable: str = ""
) -> Path:
    """Make a wheel of ``files``, with additional ``metadata``. The file ``executable`` has the executable bit."""
    information = f"{name}-{version}.dist-info"
    header = f"Metadata-Version: 2.4\nName: {name}\nVersion: {version}\n{metadata}"
    tags = "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    content = dict(files) | {f"{information}/METADATA": header, f"{information}/WHEEL": tags}
    content |= {f"{information}/RECORD": "".join(f"{file},,\n" for file in [*content, f"{information}/RECORD"])}
    folder.mkdir(parents=True, exist_ok=True)
    wheel = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for file, text in content.items():
            entry = zipfile.ZipInfo(file)
            entry.external_attr = (0o100755 if file == executable else 0o100644) << 16
            archive.writestr(entry, text)
    return wheel
