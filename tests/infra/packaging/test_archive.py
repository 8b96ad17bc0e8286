"""Tests of archives: their content, and that the same input gives the same bytes."""

import hashlib
import os
import sys
import zipfile
from pathlib import Path

import pytest

from components.packaging import archive
from tests.infra.packaging.archives import contents, run
from tests.infra.packaging.trees import TREE, build, write


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


def test_files_are_stored_as_they_are_so_every_zlib_gives_the_same_bytes(tree: Path) -> None:
    write(tree, "shop/prices/table.csv", "a,b\n" * 10_000)
    assert {entry.compress_type for entry in zipfile.ZipFile(build(tree)).infolist()} == {zipfile.ZIP_STORED}


@pytest.mark.parametrize(("spare", "method"), [(0, zipfile.ZIP_STORED), (-1, zipfile.ZIP_DEFLATED)])
def test_only_what_lambda_would_not_take_stored_is_compressed(
    tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spare: int, method: int
) -> None:
    end = 22
    stored = build(tree).stat().st_size - end
    (tmp_path / "tree-cache").rename(tmp_path / "before")
    monkeypatch.setattr(archive, "ZIPPED_BYTES", stored + spare)
    assert {entry.compress_type for entry in zipfile.ZipFile(build(tree)).infolist()} == {method}


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
