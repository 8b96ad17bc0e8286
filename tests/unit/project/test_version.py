"""The project has one version, and everything that states one states this one."""

import re
import tomllib
from datetime import date
from pathlib import Path

import pytest
import yaml
from semver import Version

from admin.__main__ import main
from admin.doctor.web import USER_AGENT as DOCTOR
from runtime.authoring import App
from runtime.http.user_agent import USER_AGENT
from runtime.version import VERSION

ROOT = Path(__file__).resolve().parents[3]
HEADING = re.compile(r"^## \[(?P<version>[^]]+)\](?: - (?P<day>\S+))?$", re.MULTILINE)


def test_the_newest_release_of_the_changelog_is_this_version() -> None:
    unreleased, newest, *older = HEADING.finditer((ROOT / "CHANGELOG.md").read_text())
    assert (unreleased["version"], unreleased["day"]) == ("Unreleased", None)
    assert newest["version"] == VERSION
    releases = [newest, *older]
    versions = [Version.parse(release["version"]) for release in releases]
    assert versions == sorted(set(versions), reverse=True)
    days = [date.fromisoformat(release["day"]) for release in releases]
    assert days == sorted(days, reverse=True)


def test_other_servers_are_told_the_version() -> None:
    assert f"remote-mcp/{VERSION}" == USER_AGENT
    assert f"remote-mcp-doctor/{VERSION}" == DOCTOR


def test_clients_are_told_the_version_unless_the_app_has_one_of_its_own() -> None:
    assert App(modules=[]).version == VERSION
    assert App(modules=[], version="2026.1").version == "2026.1"


def test_the_commands_state_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"{VERSION}\n"


def test_the_description_of_the_api_has_the_major_version() -> None:
    """A minor release adds to the API. Its description is a document by itself, so it need not count those."""
    described = yaml.load((ROOT / "schemas" / "openapi.yaml").read_text(), yaml.CSafeLoader)
    assert described["info"]["version"] == str(Version.parse(VERSION).major)


def test_a_package_of_the_project_has_the_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text()).get("project", {})
    assert project.get("version", VERSION) == VERSION


def test_each_test_that_a_promise_about_releases_rests_on_is_there() -> None:
    promised = set(
        re.findall(r"`((?:compatibility|engine|infra|unit)/\S+\.py)`", (ROOT / "docs" / "versions.md").read_text())
    )
    assert len(promised) > 4
    assert not [path for path in promised if not (ROOT / "tests" / path).exists()]
