"""Tests that an archive contains what ``pip install --target`` installs, without unused test modules."""

from pathlib import Path

import pytest

from components.packaging.unused import without_tests
from components.packaging.wheel import File, wheel_files
from tests.infra.packaging.archives import make_wheel


def package(wheel: Path) -> dict[str, File]:
    return dict(wheel_files(wheel, "library 1.0"))


def test_a_wheel_is_packaged_with_all_that_its_code_may_read(tmp_path: Path) -> None:
    files = {
        "library/__init__.py": "",
        "library/__init__.pyi": "from . import late\n",
        "library/__main__.py": "",
        "library/py.typed": "",
        "library/docs/__init__.py": "",
        "library/examples/one.json": "{}",
        "library/benchmarks/__init__.py": "",
        "library/tests/__init__.py": "",
        "library/tests/helper.py": "",
        "library/include/library.h": "",
        "library.libs/libone.so.1": "",
        "single_module.py": "",
        "nspkg.pth": "",
        "library-1.0.dist-info/entry_points.txt": "[library.plugins]\none = library:one\n",
        "library-1.0.dist-info/licenses/LICENSE": "",
        "library-1.0.dist-info/top_level.txt": "library\n",
    }
    written = {f"library-1.0.dist-info/{name}" for name in ("METADATA", "RECORD", "WHEEL")}
    assert package(make_wheel(tmp_path, "library", files)).keys() == files.keys() | written


@pytest.mark.parametrize(
    ("kind", "place"),
    [("purelib", "one"), ("platlib", "one"), ("data", "one"), ("scripts", "bin/one"), ("headers", None)],
)
def test_what_lies_beside_the_modules_goes_where_pip_would_put_it(tmp_path: Path, kind: str, place: str | None) -> None:
    """PEP 427, "The .data directory"."""
    found = package(make_wheel(tmp_path, "library", {f"library-1.0.data/{kind}/one": ""}))
    assert {name for name in found if "dist-info" not in name} == ({place} if place else set())


def test_a_program_in_a_wheel_can_still_be_executed(tmp_path: Path) -> None:
    files = {"library/program": "", "library/__init__.py": ""}
    found = package(make_wheel(tmp_path, "library", files, executable="library/program"))
    assert {name for name, file in found.items() if file.executable} == {"library/program"}


def keep_without_tests(*libraries: tuple[str, str], own: tuple[tuple[str, str], ...] = ()) -> set[str]:
    files = {name: File(text.encode(), owner="library 1.0") for name, text in libraries}
    return set(without_tests(files | {name: File(text.encode()) for name, text in own}))


def test_a_test_module_that_nothing_names_is_left_out() -> None:
    record = ("library-1.0.dist-info/RECORD", "library/tests/test_one.py,sha256=x,1\n")
    files = [("library/__init__.py", ""), ("library/tests/deep/test_one.py", "import pytest\n"), record]
    assert keep_without_tests(*files) == {"library/__init__.py", "library-1.0.dist-info/RECORD"}


def test_what_else_lies_in_a_folder_of_tests_stays() -> None:
    files = {"library/tests/__init__.py", "library/tests/helper.py", "library/tests/data/a.csv", "library/test_one.py"}
    assert keep_without_tests(*((name, "") for name in files)) == files


@pytest.mark.parametrize(
    "user",
    [
        ("library/__init__.py", "from library.tests.test_one import check\n"),
        ("library/__init__.py", "def check():\n    return import_module('library.tests.test_one')\n"),
        ("library/core.so", "\0library.tests.test_one\0"),
        ("library-1.0.dist-info/entry_points.txt", "[checks]\none = library.tests.test_one:check\n"),
        ("other/__init__.py", "from library.tests import test_one\n"),
    ],
    ids=["import", "text", "compiled", "entry point", "another library"],
)
def test_a_test_module_that_something_names_stays_with_those_that_it_names(user: tuple[str, str]) -> None:
    files = [("library/tests/test_one.py", "from library.tests.test_two import check\n")]
    files += [("library/tests/test_two.py", ""), ("library/tests/test_three.py", "import library.tests.test_two\n")]
    assert keep_without_tests(user, *files) == {user[0], "library/tests/test_one.py", "library/tests/test_two.py"}


def test_the_project_s_own_test_modules_are_no_business_of_this() -> None:
    assert keep_without_tests(own=(("own/tests/test_one.py", ""),)) == {"own/tests/test_one.py"}
