"""Tests of archives: their content, and that the same input gives the same bytes."""

import hashlib
import importlib
import os
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pulumi
import pytest

from components.packaging import distributions as distributions_module
from components.packaging.archive import Packager
from components.packaging.target import Target
from tests.infra.packaging.archives import HERE, contents, distributions, make_wheel, on_linux, run
from tests.infra.recorder import PROJECT

TREE = {
    "shop/__init__.py": "",
    "shop/entry.py": "from shop import cart\nfrom shop.prices import total\n\nhandler = lambda *_: total(cart.ITEMS)\n",
    "shop/cart.py": "from . import lines\n\nITEMS = lines.LINES\n",
    "shop/lines.py": "LINES = [1, 2]\n",
    "shop/prices/__init__.py": "from shop.prices.sums import total\n",
    "shop/prices/sums.py": "def total(items):\n    import shop.late\n\n    return shop.late.PLUS + sum(items)\n",
    "shop/prices/table.csv": "a,b\n",
    "shop/prices/notes.md": "notes\n",
    "shop/late.py": "PLUS = 0\n",
    "shop/unused.py": "import boto3\n",
    "shop/storage/__init__.py": "",
    "shop/storage/table.py": "import boto3\n",
    "schemas/shop/cart.json": "{}",
    "schemas/other.json": "{}",
}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Return a small program: an entry module, a package that it needs, and modules that it does not need."""
    root = tmp_path / "tree"
    for name, text in TREE.items():
        write(root, name, text)
    return root


def write(root: Path, name: str, text: str) -> None:
    file = root / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


def build(
    root: Path,
    module: str = "shop.entry",
    data: tuple[str, ...] = (),
    also: tuple[str, ...] = (),
    target: Target = HERE,
) -> Path:
    return Packager(root, target, cache=root.parent / f"{root.name}-cache").build(module, data, also)


def test_an_archive_holds_what_its_entry_imports_and_nothing_else(tree: Path) -> None:
    assert contents(build(tree)) == {
        "shop/__init__.py",
        "shop/entry.py",
        "shop/cart.py",
        "shop/lines.py",
        "shop/late.py",
        "shop/prices/__init__.py",
        "shop/prices/sums.py",
        "shop/prices/notes.md",
        "shop/prices/table.csv",
    }


def test_an_archive_holds_the_data_folders_that_are_asked_for(tree: Path) -> None:
    archive = build(tree, data=("schemas/shop",))
    assert {name for name in contents(archive) if name.startswith("schemas")} == {"schemas/shop/cart.json"}


def test_an_archive_holds_what_is_asked_for_by_name_and_what_that_imports(tree: Path) -> None:
    write(tree, "own/__init__.py", "")
    write(tree, "own/notes.csv", "")
    write(tree, "own/tools/app.py", "from own.tools import words\n")
    write(tree, "own/tools/words.py", "import shop.extra\n")
    write(tree, "own/tools/words.txt", "words\n")
    write(tree, "shop/extra.py", "")
    added = contents(build(tree, also=("own.tools.app",))) - contents(build(tree))
    # Through own it is only passed, so what lies there stays there.
    tools = {"own/tools/app.py", "own/tools/words.py", "own/tools/words.txt"}
    assert added == tools | {"own/__init__.py", "shop/extra.py"}


def test_what_lies_beside_a_module_in_the_root_of_the_project_stays_there(tree: Path) -> None:
    write(tree, "app.py", "")
    write(tree, "Pulumi.prod.yaml", "config: {}\n")
    assert contents(build(tree, also=("app",))) - contents(build(tree)) == {"app.py"}


def test_a_module_by_name_that_does_not_exist_is_named(tree: Path) -> None:
    with pytest.raises(ModuleNotFoundError, match=r"there is no module own\.nowhere"):
        build(tree, also=("own.nowhere",))


def test_an_archive_runs_by_itself(tree: Path, tmp_path: Path) -> None:
    done = run(build(tree), "from shop.entry import handler; print(handler({}, None))", tmp_path / "task")
    assert (done.stdout, done.stderr) == ("3\n", "")


def test_every_module_is_compiled_for_this_python_and_no_other(tree: Path) -> None:
    names = zipfile.ZipFile(build(tree)).namelist()
    modules = {name for name in names if name.endswith(".py")}
    compiled = {
        f"{name.rpartition('/')[0]}/__pycache__/{Path(name).stem}.{sys.implementation.cache_tag}.pyc"
        for name in modules
    }
    assert {name for name in names if name.endswith(".pyc")} == compiled


def test_compiled_files_are_never_checked_against_their_sources(tree: Path) -> None:
    with zipfile.ZipFile(build(tree)) as archive:
        for name in archive.namelist():
            if name.endswith(".pyc"):
                # PEP 552: bit 0 says that a hash stands in place of the time, bit 1 that it is compared.
                assert int.from_bytes(archive.read(name)[4:8], "little") == 0b01, name


def test_tracebacks_name_the_place_on_lambda(tree: Path) -> None:
    with zipfile.ZipFile(build(tree)) as archive:
        compiled = archive.read(f"shop/__pycache__/entry.{sys.implementation.cache_tag}.pyc")
    assert b"/var/task/shop/entry.py" in compiled
    assert str(tree).encode() not in compiled


@pytest.mark.slow
def test_two_builds_in_different_folders_have_the_same_bytes(tmp_path: Path) -> None:
    archives = []
    for folder in ("one", "a/much/longer/place"):
        root = tmp_path / folder
        for name, text in TREE.items():
            write(root, name, text)
        write(root, "shop/late.py", "import jwt\n\nPLUS = 0 if jwt else 1\n")
        os.utime(root / "shop/entry.py", (1, 1))
        archives.append(build(root, data=("schemas",)))
    first, second = archives
    assert hashlib.sha256(first.read_bytes()).digest() == hashlib.sha256(second.read_bytes()).digest()
    assert first.name == second.name


def test_entries_have_fixed_times_and_modes_and_are_sorted(tree: Path) -> None:
    entries = zipfile.ZipFile(build(tree)).infolist()
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
    assert {entry.external_attr >> 16 for entry in entries} == {0o100644}
    parts = [Path(entry.filename).parts for entry in entries]
    assert parts == sorted(parts)


def test_an_unchanged_source_is_not_built_again(tree: Path) -> None:
    before = build(tree)
    made = before.stat().st_mtime_ns
    write(tree, "shop/unused.py", "changed = True\n")
    assert build(tree) == before
    assert before.stat().st_mtime_ns == made


@pytest.mark.parametrize("name", ["shop/entry.py", "shop/late.py", "shop/prices/table.csv"])
def test_a_changed_source_gives_another_archive(tree: Path, name: str) -> None:
    before = build(tree)
    write(tree, name, TREE[name] + "\n")
    after = build(tree)
    assert after != before
    assert after.read_bytes() != before.read_bytes()


def test_an_entry_that_does_not_exist_is_named(tree: Path) -> None:
    with pytest.raises(ModuleNotFoundError, match=r"there is no module shop\.nowhere"):
        build(tree, "shop.nowhere")


def test_what_lambda_brings_is_left_out(tree: Path) -> None:
    archive = build(tree, "shop.storage.table")
    assert contents(archive) == {"shop/__init__.py", "shop/storage/__init__.py", "shop/storage/table.py"}


@pytest.mark.slow
@on_linux
def test_a_third_party_package_comes_with_what_it_requires(tree: Path, tmp_path: Path) -> None:
    write(
        tree,
        "shop/late.py",
        "from jsonschema import Draft202012Validator\n\nPLUS = Draft202012Validator({}).is_valid(1)\n",
    )
    archive = build(tree)
    expected = {"jsonschema", "jsonschema_specifications", "referencing", "rpds", "attr", "attrs"}
    assert distributions(archive) - {"typing_extensions"} == expected
    done = run(archive, "from shop.entry import handler; print(handler({}, None))", tmp_path / "task")
    assert (done.stdout, done.stderr) == ("4\n", "")


@pytest.mark.slow
def test_a_third_party_package_comes_with_its_metadata_and_stubs_and_without_its_test_modules(tree: Path) -> None:
    write(tree, "shop/late.py", "import jsonschema, msgspec\n\nPLUS = 0\n")
    names = contents(build(tree))
    assert "jsonschema-4.26.0.dist-info/METADATA" in names
    assert {"msgspec/__init__.pyi", "msgspec/py.typed", "jsonschema/__main__.py"} <= names
    assert "jsonschema/tests/__init__.py" in names
    assert not {name for name in names if Path(name).name.startswith("test_")}


@pytest.fixture
def installed(tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Return a function that installs made-up libraries and their wheels."""
    site = tmp_path / "site-packages"
    site.mkdir()
    monkeypatch.syspath_prepend(str(site))

    def install(name: str, files: dict[str, str], **options: str) -> None:
        cache = tree.parent / f"{tree.name}-cache" / "wheels" / f"{HERE.runtime}-{HERE.architecture}"
        zipfile.ZipFile(make_wheel(cache, name, files, **options)).extractall(site)
        forget()

    def forget() -> None:
        importlib.invalidate_caches()
        distributions_module._packages.cache_clear()
        distributions_module._providers.cache_clear()

    yield install
    forget()


def test_an_extra_that_the_project_asks_for_comes_along(tree: Path, installed: Callable[..., None]) -> None:
    installed("first", {"first.py": ""}, metadata="Requires-Dist: second\nRequires-Dist: other; extra == 'more'\n")
    installed("second", {"second.py": ""}, metadata="Requires-Dist: third; extra == 'all-of-it'\n")
    installed("third", {"third.py": ""})
    installed("other", {"other.py": ""})
    write(tree, "shop/late.py", "import first\n\nPLUS = 0\n")
    assert distributions(build(tree)) == {"first", "second"}
    write(tree, "requirements.txt", "first[MORE]==1.0\n")
    assert distributions(build(tree)) == {"first", "second", "other"}
    # Also one of a library that only another library imports.
    write(tree, "requirements.txt", "first==1.0\nSecond[all_of.it]==1.0\n")
    assert distributions(build(tree)) == {"first", "second", "third"}


def test_the_project_s_own_files_are_not_replaced_by_those_of_a_library(
    tree: Path, installed: Callable[..., None]
) -> None:
    installed("careless", {"careless.py": "", "shop/lines.py": "LINES = []\n"})
    write(tree, "shop/late.py", "import careless\n\nPLUS = 0\n")
    assert zipfile.ZipFile(build(tree)).read("shop/lines.py").decode() == TREE["shop/lines.py"]


def test_a_library_is_found_whatever_the_spelling_of_its_name_and_version(
    tree: Path, installed: Callable[..., None]
) -> None:
    installed(
        "Odd_Name.lib", {"odd.py": "import second\n"}, version="2026.01.0", metadata="Requires-Dist: Second.LIB\n"
    )
    installed("second_lib", {"second.py": ""})
    write(tree, "shop/late.py", "import odd\n\nPLUS = 0\n")
    assert distributions(build(tree)) == {"odd", "second"}


def test_a_file_that_may_be_executed_still_may_be(tree: Path, installed: Callable[..., None]) -> None:
    installed("runner", {"runner/__init__.py": "", "runner/program": ""}, executable="runner/program")
    write(tree, "shop/late.py", "import runner\n\nPLUS = 0\n")
    write(tree, "shop/prices/run.sh", "#!/bin/sh\n")
    (tree / "shop/prices/run.sh").chmod(0o775)
    modes = {entry.filename: entry.external_attr >> 16 for entry in zipfile.ZipFile(build(tree)).infolist()}
    assert {name for name, mode in modes.items() if mode == 0o100755} == {"runner/program", "shop/prices/run.sh"}
    assert set(modes.values()) == {0o100644, 0o100755}


@on_linux
@pytest.mark.parametrize("packaged", [False, True], ids=["of the runtime", "packaged"])
def test_boto3_is_packaged_only_where_that_is_asked_for(tree: Path, tmp_path: Path, packaged: bool) -> None:
    cache = PROJECT / ".build"
    archive = Packager(tree, HERE, cache, package_boto3=packaged).build("shop.storage.table")
    brought = {"boto3", "botocore", "s3transfer", "jmespath", "dateutil", "six", "urllib3"}
    assert distributions(archive) == (brought if packaged else set())
    code = (
        "import shop.storage.table as table; print(table.boto3.client('s3', region_name='eu-west-1').meta.region_name)"
    )
    done = run(archive, code, tmp_path / "task")
    assert done.stdout == ("eu-west-1\n" if packaged else "")
    assert ("No module named 'boto3'" in done.stderr) is not packaged


@pytest.mark.slow
def test_extensions_are_those_of_the_architecture_asked_for(tree: Path) -> None:
    write(tree, "shop/late.py", "import rpds\n\nPLUS = 0\n")
    for architecture, machine in (("arm64", "aarch64"), ("x86_64", "x86_64")):
        names = contents(build(tree, target=Target(HERE.python, architecture)))
        [extension] = [name for name in names if name.endswith(".so")]
        assert f"{machine}-linux-gnu.so" in extension


def test_a_package_that_is_not_installed_is_named_with_its_importer(tree: Path) -> None:
    write(tree, "shop/late.py", "import nonexistent.thing\n")
    with pytest.raises(pulumi.RunError, match=r"shop/late.py imports nonexistent.thing, which is not installed"):
        build(tree)


def test_a_python_that_lambda_does_not_offer_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    version = type("Version", (), {"major": 3, "minor": 10})
    monkeypatch.setattr(sys, "version_info", version)
    with pytest.raises(pulumi.RunError, match=r"Lambda has no Python 3.10; allowed: 3.11, 3.12, 3.13, 3.14"):
        Target.current("arm64")


@pytest.mark.parametrize(("python", "newest"), [("3.11", 26), ("3.12", 34)])
def test_wheels_for_every_c_library_up_to_that_of_lambda_are_taken(python: str, newest: int) -> None:
    """PEP 600: a wheel for manylinux_2_X runs where glibc is 2.X or newer."""
    platforms = Target(python, "arm64").platforms
    assert f"manylinux_2_{newest}_aarch64" in platforms
    assert f"manylinux_2_{newest + 1}_aarch64" not in platforms
    assert {"manylinux2014_aarch64", "manylinux_2_17_aarch64", "manylinux_2_25_aarch64"} <= set(platforms)
