"""The subject of a client's certificate, which only API Gateway can state."""

from typing import Any

import pytest

from runtime.audit import AuditEvent
from runtime.http.client_certificate import certificate_subject
from runtime.http.endpoint import Endpoint
from runtime.http.event import Response, request_from_event
from runtime.oauth.audit_trail import audit_endpoints
from runtime.oauth.errors import InvalidGrant
from tests.memory.audit_log import MemoryAuditLog
from tests.unit.conftest import event

SUBJECT = "CN=agent,O=Example"


def with_certificate(**members: Any) -> dict[str, Any]:
    received = event("POST", "/token", headers={"X-Client-Cert-Subject": "CN=forged"})
    context = received["requestContext"]
    return {**received, "requestContext": {**context, "identity": {**context["identity"], **members}}}


def test_it_is_what_api_gateway_says_about_the_certificate_that_it_verified() -> None:
    certificate = {"clientCertPem": "-----BEGIN", "subjectDN": SUBJECT, "issuerDN": "CN=ca", "serialNumber": "1"}
    received = with_certificate(clientCert=certificate)
    assert certificate_subject(received) == request_from_event(received).certificate_subject == SUBJECT


@pytest.mark.parametrize("members", [{}, {"clientCert": None}, {"clientCert": {}}, {"clientCert": {"subjectDN": ""}}])
def test_without_mutual_tls_there_is_none_whatever_a_client_sends(members: dict[str, Any]) -> None:
    received = with_certificate(**members)
    assert certificate_subject(received) is None
    assert request_from_event(received).certificate_subject is None


def test_a_long_one_is_cut_off() -> None:
    assert certificate_subject(with_certificate(clientCert={"subjectDN": "CN=" + "x" * 5000})) == "CN=" + "x" * 509


def test_every_event_of_an_endpoint_names_it_and_so_does_a_refusal(audit: MemoryAuditLog) -> None:
    def refuse(_request: Any, _value: Any) -> Response:
        raise InvalidGrant("it is unknown")

    def answer(_request: Any, _value: Any) -> Response:
        return Response(200, audit=(AuditEvent("token_revoked", {"token_id": "t"}),))

    request = request_from_event(with_certificate(clientCert={"subjectDN": SUBJECT}))
    routes = {("POST", "/revoke"): Endpoint(handle=answer), ("POST", "/token"): Endpoint(handle=refuse)}
    endpoints = audit_endpoints(routes, audit)
    endpoints["POST", "/revoke"].handle(request, None)
    with pytest.raises(InvalidGrant):
        endpoints["POST", "/token"].handle(request, None)
    assert [recorded["certificate_subject"] for recorded in audit.events] == [SUBJECT, SUBJECT]
