"""The packages that are compared, unpacked as Lambda unpacks them, and the size of their archives."""

import hashlib
import json
import platform
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from components.packaging.archive import Packager
from components.packaging.target import Target

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).parent
CACHE = ROOT / ".build"
FOLDER = CACHE / "benchmarks"
ARCHITECTURE = {"aarch64": "arm64", "arm64": "arm64"}.get(platform.machine(), "x86_64")


@dataclass(frozen=True)
class Package:
    """An unpacked package: its name in the report, where it lies, its handler and the bytes of its archive."""

    name: str
    folder: Path
    handler: str
    archive_bytes: int
    environment: Mapping[str, str] = field(default_factory=dict)


def ours() -> tuple[Package, Package]:
    """The package that is deployed, and the same without its compiled files."""
    app = "tests.benchmarks.apps.ours"
    packager = Packager(ROOT, Target.current(ARCHITECTURE), CACHE)
    archive = packager.build("runtime.handlers.mcp", ["schemas/mcp"], [app])
    environment = {
        "LOG_LEVEL": "INFO",
        "PUBLIC_URL": "https://mcp.example.com",
        "SERVER_NAME": "benchmark",
        "ALLOWED_ORIGINS": json.dumps([]),
        "TABLE_NAME": "table",
        "WORKER_NAME": "worker",
        "WORKER_SECONDS": "900",
        "ABOUT": json.dumps({}),
        "APP_MODULE": app,
    }
    handler = "runtime.handlers.mcp.handler"
    compiled, sources = FOLDER / "ours", FOLDER / "ours-uncompiled"
    unpack(archive, compiled)
    unpack(archive, sources, leave_out="__pycache__")
    # What is deployed is stored as it is. The others are compressed, so it is too before sizes are compared.
    compressed = FOLDER / "ours.zip"
    _zip(compiled, compressed)
    size = compressed.stat().st_size
    return (
        Package("this server", compiled, handler, size, environment),
        Package("this server, not compiled", sources, handler, size, environment),
    )


def alternatives() -> list[Package]:
    """The other ways to serve MCP from Lambda."""
    return [
        _installed("mcp", "sdk", ["sdk", "held_open"]),
        _installed("fastmcp", "fastmcp", ["fastmcp_server", "held_open"]),
        _installed("awslabs.mcp-lambda-handler", "awslabs", ["awslabs_server"]),
    ]


def unpack(archive: Path, folder: Path, leave_out: str = "") -> None:
    """Unpack an archive into a folder that is empty then, without what lies in a folder to leave out."""
    shutil.rmtree(folder, ignore_errors=True)
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(
            folder, [name for name in packed.namelist() if not leave_out or leave_out not in Path(name).parts]
        )


def _installed(distribution: str, requirements: str, modules: list[str]) -> Package:
    """A distribution and what it needs as ``pip install --target`` leaves them, with an app's modules, all compiled.

    An installation is kept under the hash of what went into it.
    """
    needed = HERE / "requirements" / f"{requirements}.txt"
    apps = [HERE / "apps" / f"{module}.py" for module in modules]
    digest = hashlib.sha256(sys.version.encode() + b"".join(file.read_bytes() for file in [needed, *apps]))
    folder = FOLDER / f"{requirements}-{digest.hexdigest()[:16]}"
    if not folder.exists():
        sys.stderr.write(f"Installing {needed.relative_to(ROOT)} into {folder.relative_to(ROOT)}\n")
        _install(needed, apps, folder)
    pinned = dict(line.split("==") for line in needed.read_text().splitlines() if "==" in line)
    size = folder.with_suffix(".zip").stat().st_size
    return Package(f"{distribution} {pinned[distribution]}", folder, f"{modules[0]}.handler", size)


def _install(requirements: Path, apps: list[Path], folder: Path) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=FOLDER) as scratch:
        target, archive = Path(scratch, "task"), Path(scratch, "task.zip")
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile"]
        command = [*pip, "--target", str(target), "--requirement", str(requirements)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"pip could not install {requirements.relative_to(ROOT)}:\n{done.stderr.strip()}")
        for app in apps:
            shutil.copy(app, target)
        compiler = [sys.executable, "-m", "compileall", "-q", "--invalidation-mode=unchecked-hash", str(target)]
        # As in the archive of this server: a file for another version of Python stays uncompiled.
        subprocess.run(compiler, stdout=subprocess.DEVNULL, check=False)
        _zip(target, archive)
        archive.replace(folder.with_suffix(".zip"))
        target.replace(folder)


def _zip(folder: Path, archive: Path) -> None:
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for file in sorted(folder.rglob("*")):
            packed.write(file, file.relative_to(folder))
