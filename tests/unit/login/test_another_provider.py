"""Users belong to one identity provider: the same subject at another provider is another user.

OpenID Connect Core 1.0, 5.7: "The sub and iss Claims, used together, are the only Claims that an RP can rely upon as a
stable identifier for the End-User".
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from runtime.login.endpoints import endpoints
from runtime.login.stores import LoginStores
from runtime.oauth.clients.authentication import ClientAuthenticator
from runtime.oauth.endpoints import endpoints as oauth_endpoints
from runtime.oauth.remote.fetch import Fetcher
from runtime.oauth.stores import Stores
from runtime.settings import LoginSettings, OAuthSettings
from runtime.storage.grants import DynamoDBGrants
from runtime.storage.logins import DynamoDBLogins, DynamoDBSessions
from runtime.storage.token_status import DynamoDBTokenStatus
from runtime.storage.users import DynamoDBUsers
from runtime.tokens.access_tokens import Tokens
from runtime.tokens.authorizer import Authorizer
from runtime.tokens.denials import Denials
from runtime.tokens.key_ring import KeyRing
from tests.memory.audit_log import MemoryAuditLog
from tests.memory.table import MemoryTable
from tests.support.login import (
    ALICE,
    PROVIDER,
    VERIFIER,
    WEBSITE,
    Browser,
    Provider,
    approve,
    asking,
    come_back,
    fields,
    forward_url,
    log_in,
)
from tests.unit.conftest import NOW, Clock, Send, authorizer_settings, sender

OTHER = "https://idp.example/other"


@pytest.fixture
def login_at(
    table: MemoryTable,
    login_settings: LoginSettings,
    login_stores: LoginStores,
    ring: KeyRing,
    authenticate: ClientAuthenticator,
    idp: Provider,
    clock: Clock,
) -> Callable[[str], Send]:
    """Send requests to the login function after a change of identity provider: same table, same keys."""

    def deploy(issuer: str) -> Send:
        own = replace(
            login_stores,
            logins=DynamoDBLogins(table, issuer),
            sessions=DynamoDBSessions(table, issuer),
            users=DynamoDBUsers(table, issuer),
            grants=DynamoDBGrants(table, clock, issuer),
        )
        settings = replace(login_settings, identity_provider=issuer)
        return sender(endpoints(settings, own, ring, authenticate, idp, clock))

    return deploy


@pytest.fixture
def oauth_at(
    table: MemoryTable, settings: OAuthSettings, stores: Stores, tokens: Tokens, fetching: Fetcher, clock: Clock
) -> Callable[[str], Send]:
    """Send requests to the authorization server after the change."""

    def deploy(issuer: str) -> Send:
        interactive = replace(settings, interactive=True, identity_provider=issuer)
        own = replace(stores, grants=DynamoDBGrants(table, clock, issuer))
        return sender(oauth_endpoints(interactive, own, tokens, fetching, clock))

    return deploy


@pytest.fixture
def other(login_at: Callable[[str], Send]) -> Send:
    return login_at(OTHER)


def at_new_stack(browser: Browser, to: Send) -> Browser:
    """Return the same browser, with its cookies, for the stack as it is now."""
    return Browser(to, browser.cookies)


def test_its_alice_sees_and_ends_nothing_of_ours(
    browser: Browser, client: dict[str, Any], other: Send, login_stores: LoginStores
) -> None:
    log_in(browser, client)
    hers = Browser(other)
    form = {"action": "sign_in", **fields(hers.get("/account"))}
    assert come_back(hers, forward_url(hers.post("/account", form)))["statusCode"] == 302
    assert "No application has access" in hers.get("/account")["body"]
    assert len(login_stores.users.get(ALICE.subject).grants) == 1


def test_its_alice_is_asked_for_what_ours_has_approved(browser: Browser, client: dict[str, Any], other: Send) -> None:
    log_in(browser, client)
    assert browser.get("/authorize", asking(client))["statusCode"] == 302
    hers = Browser(other)
    form = {"action": "sign_in", **fields(hers.get("/account"))}
    come_back(hers, forward_url(hers.post("/account", form)))
    assert hers.get("/authorize", asking(client))["statusCode"] == 200


def test_a_session_ends_with_its_provider(browser: Browser, client: dict[str, Any], other: Send) -> None:
    log_in(browser, client)
    page = at_new_stack(browser, other).get("/account")["body"]
    assert ("You are signed in" in page, "Sign in" in page) == (False, True)
    assert at_new_stack(browser, other).get("/authorize", asking(client))["statusCode"] == 200
    # It was not taken for somebody else's: it is there where it belongs.
    assert "You are signed in" in browser.get("/account")["body"]


def test_who_left_for_one_provider_does_not_come_back_to_another(
    browser: Browser, client: dict[str, Any], other: Send, login_stores: LoginStores
) -> None:
    url = forward_url(approve(browser, browser.get("/authorize", asking(client))))
    assert come_back(at_new_stack(browser, other), url)["statusCode"] == 400
    assert login_stores.users.get(ALICE.subject).grants == {}


def test_a_page_that_names_a_user_of_one_provider_approves_for_none_of_another(
    browser: Browser, client: dict[str, Any], other: Send
) -> None:
    log_in(browser, client)
    page = browser.get("/authorize", asking(client, prompt="consent"))
    assert "alice@example.com" in page["body"]
    assert approve(at_new_stack(browser, other), page)["statusCode"] == 400


def test_what_was_granted_at_one_provider_is_worth_nothing_under_another(
    browser: Browser, lasting: dict[str, Any], oauth_at: Callable[[str], Send]
) -> None:
    """Neither a code nor a refresh token: both would act for the same subject."""
    ours, theirs = oauth_at(PROVIDER), oauth_at(OTHER)
    first, second = (log_in(browser, lasting, prompt="consent")["code"] for _ in range(2))
    code = {"grant_type": "authorization_code", "code_verifier": VERIFIER, "redirect_uri": WEBSITE}
    named = {"client_id": lasting["client_id"]}
    issued = ours("POST", "/token", form={**code, **named, "code": first})["json"]
    assert theirs("POST", "/token", form={**code, **named, "code": second})["json"]["error"] == "invalid_grant"
    refresh = {"grant_type": "refresh_token", "refresh_token": issued["refresh_token"], **named}
    assert theirs("POST", "/token", form=refresh)["json"]["error"] == "invalid_grant"
    # What has not expired counts again once the provider is back.
    assert ours("POST", "/token", form=refresh)["statusCode"] == 200


def test_an_access_token_of_one_providers_user_is_denied_under_another(
    table: MemoryTable,
    browser: Browser,
    client: dict[str, Any],
    users_send: Send,
    ring: KeyRing,
    stores: Stores,
    tokens: Tokens,
) -> None:
    form = {"grant_type": "authorization_code", "code_verifier": VERIFIER, "redirect_uri": WEBSITE}
    code = log_in(browser, client)["code"]
    token = users_send("POST", "/token", form={**form, "client_id": client["client_id"], "code": code})["json"]
    asked = {
        "headers": {"Authorization": f"Bearer {token['access_token']}"},
        "methodArn": "arn:aws:execute-api:eu-central-1:1:api/stage/POST/mcp",
        "requestContext": {"requestId": "request-1"},
    }
    verdicts = []
    for issuer in (PROVIDER, OTHER):
        statuses = DynamoDBTokenStatus(table, lambda: NOW, issuer)
        policy = Authorizer(
            tokens, ring, statuses, authorizer_settings(), Denials(lambda: stores.audit, lambda: NOW)
        ).authorize(asked)["policyDocument"]
        verdicts.append(policy["Statement"][0]["Effect"])
    assert verdicts == ["Allow", "Deny"]


def test_the_audit_log_says_who_said_so(
    audit: MemoryAuditLog, browser: Browser, client: dict[str, Any], other: Send
) -> None:
    log_in(browser, client)
    log_in(Browser(other), client)
    logins = [event for event in audit.events if event["event"] == "login"]
    assert [(event["subject"], event["identity_provider"]) for event in logins] == [
        ("alice", PROVIDER),
        ("alice", OTHER),
    ]
