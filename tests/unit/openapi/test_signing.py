"""Requests that are signed with the role of the function."""

from collections.abc import Iterator

import botocore.auth
import pytest
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from runtime.authoring import ToolError
from runtime.openapi.base_url import BaseUrl
from runtime.openapi.request import Request
from runtime.openapi.sigv4 import sigv4
from runtime.redaction import forget, redact
from runtime.storage.request_signing import _session

TOKEN = "a-session-token"
REQUEST = Request(
    "POST",
    BaseUrl.parse("https://abc.execute-api.eu-west-1.amazonaws.com/prod"),
    "/prod/tickets/a%20b",
    (("q", "x%2Fy"),),
    {"accept": "application/json", "content-type": "application/json"},
    b'{"a":1}',
)


@pytest.fixture(autouse=True)
def _role(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The environment of a function: its role is in it."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI")
    monkeypatch.setenv("AWS_SESSION_TOKEN", TOKEN)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    _session.cache_clear()
    yield
    _session.cache_clear()
    forget()


def test_a_request_is_signed_over_its_path_query_and_body() -> None:
    """The signature is what a verifier computes for the request as it is sent, host included."""
    signed = sigv4().sign(REQUEST)
    assert signed.target == REQUEST.target
    scope, names, signature = signed.headers["authorization"].removeprefix("AWS4-HMAC-SHA256 ").split(", ")
    assert scope.endswith("/eu-west-1/execute-api/aws4_request")
    assert names == "SignedHeaders=accept;content-type;host;x-amz-date;x-amz-security-token"
    assert _verify(signed) == signature


def _verify(signed: Request) -> str:
    """Sign the request that arrived anew, as AWS does, with the headers that its signature names."""
    arrived = AWSRequest(signed.method, f"{signed.base.origin}{signed.target}", dict(signed.headers), signed.body)
    arrived.headers["host"] = signed.base.authority
    arrived.context["timestamp"] = signed.headers["x-amz-date"]
    del arrived.headers["authorization"]
    signer = botocore.auth.SigV4Auth(Credentials("AKIDEXAMPLE", "wJalrXUtnFEMI", TOKEN), "execute-api", "eu-west-1")
    return f"Signature={signer.signature(signer.string_to_sign(arrived, signer.canonical_request(arrived)), arrived)}"


def test_neither_the_token_nor_the_signature_is_ever_seen() -> None:
    signed = sigv4("lambda", region="us-east-1").sign(REQUEST)
    assert "/us-east-1/lambda/aws4_request" in signed.headers["authorization"]
    assert redact(f"{TOKEN} {signed.headers['authorization']}") == "[redacted] [redacted]"


def test_without_a_region_the_tool_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_DEFAULT_REGION", "AWS_REGION"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(ToolError, match="no AWS credentials"):
        sigv4().sign(REQUEST)
