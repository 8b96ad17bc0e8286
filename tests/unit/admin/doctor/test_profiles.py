"""The profiles are claims about other people's programs: each has its sources, and none contradicts itself."""

import datetime

import pytest

from admin.doctor.clients import PROFILES
from admin.doctor.profile import Profile

EACH = pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.name)


def test_every_client_is_there_once() -> None:
    names = [profile.name.lower() for profile in PROFILES]
    assert len(set(names)) == len(names)
    assert {"claude", "claude code", "chatgpt", "vs code", "cursor", "copilot studio", "mcp inspector"} <= set(names)
    assert {"mcp-remote", "python sdk", "typescript sdk"} <= set(names)


@EACH
def test_every_claim_has_a_dated_public_source_and_what_is_assumed_is_said(profile: Profile) -> None:
    assert profile.sources
    assert profile.assumed
    for source in profile.sources:
        assert source.url.startswith("https://")
        assert source.says
        assert datetime.date.fromisoformat(source.date) > datetime.date(2026, 1, 1)


@EACH
def test_a_client_registers_the_redirect_uri_that_it_uses(profile: Profile) -> None:
    assert profile.redirect_uri in profile.registration.get("redirect_uris", [profile.redirect_uri])
    assert "client_name" in profile.registration


@EACH
def test_a_client_with_a_document_has_it_on_https(profile: Profile) -> None:
    assert profile.document is None or profile.document.startswith("https://")
