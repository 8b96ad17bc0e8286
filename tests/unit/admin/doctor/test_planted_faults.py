"""Each fault stops exactly the clients that it stops in life, and the doctor says whose fault it is."""

from typing import Any, NamedTuple

import pytest

from admin.doctor.finding import Fault as Whose
from tests.support.tls_server import TlsServer, response
from tests.unit.admin.doctor.conftest import Deploy
from tests.unit.admin.doctor.deployment import Deployment, Fault, Given, json_answer
from tests.unit.admin.doctor.faults import (
    FAILED,
    FORBIDDEN,
    GONE,
    HTML,
    OAUTH,
    OPENID,
    PAGE,
    RESOURCE,
    all_of,
    at,
    below,
    calls,
    changes,
    delays,
    gives,
    healthy,
    renames,
    with_token,
)
from tests.unit.admin.doctor.looking import ALL, look, red
from tests.unit.conftest import Clock

# Ten clients look at a server for each case.
pytestmark = pytest.mark.slow

NOBODY: frozenset[str] = frozenset()
CLAUDE, CLAUDE_CODE = frozenset({"Claude"}), frozenset({"Claude Code"})
PAGES = frozenset({"MCP Inspector"})
ON_TYPESCRIPT = frozenset({"TypeScript SDK", "MCP Inspector", "mcp-remote"})
PYTHON, CHATGPT, CURSOR = frozenset({"Python SDK"}), frozenset({"ChatGPT"}), frozenset({"Cursor"})
WITH_DOCUMENT = CLAUDE | CLAUDE_CODE | CHATGPT | {"VS Code"}
THAT_REGISTER = ALL - WITH_DOCUMENT
THAT_COMPARE_ISSUERS = CHATGPT | PYTHON | {"TypeScript SDK", "MCP Inspector"}
NO_CORS = {"Access-Control-Allow-Origin": None}


class Case(NamedTuple):
    fault: Fault
    red: frozenset[str]
    whose: Whose | None = None
    said: str = ""


CHALLENGE = {"WWW-Authenticate": None}
CASES = {
    "nothing": Case(healthy, NOBODY),
    "no challenge": Case(renames(at("/mcp"), CHALLENGE), NOBODY, said="no WWW-Authenticate"),
    "a challenge that the gateway renamed": Case(
        renames(at("/mcp"), {"WWW-Authenticate": "x-amzn-Remapped-WWW-Authenticate"}), NOBODY, said="renamed it"
    ),
    "a 403 before the login": Case(gives(at("/mcp"), FORBIDDEN), ALL, Whose.EDGE, "403 instead of 401"),
    "a failing authorizer": Case(gives(at("/mcp"), FAILED), ALL, Whose.FAILURE, "500 instead of 401"),
    "no login at all": Case(gives(at("/mcp"), json_answer(200, {})), ALL, Whose.SERVER, "200 instead of 401"),
    "no resource metadata at the root": Case(gives(at(RESOURCE), GONE), NOBODY),
    "resource metadata at the root only": Case(gives(at(f"{RESOURCE}/mcp"), GONE), NOBODY),
    "no resource metadata": Case(gives(below(RESOURCE), GONE), CLAUDE, Whose.EDGE, "404"),
    "forbidden resource metadata": Case(gives(below(RESOURCE), FORBIDDEN), CLAUDE, Whose.EDGE, "403"),
    "failing resource metadata": Case(gives(below(RESOURCE), FAILED), CLAUDE, Whose.FAILURE, "500"),
    "resource metadata that is a page": Case(gives(below(RESOURCE), PAGE), CLAUDE, Whose.FAILURE, "not JSON"),
    "a resource with a slash at its end": Case(
        changes(below(RESOURCE), resource=lambda resource: f"{resource}/"), ALL, Whose.SERVER
    ),
    "an issuer with a slash at its end": Case(
        changes(below(RESOURCE), authorization_servers=lambda issuers: [f"{issuers[0]}/"]),
        THAT_COMPARE_ISSUERS,
        Whose.SERVER,
        "publicUrl",
    ),
    "another host's authorization server": Case(
        changes(below(RESOURCE), authorization_servers=["https://other.example"]),
        ALL,
        Whose.SERVER,
        "sends its clients to https://other.example",
    ),
    "a redirect to another host": Case(
        gives(at(OAUTH), Given(301, {"Location": f"https://www.example.com{OAUTH}"}, "")), ALL, Whose.SERVER
    ),
    "a redirect on the same host": Case(gives(at(RESOURCE), Given(307, {"Location": f"{RESOURCE}/mcp"}, "")), NOBODY),
    "no server metadata in the form of OAuth": Case(gives(at(OAUTH), GONE), NOBODY),
    "no server metadata": Case(all_of(gives(at(OAUTH), GONE), gives(at(OPENID), GONE)), ALL, Whose.EDGE, "404"),
    "forbidden server metadata": Case(
        all_of(gives(at(OAUTH), FORBIDDEN), gives(at(OPENID), FORBIDDEN)), ALL, Whose.EDGE, "403"
    ),
    "failing server metadata": Case(
        gives(at(OAUTH), FAILED), CLAUDE | CLAUDE_CODE | PYTHON | ON_TYPESCRIPT, Whose.FAILURE, "500"
    ),
    "server metadata that is a page": Case(
        gives(at(OAUTH), PAGE), CLAUDE_CODE | ON_TYPESCRIPT, Whose.FAILURE, "not JSON"
    ),
    "no keys in the form of OpenID Connect alone": Case(
        all_of(gives(at(OAUTH), GONE), changes(at(OPENID), jwks_uri=None)), ON_TYPESCRIPT, Whose.FAILURE, "jwks_uri"
    ),
    "no S256 announced": Case(changes(at(OAUTH), code_challenge_methods_supported=None), CHATGPT, Whose.EDGE, "S256"),
    "only plain announced": Case(changes(at(OAUTH), code_challenge_methods_supported=["plain"]), ALL, Whose.EDGE),
    "no place to register": Case(
        changes(at(OAUTH), registration_endpoint=None), THAT_REGISTER, Whose.SERVER, "registration_endpoint"
    ),
    "no public clients announced": Case(
        changes(at(OAUTH), token_endpoint_auth_methods_supported=["client_secret_basic"]), NOBODY
    ),
    "a failing registration": Case(gives(at("/dcr", "POST"), FAILED), THAT_REGISTER, Whose.FAILURE, "500"),
    "no preflight at the endpoint": Case(gives(at("/mcp", "OPTIONS"), FORBIDDEN), PAGES, Whose.EDGE, "OPTIONS"),
    "no preflight at the registration": Case(gives(at("/dcr", "OPTIONS"), FORBIDDEN), PAGES, Whose.EDGE, "OPTIONS"),
    "a preflight that forbids tokens": Case(
        gives(at("/mcp", "OPTIONS"), Given(204, {**HTML, "Access-Control-Allow-Headers": "*"}, "")),
        PAGES,
        Whose.EDGE,
        "authorization",
    ),
    "a 401 that pages cannot see": Case(renames(at("/mcp", "POST"), NO_CORS), PAGES, Whose.EDGE, "hides the 401"),
    "server metadata that pages cannot see": Case(
        all_of(renames(at(OAUTH), NO_CORS), renames(at(OPENID), NO_CORS)), PAGES, Whose.EDGE, "Allow-Origin"
    ),
    "a failing login": Case(gives(at("/authorize"), FAILED), ALL, Whose.FAILURE, "500"),
    "no login page": Case(gives(at("/authorize"), GONE), ALL, Whose.SERVER, "404"),
    "a login at another host": Case(
        gives(at("/authorize"), Given(302, {"Location": "https://idp.example/authorize"}, "")), NOBODY
    ),
    "a scope that nobody may have": Case(
        gives(at("/authorize"), Given(302, {"Location": "http://localhost:8787/callback?error=invalid_scope"}, "")),
        CURSOR,
        Whose.SERVER,
        "invalid_scope",
    ),
    "no tokens": Case(gives(at("/token"), FAILED), ALL, Whose.FAILURE, "/token: 500"),
    "a refused token": Case(gives(with_token("/mcp", "POST"), json_answer(401, {})), ALL, Whose.FAILURE, "401"),
    "an endpoint that answers with a page": Case(
        gives(with_token("/mcp", "POST"), PAGE), ALL, Whose.FAILURE, "without a result"
    ),
    "a function in a VPC without a route to its table": Case(
        gives(calls("tasks/get"), FAILED), ALL, Whose.SERVER, "cannot read its table"
    ),
    "a refused discovery of the newest revision": Case(
        gives(calls("server/discover"), FORBIDDEN), PYTHON, Whose.FAILURE, "403"
    ),
    "an unknown newest revision": Case(
        gives(calls("server/discover"), json_answer(400, {"jsonrpc": "2.0", "error": {"code": -32601}})), NOBODY
    ),
    "a stream that is not there": Case(gives(at("/mcp", "GET"), GONE), ON_TYPESCRIPT, Whose.EDGE, "404 instead of 405"),
    "a stream that is forbidden": Case(gives(at("/mcp", "GET"), FORBIDDEN), ON_TYPESCRIPT, Whose.EDGE, "403"),
    "a stream that is there": Case(
        gives(at("/mcp", "GET"), Given(200, {"Content-Type": "text/event-stream"}, "")), NOBODY
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_fault_stops_exactly_the_clients_that_it_concerns(deployment: Deployment, name: str) -> None:
    case = CASES[name]
    deployment.fault = case.fault
    verdicts = look(deployment)
    assert red(verdicts) == case.red
    for client in case.red:
        stopped = verdicts[client].stopped
        assert stopped
        assert case.whose in {None, stopped.fault}, stopped
    said = [*(str(v.stopped) + v.stopped.advice for v in verdicts.values() if v.stopped), *verdicts["Claude"].notes]
    assert all(case.said in text for text in said[: len(case.red)]), said
    assert any(case.said in text for text in said) or not case.said


@pytest.mark.parametrize(
    ("seconds", "stopped"), [(9.0, NOBODY), (11.0, CLAUDE)], ids=["within its patience", "beyond its patience"]
)
def test_a_slow_document_stops_a_client_that_waits_no_longer(
    deployment: Deployment, clock: Clock, seconds: float, stopped: frozenset[str]
) -> None:
    deployment.fault = delays(at(OAUTH), clock, seconds)
    assert red(look(deployment, clock)) == stopped


def test_below_a_path_only_clients_that_look_at_the_root_of_the_host_are_stopped(deploy: Deploy) -> None:
    """The URL of a stage: its root belongs to AWS, which answers 403."""
    verdicts = look(deploy("/dev"))
    assert red(verdicts) == CLAUDE | CLAUDE_CODE
    for client in CLAUDE | CLAUDE_CODE:
        stopped = verdicts[client].stopped
        assert stopped
        assert (stopped.fault, "403" in stopped.seen) == (Whose.EDGE, True)
        assert "set edge to cloudfront or domain" in stopped.advice


def test_below_a_path_and_without_a_challenge_everybody_is_stopped(deploy: Deploy) -> None:
    deployment = deploy("/dev")
    deployment.fault = renames(at("/dev/mcp"), CHALLENGE)
    assert red(look(deployment)) == ALL


@pytest.mark.parametrize(
    ("values", "stopped", "advice"),
    [
        ({"private_use_schemes": ()}, CURSOR, "privateUseSchemes"),
        ({"registration": "token"}, THAT_REGISTER, "registration is token"),
        ({"registration": "closed"}, THAT_REGISTER, "Set registration to open"),
        ({"registration": "closed", "client_id_metadata_documents": ()}, ALL, "Set registration to open"),
        ({"client_id_metadata_documents": ()}, NOBODY, ""),
        ({"client_id_metadata_documents": ("claude.ai",)}, CHATGPT | {"VS Code"}, "clientIdMetadataDocuments"),
        ({"interactive": False}, ALL, "Set upstream"),
        ({"origins": ()}, PAGES, "Add http://localhost:6274 to allowedOrigins"),
        ({"machine_clients": "token"}, NOBODY, ""),
    ],
    # Not the names: the order of a set differs between processes, and pytest-xdist compares the ids.
    ids=lambda value: f"{len(value)} clients" if isinstance(value, frozenset) else str(value),
)
def test_a_setting_stops_the_clients_that_it_shuts_out(
    deploy: Deploy, values: dict[str, Any], stopped: frozenset[str], advice: str
) -> None:
    verdicts = look(deploy(**values))
    assert red(verdicts) == stopped
    assert all(advice in v.stopped.advice for v in verdicts.values() if v.stopped)


def test_documents_that_the_server_cannot_read_stop_the_clients_that_have_one(
    deployment: Deployment, server: TlsServer
) -> None:
    server.answer = response(b"<html>Just a moment...</html>", status="403 Forbidden", content_type="text/html")
    verdicts = look(deployment)
    assert red(verdicts) == WITH_DOCUMENT
    stopped = verdicts["Claude"].stopped
    assert stopped
    assert "https://claude.ai/oauth/mcp-oauth-client-metadata" in stopped.advice
