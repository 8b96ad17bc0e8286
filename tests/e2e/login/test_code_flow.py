"""From a client that registers to a tool that it calls for a user, through the whole stack. RFC 6749 4.1."""

from urllib.parse import urlencode

from tests.e2e.authorization.answers import refusal
from tests.e2e.conftest import Server
from tests.e2e.login.client import STATE, LoginClient
from tests.support.user_browser import User


def _ends_at_a_tool(client: LoginClient, alice: User) -> None:
    answer = alice.authorize(client.url())
    assert answer.keys() == {"code", "state", "iss"}
    assert (answer["state"], answer["iss"]) == (STATE, client.server.url)
    tokens = client.tokens(answer["code"])
    assert (tokens["token_type"], tokens["scope"]) == ("Bearer", "mcp")
    seen = client.whoami(tokens["access_token"])
    assert (seen["subject"], seen["client_id"], seen["scopes"]) == ("alice", client.client_id, ["mcp"])


def test_a_public_client_calls_a_tool_as_the_user_who_logged_in(client: LoginClient, alice: User) -> None:
    _ends_at_a_tool(client, alice)


def test_a_confidential_client_calls_a_tool_as_the_user_who_logged_in(confidential: LoginClient, alice: User) -> None:
    _ends_at_a_tool(confidential, alice)


def test_a_pushed_request_ends_as_any_other_does(confidential: LoginClient, alice: User) -> None:
    """RFC 9126 4: only the client and the reference travel through the browser."""
    pushed = confidential.push()
    assert pushed.status_code == 201, pushed.text
    url = confidential.server.url + "/authorize?" + _query(confidential, pushed.json()["request_uri"])
    answer = alice.authorize(url)
    assert (answer["state"], answer["iss"]) == (STATE, confidential.server.url)
    assert confidential.works(confidential.tokens(answer["code"])["access_token"])
    # RFC 9126 4: "the authorization server SHOULD treat request_uri values as one-time use".
    assert alice.open(url).status == 400


def test_a_pushed_request_of_one_client_is_of_no_use_to_another(
    client: LoginClient, confidential: LoginClient, alice: User
) -> None:
    """RFC 9126 2.2: the reference is bound to the client that pushed it."""
    reference = confidential.push().json()["request_uri"]
    page = alice.open(client.server.url + "/authorize?" + _query(client, reference))
    assert (page.status, page.forms) == (400, ())


def test_nobody_pushes_a_request_in_the_name_of_a_client_that_has_a_secret(confidential: LoginClient) -> None:
    """RFC 9126 2: the client authenticates as at the token endpoint."""
    without = {name: value for name, value in confidential.registered.items() if name != "client_secret"}
    assert refusal(LoginClient(confidential.server, without).push()) == (401, "invalid_client")


def test_what_the_user_denies_the_client_is_told(client: LoginClient, alice: User) -> None:
    """RFC 6749 4.1.2.1."""
    answer = alice.authorize(client.url(), "deny")
    assert (answer["error"], answer["state"], answer["iss"]) == ("access_denied", STATE, client.server.url)
    assert "code" not in answer


def test_the_answer_is_added_to_a_query_that_the_redirect_uri_has(server: Server, alice: User) -> None:
    """RFC 6749 3.1.2: "which MUST be retained when adding additional query parameters"."""
    client = LoginClient.new(server, redirect_uris=["https://app.example.com/callback?tenant=1"])
    assert alice.authorize(client.url())["tenant"] == "1"


def _query(client: LoginClient, reference: str) -> str:
    return urlencode({"client_id": client.client_id, "request_uri": reference})
