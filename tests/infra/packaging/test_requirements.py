"""Tests that a requirements file is read as pip reads it."""

from pathlib import Path

import pulumi
import pytest

from components.packaging.requirements import read_extras
from tests.infra.packaging.archives import HERE


def read(folder: Path, text: str) -> dict[str, set[str]]:
    file = folder / "requirements.txt"
    file.write_text(text)
    return {name: set(extras) for name, extras in read_extras(file, HERE.markers("")).items() if extras}


@pytest.mark.parametrize(
    "line",
    [
        "httpx[http2]==0.28.1",
        "HTTPX [ HTTP2 ] == 0.28.1  # a comment",
        "httpx[http2] @ https://example.com/httpx-0.28.1-py3-none-any.whl#sha256=x",
        'httpx[http2]==0.28.1; sys_platform == "linux"',
        "httpx[http2]==0.28.1 \\\n    --hash=sha256:abc \\\n    --hash=sha256:def",
        "\ufeffhttpx[http2]\r\n",
    ],
)
def test_an_extra_is_read_however_its_line_is_written(tmp_path: Path, line: str) -> None:
    assert {name: {extra.lower() for extra in extras} for name, extras in read(tmp_path, line).items()} == {
        "httpx": {"http2"}
    }


def test_the_extras_of_all_lines_of_a_distribution_count(tmp_path: Path) -> None:
    assert read(tmp_path, "a_b[x]\nA.B[y,z]\n") == {"a-b": {"x", "y", "z"}}


@pytest.mark.parametrize(
    "line",
    [
        "# httpx[http2]",
        "httpx==0.28.1",
        'httpx[http2]; sys_platform == "win32"',
        "--index-url https://example.com/[x]",
        "./wheels/httpx-0.28.1-py3-none-any.whl",
        "",
    ],
)
def test_other_lines_ask_for_none(tmp_path: Path, line: str) -> None:
    assert read(tmp_path, line) == {}


@pytest.mark.parametrize("option", ["-r more/base.txt", "-rmore/base.txt", "--requirement=more/base.txt"])
def test_included_files_count_and_may_include_each_other(tmp_path: Path, option: str) -> None:
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "base.txt").write_text("-r ../requirements.txt\nhttpx[http2]\n")
    assert read(tmp_path, f"{option}\npydantic[email]\n") == {"httpx": {"http2"}, "pydantic": {"email"}}


def test_an_included_file_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(pulumi.RunError, match=r"requirements.txt includes nowhere.txt, which does not exist"):
        read(tmp_path, "-r nowhere.txt")


def test_a_project_without_the_file_asks_for_none(tmp_path: Path) -> None:
    assert read_extras(tmp_path / "requirements.txt", HERE.markers("")) == {}
