"""A copy with tools of its own takes a release of the project: no file of its owner changes or is in conflict."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from runtime.version import VERSION

ROOT = Path(__file__).resolve().parents[3]
OLD = "0.9.0"
LEFT_OUT = (".git", ".venv", ".build", ".local", ".*_cache", ".hypothesis", "node_modules", "__pycache__", "*.egg-info")
APP = '''"""What this deployment offers."""

from runtime.app import stock
from runtime.authoring import App

app = App(modules=[stock])
'''
TOOL = '''"""The stock."""

import dateutil.parser

from runtime.authoring import tool


@tool
def weekday(day: str) -> int:
    """Return the day of the week, 0 for Monday."""
    return dateutil.parser.parse(day).weekday()
'''
TEST = """from runtime.app.stock import weekday


def test_a_day_has_a_weekday() -> None:
    assert weekday("2027-01-01") == 4
"""
# What somebody does who puts tools into a copy: the files, and None for one that they delete.
OWN: dict[str, str | None] = {
    "runtime/app/__init__.py": APP,
    "runtime/app/stock.py": TOOL,
    "runtime/app/tools.py": None,
    "tests/app/test_tools.py": None,
    "tests/app/test_stock.py": TEST,
    "needs.py": "def declare(needs):\n    needs.memory(1024)\n",
    "requirements-app.txt": "python-dateutil==2.9.0.post0\n",
    "wheels-app.txt": "# The hashes of the owner's wheels.\n",
    "Pulumi.dev.yaml": "config:\n  aws:region: eu-west-1\n",
    "Pulumi.staging.yaml": "config:\n  aws:region: eu-west-1\n  memorySize: 1024\n",
}
Git = Callable[..., str]


def run(directory: Path, *command: str, expect: int = 0) -> str:
    """Run a command, without the settings of this machine, and return what it says."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "PYTEST_"))}
    environment |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    for role in ("AUTHOR", "COMMITTER"):
        environment |= {f"GIT_{role}_NAME": "somebody", f"GIT_{role}_EMAIL": "somebody@example.com"}
    done = subprocess.run(command, cwd=directory, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == expect, done.stdout[-4000:] + done.stderr
    return done.stdout + done.stderr


def commit(directory: Path, message: str) -> None:
    run(directory, "git", "add", "--all")
    run(directory, "git", "commit", "--quiet", "--message", message)


def write(directory: Path, files: dict[str, str | None]) -> None:
    for name, text in files.items():
        if text is None:
            (directory / name).unlink()
        else:
            (directory / name).write_text(text)


def state_version(directory: Path, version: str) -> None:
    file = directory / "runtime" / "version.py"
    file.write_text(file.read_text().replace(f'"{VERSION}"', f'"{version}"'))


@dataclass(frozen=True)
class Copy:
    """A copy of an older release, with what its owner did, and the project from which it came."""

    path: Path
    upstream: Path

    def upgrade(self, expect: int = 0) -> str:
        return run(self.path, "sh", "scripts/upgrade.sh", VERSION, str(self.upstream), expect=expect)

    def read(self, name: str) -> str:
        return (self.path / name).read_text()


@pytest.fixture(scope="module")
def upstream(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project with two releases: an older one, and this version.

    A clone may have no history, so the older one is made of this version: product files were others.
    """
    directory = tmp_path_factory.mktemp("project") / "upstream"
    shutil.copytree(ROOT, directory, ignore=shutil.ignore_patterns(*LEFT_OUT), symlinks=True)
    run(directory, "git", "init", "--quiet", "--initial-branch", "main")
    now = {name: (directory / name).read_bytes() for name in ("README.md", "components/store.py", "Pulumi.yaml")}
    state_version(directory, OLD)
    (directory / "README.md").write_text("# An older page\n")
    (directory / "components" / "store.py").unlink()
    (directory / "components" / "older.py").write_text('"""What this version does not have any more."""\n')
    text = now["Pulumi.yaml"].decode()
    (directory / "Pulumi.yaml").write_text(text.replace('">=3.272.0', '">=3.200.0'))
    commit(directory, "an older release")
    run(directory, "git", "tag", f"v{OLD}")
    for name, content in now.items():
        (directory / name).write_bytes(content)
    (directory / "components" / "older.py").unlink()
    file = directory / "runtime" / "version.py"
    file.write_text(file.read_text().replace(f'"{OLD}"', f'"{VERSION}"'))
    commit(directory, "this release")
    run(directory, "git", "tag", f"v{VERSION}")
    return directory


@pytest.fixture(params=["with the history", "without a history"])
def copy(request: pytest.FixtureRequest, upstream: Path, tmp_path: Path) -> Copy:
    path = tmp_path / "copy"
    run(tmp_path, "git", "clone", "--quiet", "--branch", f"v{OLD}", str(upstream), str(path))
    if request.param == "without a history":
        # As `pulumi new` and templates leave it.
        shutil.rmtree(path / ".git")
        run(path, "git", "init", "--quiet")
        commit(path, "start")
    else:
        run(path, "git", "switch", "--quiet", "--create", "ours")
    write(path, OWN)
    project = path / "Pulumi.yaml"
    project.write_text(project.read_text().replace("name: remote-mcp\n", "name: stock-mcp\n"))
    commit(path, "put our tools in")
    return Copy(path, upstream)


def product_files(directory: Path) -> Iterator[str]:
    """Return the tracked files that are not the owner's."""
    owned = (directory / "scripts" / "owner-files.txt").read_text().splitlines()
    excluded = [f":(exclude{',glob' if ':(glob)' in path else ''}){path.removeprefix(':(glob)')}" for path in owned]
    yield from run(directory, "git", "ls-files", "--", ".", *excluded).splitlines()


def test_an_upgrade_leaves_the_owners_files_and_brings_the_others(copy: Copy) -> None:
    copy.upgrade()
    assert {name: copy.read(name) if (copy.path / name).exists() else None for name in OWN} == OWN
    assert list(product_files(copy.path)) == list(product_files(copy.upstream))
    different = [
        name
        for name in product_files(copy.path)
        if (copy.path / name).read_bytes() != (copy.upstream / name).read_bytes()
    ]
    # Both have changed it: the owner the name, and the release the oldest CLI.
    assert different == ["Pulumi.yaml"]
    name, *rest = copy.read("Pulumi.yaml").splitlines()
    assert (name, rest) == ("name: stock-mcp", (copy.upstream / "Pulumi.yaml").read_text().splitlines()[1:])
    assert not run(copy.path, "git", "status", "--porcelain")
    assert "is in this copy already" in copy.upgrade()


def test_a_merge_by_hand_has_no_conflict_either(copy: Copy) -> None:
    """docs/upgrade.md has the commands."""
    run(copy.path, "git", "fetch", "--quiet", "--no-tags", str(copy.upstream), "+refs/tags/*:refs/upstream/*")
    ours = ["git", "merge", "--quiet", "--allow-unrelated-histories", "--strategy=ours", "-m", "connect"]
    run(copy.path, *ours, f"refs/upstream/v{OLD}")
    run(copy.path, "git", "merge", "--quiet", "-m", "upgrade", f"refs/upstream/v{VERSION}")
    assert {name: copy.read(name) if (copy.path / name).exists() else None for name in OWN} == OWN


def test_a_copy_without_the_script_takes_it_from_the_release(copy: Copy) -> None:
    """docs/upgrade.md has the commands for copies of 1.0.0."""
    names = ["scripts/upgrade.sh", "scripts/owner-files.txt"]
    run(copy.path, "git", "rm", "--quiet", *names)
    commit(copy.path, "as in 1.0.0")
    run(copy.path, "git", "fetch", "--quiet", "--no-tags", str(copy.upstream), "+refs/tags/*:refs/upstream/*")
    run(copy.path, "git", "checkout", f"refs/upstream/v{VERSION}", "--", *names)
    commit(copy.path, "take the upgrade script")
    copy.upgrade()
    assert {name: copy.read(name) if (copy.path / name).exists() else None for name in OWN} == OWN


def test_a_line_of_the_product_that_the_owner_has_changed_is_told(copy: Copy) -> None:
    (copy.path / "README.md").write_text("# Our page\n")
    commit(copy.path, "change a page of the product")
    told = copy.upgrade(expect=1)
    assert "README.md" in told
    assert "git merge --abort" in told
    run(copy.path, "git", "merge", "--abort")
    assert copy.read("README.md") == "# Our page\n"


def test_uncommitted_changes_are_not_merged_over(copy: Copy) -> None:
    (copy.path / "requirements-app.txt").write_text("other==1\n")
    assert "commit or stash your changes first" in copy.upgrade(expect=2)
    assert copy.read("requirements-app.txt") == "other==1\n"


def test_a_release_that_does_not_exist_is_told(copy: Copy) -> None:
    told = run(copy.path, "sh", "scripts/upgrade.sh", "0.0.1", str(copy.upstream), expect=2)
    assert "there is no release v0.0.1" in told


@pytest.mark.proof
def test_the_shipped_tests_pass_in_the_upgraded_copy(copy: Copy) -> None:
    copy.upgrade()
    (ROOT / ".build").mkdir(exist_ok=True)
    (copy.path / ".build").symlink_to(ROOT / ".build")
    tests = ("app", "unit/authoring", "unit/project/test_structure.py", "unit/project/test_toolchain.py")
    quick = ["--quiet", "-m", "not slow and not proof"]
    run(copy.path, sys.executable, "-m", "pytest", *quick, *(f"tests/{test}" for test in tests))


def test_the_page_names_each_file_of_the_owner() -> None:
    page = (ROOT / "docs" / "upgrade.md").read_text()
    for path in (ROOT / "scripts" / "owner-files.txt").read_text().splitlines():
        assert f"`{path.removeprefix(':(glob)')}`" in page
