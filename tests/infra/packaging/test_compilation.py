"""Tests that a module that cannot be compiled stops the build, unless it is none of this Python."""

import subprocess
import sys
from pathlib import Path

import pulumi
import pytest

from components.packaging.compilation import compile_modules
from components.packaging.wheel import File
from tests.infra.packaging.trees import build, write


def compiled(root: Path, **files: File) -> set[str]:
    """Compile ``files``, by their names without ``.py``. Return the names of the compiled ones."""
    named = {f"{name}.py": file for name, file in files.items()}
    for name, file in named.items():
        (root / name).write_bytes(file.content)
    compile_modules(root, named)
    return {path.name.partition(".")[0] for path in (root / "__pycache__").glob("*.pyc")}


@pytest.mark.parametrize("content", [b"print 'two'\n", b"{{ name }} = 1 +\n", b"\0", b"'\xff'\n"])
def test_a_file_of_a_library_that_is_no_module_of_this_python_stays_as_it_is(tmp_path: Path, content: bytes) -> None:
    assert compiled(tmp_path, good=File(b"", owner="a==1"), other=File(content, owner="a==1")) == {"good"}


def test_a_file_of_the_project_that_cannot_be_compiled_is_named_with_the_reason(tmp_path: Path) -> None:
    with pytest.raises(pulumi.RunError, match=r"could not compile own\.py:\n(.|\n)*SyntaxError"):
        compiled(tmp_path, own=File(b"print 'two'\n"))


def test_a_compiler_that_fails_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(pulumi.RunError, match=r"could not compile good\.py"):
        compiled(tmp_path, good=File(b"", owner="a==1"))


def test_a_compiler_that_says_that_it_failed_is_an_error_even_if_nothing_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = subprocess.run

    def fail(*arguments: object, **options: object) -> subprocess.CompletedProcess[str]:
        done = run(*arguments, **options)  # type: ignore[call-overload]  # whatever it is called with
        return subprocess.CompletedProcess(done.args, 1, done.stdout, "out of space")

    monkeypatch.setattr(subprocess, "run", fail)
    with pytest.raises(pulumi.RunError, match="could not compile all modules:\nout of space"):
        compiled(tmp_path, good=File(b""))


def test_a_module_that_python_cannot_read_is_named_with_its_line(tree: Path) -> None:
    write(tree, "shop/late.py", "PLUS = 0\nprint 'two'\n")
    with pytest.raises(pulumi.RunError, match=r"shop/late\.py:2: Missing parentheses"):
        build(tree)
