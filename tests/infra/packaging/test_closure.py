"""Tests of the closure of a module: its modules, libraries and data."""

from pathlib import Path

import pytest

from components.packaging.closure import closure


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path


def write(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)


def files_of(root: Path, module: str = "own") -> set[str]:
    return {file.relative_to(root).as_posix() for file in closure(root, module).files}


def libraries_of(root: Path, text: str) -> dict[str, bool]:
    """Return the libraries that a module imports, and whether each is optional."""
    write(root, {"own/__init__.py": "", "own/entry.py": text})
    return {found.name: found.optional for found in closure(root, "own.entry").third_party}


def test_a_data_folder_comes_whole_with_the_python_below_it(root: Path) -> None:
    data = {
        "own/skills/x/SKILL.md",
        "own/skills/x/scripts/fill.py",
        "own/skills/x/scripts/helpers/__init__.py",
        "own/skills/x/scripts/helpers/form.py",
        "own/templates/a.html",
        "own/notes.txt",
        "own/__init__.pyi",
    }
    write(root, {"own/__init__.py": ""} | dict.fromkeys(data, ""))
    assert files_of(root) == {"own/__init__.py", *data}


def test_a_package_that_nothing_imports_is_no_data(root: Path) -> None:
    write(root, {"own/__init__.py": "", "own/beside.py": "", "own/other/__init__.py": "", "own/other/data/a.csv": ""})
    assert files_of(root) == {"own/__init__.py"}


def test_what_python_makes_itself_is_no_data(root: Path) -> None:
    write(root, {"own/__init__.py": "", "own/scripts/fill.py": "", "own/scripts/__pycache__/fill.cpython-311.pyc": ""})
    write(root, {"own/venv/pyvenv.cfg": "", "own/venv/lib/library.py": "", "own/__pycache__/a.pyc": "", "own/.env": ""})
    (root / "own" / "scripts" / "loop").symlink_to(root / "own", target_is_directory=True)
    assert files_of(root) == {"own/__init__.py", "own/scripts/fill.py"}


@pytest.mark.parametrize(
    "text",
    [
        'from importlib.resources import files\n\nfiles("own.data")\n',
        'from importlib import resources\n\nresources.files("own.data").joinpath("a.csv")\n',
        'import pkgutil\n\npkgutil.get_data("own.data", "a.csv")\n',
        'from importlib import import_module\n\nimport_module("own.data")\n',
        'from importlib import import_module\n\nimport_module(".data", __package__)\n',
        '__import__("own.data")\n',
    ],
)
def test_a_package_that_is_named_to_what_imports_or_reads_it_comes_with_its_data(root: Path, text: str) -> None:
    write(root, {"own/__init__.py": "", "own/entry.py": text, "own/data/__init__.py": "", "own/data/a.csv": ""})
    assert {"own/data/__init__.py", "own/data/a.csv"} <= files_of(root, "own.entry")


def test_a_package_of_folders_alone_is_the_project_s(root: Path) -> None:
    write(root, {"entry.py": "from deep.er.still import module\nimport deep.er.still.module\n"})
    write(root, {"deep/er/still/module.py": ""})
    assert files_of(root, "entry") == {"entry.py", "deep/er/still/module.py"}


@pytest.mark.parametrize(
    "text",
    [
        "try:\n    import library\nexcept ImportError:\n    library = None\n",
        "from contextlib import suppress\n\nwith suppress(ImportError):\n    import library\n",
        "import sys\n\nif sys.platform == 'win32':\n    import library\n",
        "import sys\n\nif sys.version_info >= (3, 11):\n    import tomllib\nelse:\n    import library\n",
        "import os\n\nif os.name == 'nt':\n    import library\n",
        "from importlib.util import find_spec\n\nif find_spec('library'):\n    import library\n",
        'from importlib.resources import files\n\nfiles("library")\n',
    ],
)
def test_a_library_that_may_be_missing_is_optional(root: Path, text: str) -> None:
    assert libraries_of(root, text) == {"library": True}


@pytest.mark.parametrize(
    "text",
    [
        "import library\n",
        "def late():\n    import library\n",
        "import os\n\nif os.environ.get('LIBRARY'):\n    import library\n",
        "try:\n    import library\nexcept ValueError:\n    pass\n",
        "with open('x'):\n    import library\n",
        'from importlib import import_module\n\nimport_module("library")\n',
        "try:\n    import library\nexcept ImportError:\n    pass\n\nimport library\n",
    ],
)
def test_a_library_that_may_not_be_missing_is_not(root: Path, text: str) -> None:
    assert libraries_of(root, text) == {"library": False}


def test_what_only_type_checkers_import_is_not_needed(root: Path) -> None:
    assert libraries_of(root, "from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    import library\n") == {}


@pytest.mark.parametrize("text", ["import zoneinfo\n", "from zoneinfo import ZoneInfo\n"])
def test_time_zones_come_with_the_library_that_holds_them(root: Path, text: str) -> None:
    assert libraries_of(root, text) == {"tzdata": True}


@pytest.mark.parametrize("name", ["", ".", "/etc", "../other", "two words", "utf-8"])
def test_a_text_that_is_no_module_s_name_is_ignored(root: Path, name: str) -> None:
    assert libraries_of(root, f"import_module({name!r})\n") == {}
