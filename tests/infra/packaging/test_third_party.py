"""Tests of the libraries in an archive: which come, from where, and what is left out."""

import importlib
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
from tests.infra.packaging.trees import TREE, build, pin_installed, write
from tests.infra.recorder import PROJECT


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
    write(tree, "requirements.txt", "first[MORE]==1.0\nsecond==1.0\nother==1.0\n")
    assert distributions(build(tree)) == {"first", "second", "other"}
    # Also one of a library that only another library imports.
    write(tree, "requirements.txt", "first==1.0\nSecond[all_of.it]==1.0\nthird==1.0\n")
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


@pytest.mark.slow
@on_linux
@pytest.mark.parametrize("packaged", [False, True], ids=["of the runtime", "packaged"])
def test_boto3_is_packaged_only_where_that_is_asked_for(tree: Path, tmp_path: Path, packaged: bool) -> None:
    cache = PROJECT / ".build"
    pin_installed(tree)
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


def test_another_python_than_the_one_asked_for_stops_the_program_and_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "version_info", type("Version", (), {"major": 3, "minor": 12}))
    assert Target.require("3.12", "arm64") == Target("3.12", "arm64")
    with pytest.raises(pulumi.RunError) as refused:
        Target.require("3.14", "arm64")
    message = str(refused.value)
    assert message.startswith("pythonVersion is 3.14, but this program runs on Python 3.12.")
    assert "python3.14 -m venv --clear .venv" in message
    assert message.endswith("Or set pythonVersion to 3.12.")


@pytest.mark.parametrize(("python", "newest"), [("3.11", 26), ("3.12", 34)])
def test_wheels_for_every_c_library_up_to_that_of_lambda_are_taken(python: str, newest: int) -> None:
    """PEP 600: a wheel for manylinux_2_X runs where glibc is 2.X or newer."""
    platforms = Target(python, "arm64").platforms
    assert f"manylinux_2_{newest}_aarch64" in platforms
    assert f"manylinux_2_{newest + 1}_aarch64" not in platforms
    assert {"manylinux2014_aarch64", "manylinux_2_17_aarch64", "manylinux_2_25_aarch64"} <= set(platforms)
