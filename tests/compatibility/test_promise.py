"""A minor release takes nothing away that others build upon (``docs/versions.md``)."""

import hashlib
import json
from datetime import date
from pathlib import Path

import pytest
from semver import Version

from runtime.version import VERSION
from tests.compatibility import releasing
from tests.compatibility.releasing import NoRelease, release
from tests.compatibility.surface import FILE, KINDS, ROOT, Shape, Surface, breaks

RECORDED = json.loads(FILE.read_bytes())
ADVICE = (
    "Somebody's settings, scripts, tools or clients need this. Keep it beside the new one, name it under Deprecated in "
    "CHANGELOG.md, and take it away with the next major release."
)
BEFORE: Surface = {
    "/edge": "null|string",
    '/edge="none"': "value",
    "/days at least": 1,
    "/days at most": 30,
    " requires": ["edge"],
    "/upstream": "object",
}


def test_the_last_release_is_recorded() -> None:
    assert RECORDED["version"] == VERSION
    assert RECORDED["kinds"].keys() == KINDS.keys()


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_that_others_build_upon_is_gone_or_changed(kind: str) -> None:
    assert not breaks(RECORDED["kinds"][kind], KINDS[kind]()), ADVICE


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_finds_something(kind: str) -> None:
    assert len(KINDS[kind]()) > 10


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({'/edge="none"': None}, '/edge="none" is gone'),
        ({"/edge": "string"}, "/edge is 'string' instead of 'null|string'"),
        ({"/days at least": 2}, "/days at least 2 instead of 1"),
        ({"/days at most": 29}, "/days at most 29 instead of 30"),
        ({" requires": ["days", "edge"]}, " requires days, too"),
        ({"/upstream requires": ["issuer"]}, "/upstream requires issuer"),
    ],
)
def test_what_is_taken_away_is_found(changed: dict[str, Shape | None], found: str) -> None:
    now = {name: shape for name, shape in {**BEFORE, **changed}.items() if shape is not None}
    assert breaks(BEFORE, now) == [found]


@pytest.mark.parametrize(
    "added",
    [
        {"/tracing": "boolean"},
        {'/edge="domain"': "value"},
        {"/days at least": 0, "/days at most": 60},
        {" requires": []},
        {"/new": "object", "/new requires": ["member"]},
    ],
)
def test_what_is_added_breaks_nothing(added: Surface) -> None:
    assert not breaks(BEFORE, {**BEFORE, **added})


def test_a_limit_that_is_lifted_breaks_nothing() -> None:
    assert not breaks({"/days at most": 30}, {})


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The files that a release reads and writes, with a shipped tool."""
    tool = tmp_path / "runtime" / "app" / "tools.py"
    tool.parent.mkdir(parents=True)
    tool.write_text("shipped")
    filling = {"runtime/app/tools.py": hashlib.sha256(tool.read_bytes()).hexdigest()}
    (tmp_path / "filling.json").write_text(json.dumps(filling))
    monkeypatch.setattr(releasing, "FIRST_FILLING", tmp_path / "filling.json")
    (tmp_path / "runtime" / "version.py").write_bytes((ROOT / "runtime" / "version.py").read_bytes())
    (tmp_path / "CHANGELOG.md").write_text(f"## [Unreleased]\n\n### Added\n\n- One.\n\n## [{VERSION}] - 2026-01-01\n")
    return tmp_path


def test_a_release_has_the_unreleased_changes_under_its_version(copy: Path) -> None:
    new = str(Version.parse(VERSION).bump_minor())
    release(new, date(2027, 1, 2), copy)
    assert f'VERSION: Final = "{new}"\n' in (copy / "runtime" / "version.py").read_text()
    assert (copy / "CHANGELOG.md").read_text() == (
        f"## [Unreleased]\n\n## [{new}] - 2027-01-02\n\n### Added\n\n- One.\n\n## [{VERSION}] - 2026-01-01\n"
    )


def test_a_release_comes_after_the_last_one_and_has_changes(copy: Path) -> None:
    with pytest.raises(NoRelease, match="does not come after"):
        release(VERSION, date(2027, 1, 2), copy)
    (copy / "CHANGELOG.md").write_text(f"## [Unreleased]\n\n## [{VERSION}] - 2026-01-01\n")
    with pytest.raises(NoRelease, match="nothing under Unreleased"):
        release(str(Version.parse(VERSION).bump_minor()), date(2027, 1, 2), copy)


def test_a_release_changes_no_file_that_an_owner_starts_with(copy: Path) -> None:
    (copy / "runtime" / "app" / "tools.py").write_text("another example")
    with pytest.raises(NoRelease, match=r"so leave them as they were: runtime/app/tools\.py"):
        release(str(Version.parse(VERSION).bump_minor()), date(2027, 1, 2), copy)
