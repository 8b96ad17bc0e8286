"""Requests that are meant to do harm, over HTTP through the whole stack: each is refused, none is a server error."""

import json
from typing import Any

import pytest

from tests.e2e.authorization.answers import (
    GRANT,
    MACHINE,
    credentials,
    looks,
    management,
    refusal,
    secret_in_body,
)
from tests.e2e.conftest import Server, bearer

FORM, JSON = "application/x-www-form-urlencoded", "application/json"
LIMIT = 64 * 1024
DEPTH = 32
WITH_A_FORM = ("/token", "/revoke", "/introspect")


@pytest.fixture(scope="module")
def client(server: Server) -> dict[str, Any]:
    return server.register()


def places(server: Server, client: dict[str, Any]) -> list[tuple[str, str, dict[str, str]]]:
    """The method, path and headers of each request that carries JSON to the authorization server."""
    managed = {"Content-Type": JSON, **bearer(client["registration_access_token"])}
    return [("POST", "/dcr", {"Content-Type": JSON}), ("PUT", management(server, client), managed)]


def nested(levels: int) -> str:
    """Client metadata with a member that makes it so many levels deep."""
    return '{"client_name": "deep", "x": ' + "[" * (levels - 1) + "]" * (levels - 1) + "}"


def test_a_body_of_more_than_64_kib_is_413_and_one_of_64_kib_is_read(server: Server, client: dict[str, Any]) -> None:
    """RFC 9110 15.5.14."""
    for method, path, headers in places(server, client):
        start = json.dumps({**MACHINE, "client_id": client["client_id"], "client_name": 5, "x": ""})[:-2]
        for size, expected in ((LIMIT, (400, "invalid_client_metadata")), (LIMIT + 1, (413, "content_too_large"))):
            body = start + "x" * (size - len(start) - 2) + '"}'
            assert refusal(server.send(method, path, data=body, headers=headers)) == expected
    for path in WITH_A_FORM:
        for size, expected in ((LIMIT, (401, "invalid_client")), (LIMIT + 1, (413, "content_too_large"))):
            body = "grant_type=client_credentials&token=x&y=".ljust(size, "x")
            assert refusal(server.send("POST", path, data=body, headers={"Content-Type": FORM})) == expected


def test_json_of_more_than_32_levels_is_400_and_of_32_is_read(server: Server, client: dict[str, Any]) -> None:
    for method, path, headers in places(server, client):
        for levels in (DEPTH + 1, 1_000, 30_000):
            answer = server.send(method, path, data=nested(levels), headers=headers)
            assert refusal(answer) == (400, "invalid_request")
            assert "32 levels" in answer.json()["error_description"]
        read = server.send(method, path, data=nested(DEPTH), headers=headers)
        assert refusal(read)[1] in {"invalid_redirect_uri", "invalid_client_metadata"}


def test_a_message_of_more_than_32_levels_is_a_parse_error(server: Server, token: str) -> None:
    """JSON-RPC 2.0 5.1."""
    headers = {"Content-Type": JSON, **bearer(token)}
    answer = server.send("POST", "/mcp", data="[" * 100_000 + "]" * 100_000, headers=headers)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, -32700)


@pytest.mark.parametrize(
    "body",
    [
        '{"client_name": 1e999}',
        '{"client_name": NaN}',
        '{"client_name": ' + "9" * 5_000 + "}",
        '{"client_name": "\\ud800"}',
        '{"\\udfff": 1}',
        '{"client_name": "\x00"}',
        b'{"client_name": "\xff"}',
        "\ufeff{}".encode(),
        "{}".encode("utf-16"),
        "null",
        '"x"',
        "0",
    ],
    ids=range(12),
)
def test_json_that_utf_8_or_a_number_cannot_carry_is_400(server: Server, body: Any) -> None:
    """RFC 8259 6 and 8.1."""
    answer = server.send("POST", "/dcr", data=body, headers={"Content-Type": JSON})
    assert refusal(answer)[0] == 400


@pytest.mark.parametrize("path", WITH_A_FORM)
@pytest.mark.parametrize(
    "body",
    [
        "&".join(f"p{number}=x" for number in range(5_000)),
        "&".join(["token=x"] * 5_000),
        "&" * 60_000,
        "=&" * 30_000,
        "x" * 60_000 + "=1",
        "token=%C3%28&grant_type=%ff",
        "token=\u00fc",
    ],
    ids=["many", "repeated", "ampersands", "empty", "name", "bad-utf-8", "not-ascii"],
)
def test_a_bomb_of_parameters_is_invalid_request(server: Server, client: dict[str, Any], path: str, body: str) -> None:
    """RFC 6749 3.2 and appendix B."""
    headers = {"Content-Type": FORM}
    answer = server.send("POST", path, data=body.encode(), headers=headers, auth=credentials(client))
    assert refusal(answer) == (400, "invalid_request")


@pytest.mark.parametrize("value", ["%" * 60_000, "%00" * 20_000, "." * 60_000, "%F0%9F%92%A3" * 5_000])
def test_whatever_is_sent_as_a_token_is_one_if_only_an_invalid_one(
    server: Server, client: dict[str, Any], value: str
) -> None:
    """RFC 7009 2.2 and RFC 7662 2.2."""
    for path in ("/revoke", "/introspect"):
        headers = {"Content-Type": FORM}
        answer = server.send("POST", path, data=f"token={value}", headers=headers, auth=credentials(client))
        assert answer.status_code == 200


@pytest.mark.parametrize("path", ["/.well-known/oauth-authorization-server", "/mcp", "/dcr", "/nowhere"])
@pytest.mark.parametrize(
    "headers",
    [
        {f"X-Made-Up-{number}": "x" for number in range(90)},
        {"X-Made-Up": "x" * 8_000},
        {"Authorization": "Bearer " + "x" * 8_000},
        {"Authorization": "Bearer " + "." * 8_000},
        {"Cookie": "; ".join(f"c{number}=x" for number in range(1_000))},
        {"Accept": ",".join(["*/*"] * 2_000)},
        {"X-Forwarded-For": ", ".join(["203.0.113.1"] * 500)},
        {"Content-Type": "application/json;" + "a=b;" * 1_500},
        {"MCP-Protocol-Version": "\u00fc" * 4_000},
        {"Origin": "http://[" * 1_000},
    ],
    ids=["many", "long", "token", "dots", "cookies", "accept", "forwarded", "parameters", "latin", "origin"],
)
def test_a_bomb_of_headers_makes_no_server_error(server: Server, path: str, headers: dict[str, str]) -> None:
    encoded = {name: value.encode("latin-1") for name, value in headers.items()}
    for method in ("GET", "POST"):
        assert server.send(method, path, headers=encoded).status_code < 500


def test_a_bomb_of_headers_at_the_mcp_endpoint_makes_no_server_error(server: Server, token: str) -> None:
    message = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
    for name in ("MCP-Protocol-Version", "Mcp-Session-Id", "Mcp-Method", "Mcp-Name", "Origin", "Last-Event-ID"):
        for value in ("x" * 8_000, "=?base64?" + "/" * 4_000 + "?=", "\u00fc", "[::1", ""):
            headers = {name: value.encode("latin-1"), **bearer(token)}
            assert server.send("POST", "/mcp", json=message, headers=headers).status_code < 500
            assert server.send("GET", "/mcp", headers=headers).status_code < 500


def test_a_bomb_of_query_parameters_makes_no_server_error(server: Server) -> None:
    for query in ("a=b&" * 1_500, "x" * 7_000, "%00&%ff&=", "a[]=1&a[b]=2", "redirect_uri=javascript:alert(1)"):
        for path in ("/authorize", "/.well-known/openid-configuration", "/nowhere"):
            assert server.send("GET", f"{path}?{query}").status_code < 500


@pytest.mark.parametrize(
    ("method", "path", "parts"),
    [
        ("GET", "/clients/" + "x" * 3_000, {}),
        ("GET", "/clients/%00%ff", {}),
        ("PUT", "/clients/..%2f..", {"json": {}}),
        ("DELETE", "/clients/%E2%80%AE", {}),
        ("POST", "/introspect", {"data": {"token": "x"}, "auth": ("x" * 3_000, "")}),
        ("POST", "/token", {"data": {**GRANT, "client_id": "x" * 200, "client_secret": "\x00" * 200}}),
        ("POST", "/token", {"data": {**GRANT, "client_assertion": "W" * 9_000, "client_assertion_type": "x"}}),
    ],
    ids=["long-id", "control-id", "dots", "direction", "long-name", "nul-secret", "assertion"],
)
def test_an_identity_that_cannot_be_is_refused_like_any_other(
    server: Server, method: str, path: str, parts: dict[str, Any]
) -> None:
    answer = server.send(method, path, **parts)
    assert answer.status_code in {400, 401, 404}
    assert "Traceback" not in answer.text


def wrong(client_id: str) -> list[dict[str, Any]]:
    """Each way to present a wrong secret as a client."""
    body = secret_in_body({"client_id": client_id, "client_secret": "wrong"})
    return [{"data": {**GRANT, "token": "x"}, "auth": (client_id, "wrong")}, {"data": {**GRANT, "token": "x", **body}}]


@pytest.mark.parametrize("path", WITH_A_FORM)
def test_an_unknown_client_and_a_wrong_secret_look_alike(server: Server, client: dict[str, Any], path: str) -> None:
    """RFC 6749 5.2 and 10.10: status, headers and body, to the byte."""
    for known, unknown in zip(wrong(client["client_id"]), wrong("0" * 32), strict=True):
        answers = [server.send("POST", path, **parts) for parts in (known, unknown)]
        assert refusal(answers[0]) == (401, "invalid_client")
        assert looks(answers[0]) == looks(answers[1])


def test_a_wrong_method_and_a_wrong_secret_look_alike(server: Server) -> None:
    """So that nobody learns from outside how a client authenticates."""
    stated = server.register(token_endpoint_auth_method="client_secret_basic")
    right_secret = server.send("POST", "/token", data={**GRANT, **secret_in_body(stated)})
    wrong_secret = server.send("POST", "/token", data={**GRANT, **secret_in_body({**stated, "client_secret": "x"})})
    assert looks(right_secret) == looks(wrong_secret)


def test_no_error_repeats_a_value_that_was_refused(server: Server, client: dict[str, Any]) -> None:
    """Who can make somebody send a request learns nothing from it, and no page shows what an attacker wrote."""
    value = "<script>sentinel</script>"
    answers = [
        server.send("POST", "/dcr", json={**MACHINE, "application_type": value}),
        server.send("POST", "/dcr", json={"redirect_uris": [value]}),
        server.send("POST", "/token", data={**GRANT, "scope": value}, auth=credentials(client)),
        server.send("POST", "/token", data={**GRANT, "resource": value}, auth=credentials(client)),
        server.send("POST", "/token", data={"grant_type": value}, auth=credentials(client)),
        server.send("POST", "/token", data=GRANT, auth=(value, value)),
        server.send("GET", f"/authorize?client_id={value}&redirect_uri={value}&state={value}"),
        server.send("GET", f"/clients/{value.replace('/', '')}", headers=bearer(value)),
    ]
    assert {answer.status_code for answer in answers} == {400, 401}
    assert not any("sentinel" in answer.text + str(answer.headers) for answer in answers)
