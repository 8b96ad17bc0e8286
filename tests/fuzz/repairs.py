"""Puts something right in a made-up request, so that it gets further than the first check that refuses it."""

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st
from schemathesis import Case

from runtime.mcp.methods import METHODS
from tests.fuzz.credentials import Credentials
from tests.support.keys import public_jwk

META = {"io.modelcontextprotocol/protocolVersion": "2026-07-28", "io.modelcontextprotocol/clientCapabilities": {}}
NAMES = ["whoami", "nothing"]
LATIN = st.text(st.characters(min_codepoint=0x20, max_codepoint=0xFF, exclude_characters="\x7f"), max_size=200)
WORDS = st.text(max_size=100)
TOKEN = st.text("abcdefghijklmnopqrstuvwxyz0123456789-", min_size=1, max_size=40)
REDIRECTS = ["https://example.com/cb", "http://127.0.0.1:1/cb", "com.example:/cb", "http://example.com", "x", "#"]
METADATA = st.fixed_dictionaries(
    {"grant_types": st.sampled_from([["client_credentials"], ["authorization_code", "refresh_token"], ["implicit"]])},
    optional={
        "redirect_uris": st.lists(st.sampled_from(REDIRECTS), unique=True, max_size=3),
        "response_types": st.sampled_from([[], ["code"], ["token"]]),
        "token_endpoint_auth_method": st.sampled_from(["none", "client_secret_post", "private_key_jwt"]),
        "jwks": st.sampled_from([{"keys": [public_jwk("EC")]}, {"keys": [{"kty": "RSA"}]}, {}]),
        "scope": st.sampled_from(["mcp", "mcp openid", ""]),
        "client_name#ja": st.text(min_size=1, max_size=50),
    },
)
FORM = {
    "/token": st.fixed_dictionaries(
        {"grant_type": st.sampled_from(["client_credentials", "client_credentials", "password"])},
        optional={"scope": st.sampled_from(["mcp", "mcp admin", "\x00"]), "resource": st.text(max_size=50)},
    ),
    "/revoke": st.fixed_dictionaries({"token": st.text(min_size=1)}),
    "/introspect": st.fixed_dictionaries({"token": st.text(min_size=1)}),
}
MESSAGE = st.fixed_dictionaries(
    {
        "jsonrpc": st.just("2.0"),
        "id": st.integers(),
        "method": st.sampled_from(sorted(METHODS)),
    }
)


def repair(case: Case[Any], credentials: Credentials, draw: Callable[[st.SearchStrategy[Any]], Any]) -> dict[str, Any]:
    """Change a case in place; what is to be given to ``case.call`` with it."""
    path = case.operation.path
    arguments: dict[str, Any] = {"headers": {}}
    if path == "/mcp":
        arguments["headers"]["Authorization"] = f"Bearer {credentials.token}"
        arguments["headers"]["Origin"] = "http://localhost"
        if case.method == "POST":
            arguments["headers"] |= _message(case, draw)
    elif path == "/clients/{clientId}":
        case.path_parameters = {"clientId": credentials.managed["client_id"]}
        arguments["headers"]["Authorization"] = f"Bearer {credentials.managed['registration_access_token']}"
        if case.method == "PUT":
            known = {"client_id": credentials.managed["client_id"]}
            case.body = {**_metadata(case.body, draw), **known}
    elif path == "/dcr":
        case.body = _metadata(case.body, draw)
    elif path in FORM:
        arguments["auth"] = credentials.basic
        # The name of the client stays out, and so does a second way to authenticate.
        case.body = draw(FORM[path]) | (
            {"token": credentials.token} if path != "/token" and draw(st.booleans()) else {}
        )
    return arguments


def noise(draw: Callable[[st.SearchStrategy[Any]], Any]) -> dict[str, Any]:
    """Headers and query parameters that nobody has described."""
    headers = draw(st.dictionaries(TOKEN.map("X-{}".format), LATIN.map(str.strip), max_size=5))
    return {"headers": headers, "params": draw(st.dictionaries(WORDS, st.lists(WORDS, max_size=3), max_size=10))}


def _metadata(body: Any, draw: Callable[[st.SearchStrategy[Any]], Any]) -> dict[str, Any]:
    """Metadata that is good; or what was made up, with members in it that decide whether others are good."""
    if draw(st.booleans()):
        return {"grant_types": ["client_credentials"], "client_name": draw(st.text(min_size=1, max_size=200))}
    replaced = {"redirect_uris", "response_types", "token_endpoint_auth_method", "jwks", "jwks_uri", "scope"}
    made_up = body if isinstance(body, dict) else {}
    return {**{name: value for name, value in made_up.items() if name not in replaced}, **draw(METADATA)}


def _message(case: Case[Any], draw: Callable[[st.SearchStrategy[Any]], Any]) -> dict[str, str]:
    """Make the body a request to a method that is there; the headers of 2026-07-28, where it is one of these."""
    made_up: dict[str, Any] = case.body if isinstance(case.body, dict) else {}
    params: dict[str, Any] = made_up["params"] if isinstance(made_up.get("params"), dict) else {}
    message = {**draw(MESSAGE), "params": params}
    if draw(st.booleans()):
        params["name"] = draw(st.sampled_from(NAMES))
    headers = {"MCP-Protocol-Version": "2025-11-25", "Accept": "application/json, text/event-stream"}
    if draw(st.booleans()):
        params["_meta"] = {**META}
        headers = {"MCP-Protocol-Version": "2026-07-28", "Mcp-Method": message["method"]}
        if message["method"] in {"tools/call", "prompts/get"} and params.get("name") in NAMES:
            headers["Mcp-Name"] = params["name"]
    case.body = message
    case.headers.clear()
    return headers
