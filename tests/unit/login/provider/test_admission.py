"""Who may log in: verified e-mail domains and groups, in the formats of different providers."""

import contextlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from runtime.login.provider import admission
from runtime.login.provider.identity import NotAllowed, ProviderRefused, User
from runtime.login.provider.openid import OpenIDConnectProvider
from runtime.settings import IdentityProviderSettings
from tests.support.provider_server import NONCE, Provider

OpenIDWith = Callable[..., OpenIDConnectProvider]
DOMAIN: dict[str, Any] = {"allowed_email_domains": ("example.com",)}
GROUP: dict[str, Any] = {"allowed_groups": ("staff",)}


def identify(openid_with: OpenIDWith, provider: Provider, settings: dict[str, Any], **claims: Any) -> User:
    provider.token["id_token"] = provider.id_token(**claims)
    return openid_with(**settings).identify("code", "verifier", NONCE, None)


@pytest.mark.parametrize(
    "claims",
    [
        {},
        {"email": "Alice@EXAMPLE.com"},
        {"email_verified": "true"},
        {"email_verified": None, "xms_edov": True},
        {"email_verified": None, "xms_edov": "1"},
        {"email_verified": None, "xms_edov": 1},
        {"email_verified": True, "xms_edov": None},
        {"email_verified": True, "xms_edov": True},
        {"email": "alï.ce+tag@example.com"},
    ],
)
def test_a_verified_address_in_an_allowed_domain_gets_in(
    openid_with: OpenIDWith, provider: Provider, claims: dict[str, Any]
) -> None:
    assert identify(openid_with, provider, DOMAIN, **claims).subject == "248289761001"


@pytest.mark.parametrize(
    ("claims", "said"),
    [
        ({"email": "alice@example.org"}, "not in an allowed domain"),
        ({"email": "alice@sub.example.com"}, "not in an allowed domain"),
        ({"email": "alice@example.com.evil.example"}, "not in an allowed domain"),
        ({"email": "alice@example.com@evil.example"}, "not in an allowed domain"),
        ({"email": "alice@evil.example@example.com"}, "not in an allowed domain"),
        ({"email": '"alice@evil.example"@example.com'}, "not in an allowed domain"),
        ({"email": "@example.com"}, "not in an allowed domain"),
        ({"email": "example.com"}, "not in an allowed domain"),
        ({"email": "alice@example.com."}, "not in an allowed domain"),
        ({"email": "alice@example.com "}, "not in an allowed domain"),
        ({"email": " alice@example.com"}, "not in an allowed domain"),
        ({"email": "alice\n@example.com"}, "not in an allowed domain"),
        ({"email": "alice@example.com\n"}, "not in an allowed domain"),
        ({"email": "mallory@evil.example, alice@example.com"}, "not in an allowed domain"),
        ({"email": "mallory <alice@example.com>"}, "not in an allowed domain"),
        ({"email": "alice@ex\u0430mple.com"}, "not in an allowed domain"),
        ({"email": "alice@example\uff0ecom"}, "not in an allowed domain"),
        ({"email": "alice@evilexample.com"}, "not in an allowed domain"),
        ({"email": "example.com@"}, "not in an allowed domain"),
        ({"email": ["alice@example.com"]}, "not in an allowed domain"),
        ({"email": None}, "not in an allowed domain"),
        ({"email_verified": False}, "did not verify"),
        ({"email_verified": "false"}, "did not verify"),
        ({"email_verified": None}, "did not verify"),
        ({"email_verified": None, "xms_edov": False}, "did not verify"),
        ({"email_verified": False, "xms_edov": True}, "did not verify"),
        ({"email_verified": True, "xms_edov": False}, "did not verify"),
        ({"email_verified": True, "xms_edov": "0"}, "did not verify"),
        ({"email_verified": "yes"}, "did not verify"),
        ({"email_verified": [True]}, "did not verify"),
    ],
)
def test_any_other_address_does_not(
    openid_with: OpenIDWith, provider: Provider, claims: dict[str, Any], said: str
) -> None:
    with pytest.raises(NotAllowed, match=said) as refused:
        identify(openid_with, provider, DOMAIN, **claims)
    assert refused.value.status == 403


def test_an_address_and_that_it_is_verified_never_come_from_two_places(
    openid_with: OpenIDWith, provider: Provider
) -> None:
    provider.metadata["userinfo_endpoint"] = f"{provider.issuer}/userinfo"
    provider.userinfo = {"sub": "248289761001", "email": "alice@elsewhere.example", "email_verified": True}
    with pytest.raises(NotAllowed, match="not in an allowed domain"):
        identify(openid_with, provider, DOMAIN, email="alice@example.com", email_verified=None)


def test_that_an_address_is_verified_may_stand_at_the_userinfo_endpoint_alone(
    openid_with: OpenIDWith, provider: Provider
) -> None:
    provider.metadata["userinfo_endpoint"] = f"{provider.issuer}/userinfo"
    provider.userinfo = {"sub": "248289761001", "email": "alice@example.com", "email_verified": True}
    assert identify(openid_with, provider, DOMAIN, email_verified=None).email == "alice@example.com"


@pytest.mark.parametrize(
    ("id_token", "userinfo"),
    [
        ({"email_verified": True}, {"email": "alice@example.com", "email_verified": False}),
        ({"email_verified": True}, {"email_verified": "false"}),
        ({"email_verified": None, "xms_edov": True}, {"email_verified": False}),
        ({"email": None, "email_verified": False}, {"email": "alice@example.com", "email_verified": True}),
        ({"email_verified": True}, {"xms_edov": False}),
    ],
)
def test_no_place_may_deny_what_the_other_says(
    openid_with: OpenIDWith, provider: Provider, id_token: dict[str, Any], userinfo: dict[str, Any]
) -> None:
    """The groups are at the userinfo endpoint, so both places are asked."""
    provider.metadata["userinfo_endpoint"] = f"{provider.issuer}/userinfo"
    provider.userinfo = {"sub": "248289761001", "groups": ["staff"], **userinfo}
    with pytest.raises(NotAllowed, match="did not verify"):
        identify(openid_with, provider, DOMAIN | GROUP, **id_token)


@pytest.mark.parametrize("email", ["alice@a.example@b.example", "@", "alice", "a b@example.com"])
def test_what_is_no_address_is_not_shown_as_one(openid_with: OpenIDWith, provider: Provider, email: str) -> None:
    assert identify(openid_with, provider, {}, email=email).email is None


def test_letters_that_only_python_takes_for_those_of_a_domain_are_others(
    provider_settings: IdentityProviderSettings,
) -> None:
    """``"\u212a".lower()`` is ``"k"``; a domain name is ASCII (RFC 5321 4.1.2)."""
    settings = replace(provider_settings, allowed_email_domains=("kiosk.example",))
    claims = {"sub": "s", "email": "alice@KIOS\u212a.example", "email_verified": True}
    with pytest.raises(NotAllowed, match="not in an allowed domain"):
        admission.admit_user(claims, settings)
    assert admission.admit_user(claims | {"email": "alice@KIOSK.example"}, settings).subject == "s"


GOOGLE = {"sub": "s", "email": "alice@example.com", "email_verified": True}


@pytest.mark.parametrize(
    ("changes", "allowed"),
    [
        ({"hd": "example.com"}, True),
        ({"hd": "Example.COM"}, True),
        ({"hd": "example.org"}, True),
        ({"email": "alice@gmail.com"}, True),
        ({}, False),
        ({"hd": None}, False),
        ({"hd": ""}, False),
        ({"hd": "evil.example"}, False),
        ({"hd": ["example.com"]}, False),
        ({"hd": "example.com", "email": "alice@evil.example"}, False),
        ({"hd": "example.com", "email_verified": False}, False),
        ({"email": "alice@gmail.com@example.com"}, False),
    ],
)
def test_a_personal_google_account_with_a_company_address_does_not_get_in(
    provider_settings: IdentityProviderSettings, changes: dict[str, Any], allowed: bool
) -> None:
    """Google verifies any address once; only ``hd`` says that the account is its organisation's.

    What ends in ``@gmail.com`` is Google's own address, and has no organisation.
    """
    domains = ("example.com", "example.org", "gmail.com")
    settings = replace(provider_settings, issuer="https://accounts.google.com", allowed_email_domains=domains)
    with contextlib.nullcontext() if allowed else pytest.raises(NotAllowed):
        assert admission.admit_user(GOOGLE | changes, settings).email


def test_where_the_domain_does_not_matter_a_google_account_needs_no_organisation(
    provider_settings: IdentityProviderSettings,
) -> None:
    settings = replace(provider_settings, issuer="https://accounts.google.com")
    assert admission.admit_user(GOOGLE, settings).email == "alice@example.com"


@pytest.mark.parametrize("groups", [["staff"], ["other", "staff"], "staff"])
def test_a_member_of_an_allowed_group_gets_in(openid_with: OpenIDWith, provider: Provider, groups: Any) -> None:
    assert identify(openid_with, provider, GROUP, groups=groups).subject == "248289761001"


@pytest.mark.parametrize(
    "claims",
    [
        {},
        {"groups": []},
        {"groups": ["Staff", "staff2"]},
        {"groups": {"staff": True}},
        {"groups": [["staff"], None]},
        {"groups": "staff other"},
        {"_claim_names": {"groups": "src1"}},
        {"_claim_names": "groups"},
    ],
)
def test_nobody_else_does(openid_with: OpenIDWith, provider: Provider, claims: dict[str, Any]) -> None:
    with pytest.raises(NotAllowed, match="not in an allowed group"):
        identify(openid_with, provider, GROUP, **claims)


def test_groups_that_the_id_token_lacks_come_from_the_userinfo_endpoint(
    openid_with: OpenIDWith, provider: Provider
) -> None:
    provider.metadata["userinfo_endpoint"] = f"{provider.issuer}/userinfo"
    provider.userinfo = {"sub": "248289761001", "https://example.com/roles": ["staff"]}
    settings = GROUP | {"groups_claim": "https://example.com/roles"}
    assert identify(openid_with, provider, settings).subject == "248289761001"


@pytest.mark.parametrize(("groups", "email"), [(["other"], "alice@example.com"), (["staff"], "alice@example.org")])
def test_where_both_are_set_both_must_hold(
    openid_with: OpenIDWith, provider: Provider, groups: list[str], email: str
) -> None:
    with pytest.raises(NotAllowed):
        identify(openid_with, provider, DOMAIN | GROUP, groups=groups, email=email)


def test_the_subject_is_the_claim_that_the_stack_names(openid_with: OpenIDWith, provider: Provider) -> None:
    assert identify(openid_with, provider, {"subject_claim": "oid"}, oid="6f9619ff").subject == "6f9619ff"


@pytest.mark.parametrize("oid", [None, "", 7, "x" * 256, "a\nb", "\ud800"])
def test_without_a_subject_nobody_logs_in(openid_with: OpenIDWith, provider: Provider, oid: Any) -> None:
    with pytest.raises(ProviderRefused, match="valid user ID"):
        identify(openid_with, provider, {"subject_claim": "oid"}, oid=oid)


@pytest.mark.parametrize(("name", "shown"), [(None, "al"), (7, "al"), ("A\x1bB", "al"), ("x" * 400, "x" * 320)])
def test_a_name_that_cannot_be_shown_is_left_out(
    openid_with: OpenIDWith, provider: Provider, name: Any, shown: str
) -> None:
    assert identify(openid_with, provider, {}, name=name, preferred_username="al").name == shown
