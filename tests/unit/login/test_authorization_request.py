"""The authorization request: which errors are pages, which go back to the client. RFC 6749 4.1.1 and 4.1.2.1."""

import re
from typing import Any

import pytest

from tests.support.login import LOOPBACK, PUBLIC, WEBSITE, Browser, asking, parameters, redirect_parameters
from tests.unit.conftest import PUBLIC_URL, Send

PLAIN_CHALLENGE = {"code_challenge": "v" * 43, "code_challenge_method": "plain"}


def is_page(answer: dict[str, Any], status: int = 400) -> bool:
    """A refusal that sends the browser nowhere."""
    return answer["statusCode"] == status and "Location" not in answer["headers"] and "<h1>" in answer["body"]


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": None},
        {"client_id": "unknown"},
        {"client_id": "x" * 5000},
        {"client_id": "\ud800"},
        {"redirect_uri": "https://attacker.example/callback"},
        {"redirect_uri": WEBSITE + "/"},
        {"redirect_uri": WEBSITE + "?next=//attacker.example"},
        {"redirect_uri": WEBSITE.replace("app.example", "app.example@attacker.example")},
        {"redirect_uri": WEBSITE.replace("app.example", "APP.example")},
        {"redirect_uri": WEBSITE.replace("/callback", "%2fcallback")},
        {"redirect_uri": WEBSITE.replace("https", "http")},
        {"redirect_uri": WEBSITE + "\r\nSet-Cookie: a=b"},
        {"redirect_uri": "javascript:alert(1)"},
    ],
)
def test_while_client_or_redirect_uri_are_wrong_nobody_is_sent_anywhere(
    browser: Browser, client: dict[str, Any], changes: dict[str, str | None]
) -> None:
    """RFC 6749 4.1.2.1: "MUST NOT automatically redirect the user-agent to the invalid redirection URI"."""
    answer = browser.get("/authorize", asking(client, **changes, response_type="token"))
    assert is_page(answer)
    assert "attacker" not in answer["body"]


@pytest.mark.parametrize("name", ["client_id", "redirect_uri", "request_uri"])
def test_a_repeated_parameter_that_decides_where_to_go_is_a_page(
    browser: Browser, client: dict[str, Any], name: str
) -> None:
    query = asking(client)
    value = query.pop(name, "urn:x")
    assert is_page(browser.get("/authorize", query, **{name: [value, value]}))


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response_type": None}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": "code token"}, "unsupported_response_type"),
        ({"response_mode": "form_post"}, "invalid_request"),
        ({"response_mode": "fragment"}, "invalid_request"),
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        (PLAIN_CHALLENGE, "invalid_request"),
        ({"code_challenge_method": "s256"}, "invalid_request"),
        ({"code_challenge": "too-short"}, "invalid_request"),
        ({"code_challenge": "v" * 44}, "invalid_request"),
        ({"code_challenge": "v" * 42 + "\n"}, "invalid_request"),
        ({"scope": "unheard-of"}, "invalid_scope"),
        ({"scope": "openid"}, "invalid_scope"),
        ({"scope": "openid offline_access"}, "invalid_scope"),
        ({"scope": "mcp\tmcp:admin"}, "invalid_scope"),
        ({"scope": "x" * 1001}, "invalid_request"),
        ({"resource": "https://other.example/mcp"}, "invalid_target"),
        ({"resource": f"{PUBLIC_URL}/mcp/"}, "invalid_target"),
        ({"request": "eyJhbGciOiJub25lIn0.e30."}, "request_not_supported"),
        ({"prompt": "none login"}, "invalid_request"),
        ({"prompt": "dance"}, "invalid_request"),
        ({"prompt": "none"}, "login_required"),
    ],
)
def test_other_errors_go_back_to_the_client_with_state_and_issuer(
    browser: Browser, client: dict[str, Any], changes: dict[str, str | None], error: str
) -> None:
    """RFC 6749 4.1.2.1, RFC 7636 4.4.1, RFC 8707 2, RFC 9207 2, OpenID Connect Core 1.0, 3.1.2.6."""
    answer = browser.get("/authorize", asking(client, **changes))
    told = redirect_parameters(answer)
    assert (told["error"], told["state"], told["iss"]) == (error, "xyz", PUBLIC_URL)
    assert answer["headers"]["Location"].startswith(f"{WEBSITE}?")
    assert re.fullmatch(r"[\x20-\x21\x23-\x5b\x5d-\x7e]+", told["error_description"])
    assert answer["headers"]["Cache-Control"] == "no-store"


@pytest.mark.parametrize("name", ["state", "scope", "code_challenge", "prompt", "unheard_of"])
def test_a_repeated_parameter_goes_back_as_an_invalid_request(
    browser: Browser, client: dict[str, Any], name: str
) -> None:
    """RFC 6749 3.1: "Request and response parameters MUST NOT be included more than once." """
    query = asking(client)
    value = query.pop(name, "mcp")
    told = redirect_parameters(browser.get("/authorize", query, **{name: [value, "other"]}))
    assert told["error"] == "invalid_request"
    assert told.get("state") == (None if name == "state" else "xyz")


@pytest.mark.parametrize("state", ["line\r\nLocation: https://attacker.example", "é", "xyz\n", "x" * 4097, "\x00"])
def test_a_state_that_is_none_is_not_sent_back(browser: Browser, client: dict[str, Any], state: str) -> None:
    """RFC 6749 A.5: printable ASCII; so nothing of it can become a header of its own."""
    answer = browser.get("/authorize", asking(client, state=state))
    assert redirect_parameters(answer)["error"] == "invalid_request"
    assert "state" not in redirect_parameters(answer)
    assert not {"\r", "\n"} & set(answer["headers"]["Location"])


def test_the_resource_may_be_repeated_and_is_this_servers(browser: Browser, client: dict[str, Any]) -> None:
    """RFC 8707 2; MCP 2026-07-28, Canonical Server URI: scheme and host in any case."""
    resource = f"{PUBLIC_URL}/mcp"
    capitals = resource.replace(PUBLIC_URL, PUBLIC_URL.upper())
    for named in ([resource, resource], [capitals], [resource, capitals]):
        assert browser.get("/authorize", asking(client), resource=named)["statusCode"] == 200
    two = browser.get("/authorize", asking(client), resource=[resource, "https://other.example"])
    assert redirect_parameters(two)["error"] == "invalid_target"


def test_state_is_optional_and_nothing_is_made_up_for_it(browser: Browser, client: dict[str, Any]) -> None:
    told = redirect_parameters(browser.get("/authorize", asking(client, state=None, response_type="token")))
    assert "state" not in told


def test_without_a_scope_a_client_gets_what_it_is_registered_for(browser: Browser, users_send: Send) -> None:
    """RFC 6749 3.3; OpenID Connect Core 1.0, 11: offline_access is no scope of the resource."""
    both = users_send("POST", "/dcr", json={**PUBLIC, "scope": "mcp mcp:admin"})["json"]
    for scope in (None, "offline_access"):
        page = browser.get("/authorize", asking(both, scope=scope))["body"]
        assert ("Use the tools" in page, "Change things" in page) == (True, True)


@pytest.mark.parametrize("scope", [None, "mcp", "mcp offline_access"])
def test_the_page_tells_of_lasting_access_exactly_where_the_client_gets_it(
    browser: Browser, client: dict[str, Any], lasting: dict[str, Any], scope: str | None
) -> None:
    """A client gets refresh tokens when it is registered for them, whether or not it asks for offline_access."""
    for asker, lasts in ((client, False), (lasting, True)):
        page = browser.get("/authorize", asking(asker, scope=scope))["body"]
        assert ("while you are away" in page) == lasts


def test_a_client_may_ask_for_less_than_it_is_registered_for(browser: Browser, client: dict[str, Any]) -> None:
    """RFC 6749 3.3, with the stack's hierarchy: ``mcp`` implies ``mcp:read``."""
    page = browser.get("/authorize", asking(client, scope="mcp:read"))["body"]
    assert ("Look <code>" in page, "Use the tools" in page) == (True, False)


def test_a_client_that_stated_no_scope_may_step_up_to_every_one(browser: Browser, client: dict[str, Any]) -> None:
    """MCP 2026-07-28, Step-Up Authorization Flow: it asks for what the challenge named, and a user decides."""
    page = browser.get("/authorize", asking(client, scope="mcp mcp:admin"))["body"]
    assert ("Use the tools" in page, "Change things" in page) == (True, True)
    page = browser.get("/authorize", asking(client, scope=None))["body"]
    assert ("Use the tools" in page, "Change things" in page) == (True, False)


def test_a_client_that_stated_its_scope_is_held_to_it(browser: Browser, users_send: Send) -> None:
    """RFC 7591 2: "scope values [...] that the client can use when requesting access tokens"; RFC 6749 3.3."""
    stated = users_send("POST", "/dcr", json={**PUBLIC, "scope": "mcp"})["json"]
    assert redirect_parameters(browser.get("/authorize", asking(stated, scope="mcp:admin")))["error"] == "invalid_scope"
    for scope in ("mcp", "mcp mcp:admin offline_access"):
        page = browser.get("/authorize", asking(stated, scope=scope))["body"]
        assert ("Use the tools" in page, "Change things" in page) == (True, False)


def test_scopes_that_there_are_not_are_left_out_where_others_remain(browser: Browser, client: dict[str, Any]) -> None:
    """RFC 6749 3.3: "fully or partially ignore the scope requested"; OpenID clients ask for openid and the like."""
    page = browser.get("/authorize", asking(client, scope="openid mcp:read profile"))["body"]
    assert ("Look <code>" in page, "Use the tools" in page, "openid" in page) == (True, False, False)


def test_the_only_redirect_uri_need_not_be_named_but_one_of_several_must(browser: Browser, users_send: Send) -> None:
    """RFC 6749 3.1.2.3."""
    one = users_send("POST", "/dcr", json=PUBLIC)["json"]
    assert browser.get("/authorize", asking(one, redirect_uri=None))["statusCode"] == 200
    two = users_send("POST", "/dcr", json={**PUBLIC, "redirect_uris": [WEBSITE, LOOPBACK]})["json"]
    assert is_page(browser.get("/authorize", asking(two, redirect_uri=None)))


def test_the_port_of_loopback_may_be_another_and_a_query_is_kept(browser: Browser, users_send: Send) -> None:
    """RFC 8252 7.3, RFC 6749 3.1.2."""
    uris = ["http://127.0.0.1/cb", "https://app.example/cb?tenant=1"]
    client = users_send("POST", "/dcr", json={**PUBLIC, "redirect_uris": uris})["json"]
    told = browser.get("/authorize", asking(client, redirect_uri="http://127.0.0.1:5000/cb", scope="no"))
    assert told["headers"]["Location"].startswith("http://127.0.0.1:5000/cb?error=")
    told = browser.get("/authorize", asking(client, redirect_uri=uris[1], scope="no"))
    assert told["headers"]["Location"].startswith("https://app.example/cb?tenant=1&error=")
    assert parameters(told["headers"]["Location"])["tenant"] == "1"


def test_a_machine_client_sends_nobody(browser: Browser, users_send: Send) -> None:
    """RFC 6749 4.1.2.1: unauthorized_client."""
    asked = {"grant_types": ["client_credentials"], "redirect_uris": [WEBSITE]}
    machine = users_send("POST", "/dcr", json=asked)["json"]
    assert redirect_parameters(browser.get("/authorize", asking(machine)))["error"] == "unauthorized_client"


def test_parameters_without_a_value_count_as_left_out(browser: Browser, client: dict[str, Any]) -> None:
    """RFC 6749 3.1."""
    assert browser.get("/authorize", asking(client, scope="", prompt="", resource="", request=""))["statusCode"] == 200


def test_head_is_get_without_content(browser: Browser, client: dict[str, Any], login_send: Send) -> None:
    query = {name: [value] for name, value in asking(client).items()}
    answer = login_send("HEAD", "/authorize", query=query)
    assert (answer["statusCode"], answer["body"]) == (200, "")
