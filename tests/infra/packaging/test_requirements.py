"""Tests that a requirements file is read as pip reads it."""

from pathlib import Path

import pulumi
import pytest
from packaging.version import Version

from components.packaging.requirements import Pin, Requirements
from tests.infra.packaging.archives import HERE


def read(folder: Path, text: str) -> dict[str, set[str]]:
    file = folder / "requirements.txt"
    file.write_text(text)
    return {name: set(extras) for name, extras in load(folder).extras.items() if extras}


def load(folder: Path) -> Requirements:
    return Requirements.read(folder, HERE.markers(""))


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
    assert load(tmp_path) == Requirements()


@pytest.mark.parametrize(
    "line", ["Odd_Name.lib==2026.01.0", "odd-name-lib == 2026.1", 'odd-name-lib==2026.1.0; os_name == "posix"']
)
def test_a_version_is_pinned_however_its_line_is_written(tmp_path: Path, line: str) -> None:
    (tmp_path / "requirements.txt").write_text(f'{line}  # why\nodd.name.lib==1; os_name == "nt"\n')
    [(name, version)] = load(tmp_path).versions.items()
    assert name == "odd-name-lib"
    assert Version(version) == Version("2026.1")


@pytest.mark.parametrize("line", ["a", "a>=1", "a==1.*", "a~=1.0", "a==1,<2", "a @ https://example.com/a.whl", "a===1"])
def test_what_does_not_ask_for_one_version_pins_none(tmp_path: Path, line: str) -> None:
    (tmp_path / "requirements.txt").write_text(f"{line}\n")
    with pytest.raises(
        pulumi.RunError, match=r"pins no version of a, which a function needs; add a==1 to requirements-app.txt"
    ):
        load(tmp_path).check([Pin("a", "1")])


def test_another_version_than_the_pinned_one_is_named_with_both(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("first==1.0\nsecond==2.0\nthird==3.0\n")
    load(tmp_path).check([Pin("first", "1.0")])
    with pytest.raises(pulumi.RunError) as refused:
        load(tmp_path).check([Pin("first", "1.1"), Pin("second", "2.0"), Pin("third", "3.1")])
    assert str(refused.value).splitlines()[1:] == [
        "  requirements.txt pins first==1.0, but 1.1 is installed; run: python -m pip install -r requirements.txt",
        "  requirements.txt pins third==3.0, but 3.1 is installed; run: python -m pip install -r requirements.txt",
    ]


def test_what_the_tools_need_is_in_files_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("first==1.0\n-r requirements-app.txt\n")
    (tmp_path / "requirements-app.txt").write_text("own[more]==2.0\n")
    (tmp_path / "wheels-app.txt").write_text(f"own==2.0 --hash=sha256:{'a' * 64}\n")
    whole, product = load(tmp_path), Requirements.read(tmp_path, {}, own=False)
    assert whole.versions == {"first": "1.0", "own": "2.0"}
    assert whole.extras["own"] == {"more"}
    assert whole.hashes == {Pin("own", "2.0"): {"a" * 64}}
    assert product.versions == {"first": "1.0"}
    assert not product.hashes


@pytest.mark.parametrize("file", ["requirements.txt", "wheels.txt"])
def test_hashes_are_read_from_both_files(tmp_path: Path, file: str) -> None:
    one, two = "a" * 64, "b" * 64
    (tmp_path / "requirements.txt").write_text("first==1.0\n")
    (tmp_path / file).write_text(f"first==1.0 \\\n    --hash=sha256:{one} \\\n    --hash=sha256:{two}\n")
    assert load(tmp_path).hashes == {Pin("first", "1.0"): {one, two}}


def test_hashes_of_another_version_are_not_passed_over(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("first==1.1\n")
    (tmp_path / "wheels.txt").write_text(f"first==1.0 --hash=sha256:{'a' * 64}\n")
    with pytest.raises(
        pulumi.RunError, match=r"has hashes of first==1.0, but requirements.txt pins first==1.1; run: make"
    ):
        load(tmp_path).check([Pin("first", "1.1")])
