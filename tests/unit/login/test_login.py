"""A login: consent, the identity provider, the code. RFC 6749 4.1, OpenID Connect Core 1.0, 3.1.2."""

from collections.abc import Callable
from typing import Any

from runtime.login.provider.identity import NotAllowed, ProviderRefused, ProviderUnavailable, User
from runtime.login.stores import LoginStores
from tests.memory.audit_log import MemoryAuditLog
from tests.support.login import (
    CHALLENGE,
    PUBLIC,
    VERIFIER,
    WEBSITE,
    Browser,
    Provider,
    approve,
    asking,
    come_back,
    forward_url,
    log_in,
    parameters,
    redirect_parameters,
)
from tests.unit.conftest import NOW, PUBLIC_URL, Clock, Send

Items = Callable[[str], list[dict[str, Any]]]


def token(send: Send, client: dict[str, Any], code: str, verifier: str = VERIFIER) -> dict[str, Any]:
    form = {"grant_type": "authorization_code", "code": code, "code_verifier": verifier}
    return send("POST", "/token", form={**form, "client_id": client["client_id"], "redirect_uri": WEBSITE})


def test_a_user_approves_logs_in_and_the_client_gets_a_token(
    audit: MemoryAuditLog, browser: Browser, client: dict[str, Any], users_send: Send, login_stores: LoginStores
) -> None:
    """RFC 6749 4.1.2, RFC 9207 2: the code, the state as it was, and the issuer."""
    answer = log_in(browser, client, scope="mcp", state="a state/with &=# signs")
    assert answer["state"] == "a state/with &=# signs"
    assert answer["iss"] == PUBLIC_URL
    grant = login_stores.grants.get(answer["code"].partition(".")[0])
    assert grant is not None
    assert (grant.subject, grant.scope, grant.resource) == ("alice", "mcp", f"{PUBLIC_URL}/mcp")
    assert (grant.redirect_uri, grant.code_challenge) == (WEBSITE, CHALLENGE)
    assert (grant.code_expires_at, grant.expires_at) == (NOW + 60, NOW + 60)
    assert token(users_send, client, answer["code"])["json"]["scope"] == "mcp"
    assert [event["event"] for event in audit.events][1:3] == ["consent_given", "login"]


def test_a_user_who_denies_sends_the_client_a_no_and_nobody_logs_in(
    audit: MemoryAuditLog, browser: Browser, client: dict[str, Any], idp: Provider, items: Items
) -> None:
    """RFC 6749 4.1.2.1: access_denied."""
    page = browser.get("/authorize", asking(client))
    url = forward_url(approve(browser, page, "deny"))
    assert url.startswith(f"{WEBSITE}?")
    assert parameters(url) | {"error_description": ""} == {
        "error": "access_denied",
        "error_description": "",
        "state": "xyz",
        "iss": PUBLIC_URL,
    }
    assert idp.sent == items("login") == items("grant") == []
    assert audit.events[-1]["event"] == "consent_denied"


def test_looking_at_the_consent_page_writes_nothing(browser: Browser, client: dict[str, Any], items: Items) -> None:
    """Some clients fetch the URL once without cookies before the browser does."""
    for _ in range(2):
        assert Browser(browser.send).get("/authorize", asking(client))["statusCode"] == 200
    assert not any(items(kind) for kind in ("login", "par", "session", "person", "grant"))
    assert log_in(browser, client)["code"]


def test_the_provider_is_asked_for_what_the_client_wants_of_it(browser: Browser, client: dict[str, Any]) -> None:
    """OpenID Connect Core 1.0, 3.1.2.1: prompt; consent is shown here, so it is not passed on."""
    for prompt, passed in (("", ""), ("login", "login"), ("consent", ""), ("select_account consent", "select_account")):
        page = browser.get("/authorize", asking(client, prompt=prompt or None))
        assert parameters(forward_url(approve(browser, page))).get("prompt", "") == passed


def test_the_issuer_of_the_answer_is_handed_on_to_be_checked(
    browser: Browser, client: dict[str, Any], idp: Provider
) -> None:
    """RFC 9207 2.4: this server is a client of the identity provider, so mix-up attacks apply."""
    page = browser.get("/authorize", asking(client))
    come_back(browser, forward_url(approve(browser, page)), iss="https://attacker.example")
    assert idp.iss == "https://attacker.example"


def test_a_provider_that_is_down_says_so_and_uses_nothing_up(
    browser: Browser, client: dict[str, Any], idp: Provider, items: Items
) -> None:
    page = browser.get("/authorize", asking(client))
    idp.down = ProviderUnavailable("The identity provider does not answer.")
    refused = approve(browser, page)
    assert refused["statusCode"] == 503
    assert "The identity provider does not answer." in refused["body"]
    assert items("login") == []
    idp.down = None
    assert "code" in redirect_parameters(come_back(browser, forward_url(approve(browser, page))))


def test_a_login_that_fails_is_explained_and_the_client_can_be_told(
    audit: MemoryAuditLog, browser: Browser, client: dict[str, Any], idp: Provider, items: Items
) -> None:
    """RFC 6749 4.1.2.1, by a link: the user sees the reason first."""
    for problem, status in (
        (ProviderRefused("The answer does not verify."), 400),
        (NotAllowed("Users of your domain may not log in here."), 403),
        (ProviderUnavailable("The provider does not answer."), 503),
    ):
        idp.problem = problem
        page = browser.get("/authorize", asking(client))
        answer = come_back(browser, forward_url(approve(browser, page)))
        assert answer["statusCode"] == status
        assert problem.reason in answer["body"]
        assert f'href="{WEBSITE}?error={problem.code}&amp;' in answer["body"]
        assert items("session") == items("grant") == items("person") == []
    refusals = [event for event in audit.events if event["event"] == "login_refused"]
    assert [event["error"] for event in refusals] == ["access_denied", "access_denied", "temporarily_unavailable"]


def test_what_the_provider_says_itself_is_never_shown(browser: Browser, client: dict[str, Any]) -> None:
    page = browser.get("/authorize", asking(client))
    state = parameters(forward_url(approve(browser, page)))["state"]
    answer = browser.get(
        "/callback", {"state": state, "error": "server_error", "error_description": "<b>call 0900</b>"}
    )
    assert answer["statusCode"] == 400
    assert "0900" not in answer["body"]
    assert "did not sign you in" in answer["body"]


def test_an_answer_without_code_and_error_is_refused(browser: Browser, client: dict[str, Any]) -> None:
    page = browser.get("/authorize", asking(client))
    state = parameters(forward_url(approve(browser, page)))["state"]
    assert "incomplete" in browser.get("/callback", {"state": state})["body"]


def test_the_login_takes_at_most_ten_minutes(browser: Browser, client: dict[str, Any], clock: Clock) -> None:
    page = browser.get("/authorize", asking(client))
    url = forward_url(approve(browser, page))
    clock.now += 600
    answer = come_back(browser, url)
    assert (answer["statusCode"], "took too long" in answer["body"]) == (400, True)


def test_what_is_kept_of_a_user_ends_when_their_last_grant_could(
    browser: Browser, client: dict[str, Any], users_send: Send, login_stores: LoginStores, clock: Clock
) -> None:
    log_in(browser, client)
    clock.now += 90 * 86_400
    browser.cookies.clear()
    other = users_send("POST", "/dcr", json=PUBLIC)["json"]
    log_in(browser, other)
    user = login_stores.users.get("alice")
    granted = [one.client_id for one in user.grants.values()]
    assert [*granted, *(one.client_id for one in user.consents.values())] == [other["client_id"]] * 2
    assert user.expires_at == int(clock.now) + 90 * 86_400


def test_the_metadata_says_that_users_log_in(users_send: Send, send: Send) -> None:
    """RFC 9126 5, RFC 9207 3: these tests cover each of them. A stack without logins announces none."""
    told = {
        "pushed_authorization_request_endpoint": f"{PUBLIC_URL}/par",
        "authorization_response_iss_parameter_supported": True,
        "response_modes_supported": ["query"],
        "prompt_values_supported": ["none", "login", "consent", "select_account"],
    }
    for name in ("oauth-authorization-server", "openid-configuration"):
        document = users_send("GET", f"/.well-known/{name}")["json"]
        assert {key: document.get(key) for key in told} == told
        assert not told.keys() & send("GET", f"/.well-known/{name}")["json"].keys()


def test_users_are_told_apart_by_their_subject_alone(
    browser: Browser, client: dict[str, Any], idp: Provider, login_stores: LoginStores
) -> None:
    log_in(browser, client)
    idp.user = User("bob", "Alice", "alice@example.com")
    log_in(Browser(browser.send), client)
    assert len(login_stores.users.get("alice").grants) == len(login_stores.users.get("bob").grants) == 1
