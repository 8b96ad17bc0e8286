"""Tests that an archive is the same wherever and however it is built.

Patch releases of one Python compile a few modules differently (3 of 462 modules of the oauth function between 3.11.2
and 3.11.7), so across them everything but the compiled files is the same.
"""

import os
import shutil
import stat
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from components.packaging.sbom import COMPILED, hash_sources
from tests.infra.packaging.archives import HERE, contents
from tests.infra.packaging.trees import TREE, write
from tests.infra.recorder import PROJECT

# In memory on Linux, and so another file system than that of the checkout.
MEMORY = Path("/dev/shm")  # noqa: S108
BUILD = """
import os, sys
from pathlib import Path
from components.packaging.archive import Packager
from components.packaging.target import Target
os.umask(int(sys.argv[4], 8))
target = Target.current(sys.argv[3])
print(Packager(Path(sys.argv[1]), target, cache=Path(sys.argv[2])).build(sys.argv[5], sys.argv[6:]))
"""
FUNCTION = ("runtime.handlers.mcp", "schemas/mcp")
SITE_PACKAGES = Path(pytest.__file__).parent.parent


def find_pythons() -> dict[str, str]:
    """Return the interpreters on this machine that have the minor version of this one, by their full version."""
    name = f"python{HERE.python}"
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    folders = [*map(Path, os.get_exec_path()), Path("/usr/bin"), *pyenv.glob(f"versions/{HERE.python}.*/bin")]
    found = {}
    for program in (folder / name for folder in folders if (folder / name).is_file()):
        command = [str(program), "-c", "import platform; print(platform.python_version())"]
        asked = subprocess.run(command, capture_output=True, text=True, check=False)
        if asked.returncode == 0:
            found[asked.stdout.strip()] = str(program)
    return found | {sys.version.split()[0]: sys.executable}


def build(python: str, source: Path, cache: Path, *what: str, umask: str = "022", **environment: str) -> Path:
    """Build an archive in a process of its own, with the wheels that this project has already fetched."""
    cache.mkdir(parents=True)
    (cache / "wheels").symlink_to(PROJECT / ".build" / "wheels")
    paths = os.pathsep.join([str(PROJECT), str(SITE_PACKAGES)])
    command = [python, "-c", BUILD, str(source), str(cache), HERE.architecture, umask, *what]
    done = subprocess.run(
        command, capture_output=True, text=True, env={"PYTHONPATH": paths, **environment}, check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr
    return Path(done.stdout.strip())


@pytest.fixture
def in_memory() -> Iterator[Path]:
    """Return a folder on another file system, or, where there is none in memory, on the one of the checkout."""
    folder = (MEMORY if MEMORY.is_dir() else PROJECT / ".build") / f"reproduction-{os.getpid()}"
    folder.mkdir()
    yield folder
    shutil.rmtree(folder)


def plant(root: Path, *, backwards: bool = False, mode: int = 0o644, time: int = 0) -> Path:
    """Write the program of the other tests: in this order, with this mode and time."""
    for name, text in sorted(TREE.items(), reverse=backwards):
        write(root, name, text)
        (root / name).chmod(mode)
        os.utime(root / name, (time, time))
    return root


@pytest.mark.slow
def test_an_archive_does_not_depend_on_the_file_system_order_times_modes_or_settings_of_the_machine(
    tmp_path: Path, in_memory: Path
) -> None:
    what = ("shop.entry", "schemas")
    here = build(sys.executable, plant(tmp_path / "here"), tmp_path / "cache", *what, PYTHONHASHSEED="1", TZ="UTC")
    other = plant(in_memory / "a/longer/place", backwards=True, mode=0o600, time=1_700_000_000)
    settings = {"PYTHONHASHSEED": "2", "TZ": "Asia/Kathmandu", "LC_ALL": "C", "PYTHONDONTWRITEBYTECODE": "1"}
    there = build(sys.executable, other, in_memory / "cache", *what, umask="077", **settings)
    assert here.name == there.name
    assert here.read_bytes() == there.read_bytes()
    if MEMORY.is_dir():
        assert here.stat().st_dev != there.stat().st_dev
    assert stat.S_IMODE((other / "shop/entry.py").stat().st_mode) == 0o600


@pytest.mark.slow
@pytest.mark.parametrize("python", find_pythons().items(), ids=lambda each: each[0])
def test_patch_releases_of_python_differ_in_compiled_files_only(python: tuple[str, str], tmp_path: Path) -> None:
    """The first is this Python in another process. There is a second one where the machine has one."""
    ours = build(sys.executable, PROJECT, tmp_path / "ours", *FUNCTION)
    theirs = build(python[1], PROJECT, tmp_path / "theirs", *FUNCTION)
    assert contents(ours) == contents(theirs)
    assert hash_sources(ours) == hash_sources(theirs)
    with zipfile.ZipFile(ours) as one, zipfile.ZipFile(theirs) as two:
        assert one.namelist() == two.namelist()
        differing = [name for name in one.namelist() if one.read(name) != two.read(name)]
    assert all(name.endswith(COMPILED) for name in differing)
    if python[0] == sys.version.split()[0]:
        assert ours.read_bytes() == theirs.read_bytes()
