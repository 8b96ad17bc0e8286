"""An error description has only characters of RFC 6749 5.2: clients may refuse any other."""

import re
from typing import Any

import pytest

from components.gateway_responses import RESPONSES
from runtime.http.endpoint import Endpoint
from runtime.http.errors import Problem
from runtime.http.event import Request, Response
from runtime.login.errors import ReturnAddress
from runtime.mcp.errors import InsufficientScope
from runtime.oauth.audit_trail import audit_endpoints
from runtime.oauth.errors import InvalidClientMetadata, InvalidRequest
from runtime.validation.schemas import SchemaViolation
from tests.memory.audit_log import MemoryAuditLog
from tests.support.login import parameters
from tests.unit.conftest import Send, sender

ALLOWED = re.compile(r"[\x20-\x21\x23-\x5b\x5d-\x7e]+")
HOSTILE = 'one of ["a", "b\\c"], \x00\n\x7f\u00e9\u2028\U0001f600\ud800'
SHOWN = "one of ['a', 'b?c'], ???????"


class Refusal(Problem):
    status = 400
    code = "refusal"


def test_invalid_characters_are_replaced_in_a_body_a_redirect_and_the_audit_log(
    audit: MemoryAuditLog,
) -> None:
    def refuse(_request: Request, _value: Any) -> Response:
        raise Refusal(HOSTILE, pointer='/"')

    answer = sender(audit_endpoints({("GET", "/authorize"): Endpoint(refuse)}, audit))("GET", "/authorize")
    assert answer["json"] == {"error": "refusal", "error_description": f"/': {SHOWN}"}
    assert audit.events[0]["error_description"] == f"/': {SHOWN}"
    returned = ReturnAddress("https://app.example/", None, "https://mcp.example.com").error_url(Refusal(HOSTILE))
    assert parameters(returned)["error_description"] == SHOWN


def test_a_challenge_holds_no_quote_inside_its_description() -> None:
    """RFC 6750 3: ``error_description`` "MUST NOT include characters outside the set %x20-21 / %x23-5B / %x5D-7E"."""

    class Hostile(InsufficientScope):
        REASON = HOSTILE

    error = Hostile(frozenset({"mcp"}), "https://mcp.example.com")
    assert error.headers["WWW-Authenticate"].endswith(f'error_description="{SHOWN}"')


def test_a_pattern_with_a_backslash_is_not_shown_without_it() -> None:
    reason = 'must match the pattern "^[^\\\\u0000]$"'
    assert "pattern" not in InvalidRequest.from_violation(SchemaViolation("/state", reason)).reason
    plain = 'must match the pattern "^[ -~]+$"'
    assert InvalidClientMetadata.from_violation(SchemaViolation("/state", plain)).body()["error_description"] == (
        "/state: must match the pattern '^[ -~]+$'"
    )


@pytest.mark.parametrize(
    "asked",
    [
        {"token_endpoint_auth_method": "magic"},
        {"grant_types": ["magic"]},
        {"response_types": ["token"]},
        {"client_name": "a\nb"},
        {"client_uri": "ftp://x.example"},
        {'client_name#"\\é': 7},
        {"redirect_uris": ['https://"x".example/']},
        {"jwks": {"keys": [{"kty": "oct", '"': 1}]}, "token_endpoint_auth_method": "private_key_jwt"},
        {"jwks": 7, "jwks_uri": "x"},
        {"software_statement": '"'},
        {"contacts": '"\\'},
    ],
)
def test_a_refused_registration_is_described_in_these_characters(send: Send, asked: dict[str, Any]) -> None:
    """RFC 7591 3.2.2: "Human-readable ASCII text"."""
    answer = send("POST", "/dcr", json={"redirect_uris": ["https://app.example/"], **asked})
    if answer["statusCode"] != 201:
        assert ALLOWED.fullmatch(answer["json"]["error_description"])


@pytest.mark.parametrize(
    "form", [{}, {"grant_type": '"'}, {"grant_type": "x" * 300}, {"grant_type": "client_credentials", "scope": '"\\é'}]
)
def test_a_refused_token_request_is_described_in_these_characters(send: Send, form: dict[str, str]) -> None:
    answer = send("POST", "/token", form=form)
    assert ALLOWED.fullmatch(answer["json"]["error_description"])


def test_the_errors_of_api_gateway_have_these_characters_too() -> None:
    for response in RESPONSES:
        assert ALLOWED.fullmatch(response.description), response.response_type
