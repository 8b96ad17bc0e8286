"""What the pipeline installs: files whose hashes are written down, for the project and for the tools of its owner."""

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.infra.packaging.archives import make_wheel

SCRIPT = Path("scripts") / "pipeline" / "install.sh"
ROOT = Path(__file__).resolve().parents[3]

pytestmark = pytest.mark.proof


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Return a project that needs one library, ``ours``."""
    (tmp_path / SCRIPT).parent.mkdir(parents=True)
    shutil.copy(ROOT / SCRIPT, tmp_path / SCRIPT)
    require(tmp_path, "toolchain.txt", "ours")
    return tmp_path


def require(project: Path, file: str, library: str) -> None:
    wheel = make_wheel(project, library, {f"{library}.py": ""})
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    (project / file).write_text(f"{library} @ {wheel.as_uri()} --hash=sha256:{digest}\n")


def install(project: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PIP_NO_INDEX": "1"}
    return subprocess.run([project / SCRIPT], env=environment, capture_output=True, text=True, check=False)


def can_import(project: Path, library: str) -> bool:
    return subprocess.run([project / ".venv/bin/python", "-c", f"import {library}"], check=False).returncode == 0


def test_the_libraries_of_the_project_are_enough_where_tools_need_no_others(copy: Path) -> None:
    done = install(copy)
    assert done.returncode == 0, done.stderr
    assert can_import(copy, "ours")


def test_the_libraries_of_the_tools_are_installed_too(copy: Path) -> None:
    require(copy, "toolchain-app.txt", "theirs")
    done = install(copy)
    assert done.returncode == 0, done.stderr
    assert can_import(copy, "ours")
    assert can_import(copy, "theirs")


def test_a_file_with_another_hash_is_refused(copy: Path) -> None:
    require(copy, "toolchain-app.txt", "theirs")
    make_wheel(copy, "theirs", {"theirs.py": "import os\n"})
    done = install(copy)
    assert done.returncode != 0
    assert "DO NOT MATCH THE HASHES" in done.stderr
