"""The address of a client: who appends what to X-Forwarded-For, and what a caller can forge."""

import logging
from typing import Any

import pytest

from runtime.http.client_address import client_address
from runtime.http.dispatch import dispatch
from runtime.http.endpoint import Endpoint
from runtime.http.event import Request, Response, headers_from_event, request_from_event
from tests.unit.conftest import LambdaContext, event

VIEWER, PROXY = "198.51.100.7", "203.0.113.9"


def forwarded(*values: str) -> dict[str, Any]:
    """An event from the proxy, with one X-Forwarded-For field for each value."""
    proxied = event("GET", "/authorize")
    return {**proxied, "multiValueHeaders": {"X-Forwarded-For": list(values)} if values else {}}


def address(proxied: dict[str, Any], *, is_behind_proxy: bool = True) -> str:
    return client_address(proxied, headers_from_event(proxied), is_behind_proxy=is_behind_proxy)


@pytest.mark.parametrize(
    "values",
    [
        (f"{VIEWER}, {PROXY}",),
        (f"{VIEWER},{PROXY}",),
        (f"10.0.0.1, ::1, nonsense, {VIEWER}, {PROXY}",),
        (VIEWER, PROXY),
        ("10.0.0.1, 10.0.0.2", f"{VIEWER}, {PROXY}"),
    ],
)
def test_behind_a_proxy_it_is_the_second_from_the_right_and_a_forged_header_does_not_move_it(
    values: tuple[str, ...],
) -> None:
    """RFC 9110 5.3: the fields of one name are one list, in their order."""
    assert address(forwarded(*values)) == VIEWER


def test_an_address_of_version_6_counts_too() -> None:
    assert address(forwarded(f"2001:DB8::1, {PROXY}")) == "2001:db8::1"


@pytest.mark.parametrize(
    "values", [(), ("",), (PROXY,), (f"nonsense, {PROXY}",), (f", {PROXY}",), (f"1.2.3, {PROXY}",)]
)
def test_where_the_header_is_not_a_proxys_it_is_the_address_that_the_gateway_saw(values: tuple[str, ...]) -> None:
    assert address(forwarded(*values)) == PROXY


def test_without_a_proxy_the_header_counts_for_nothing() -> None:
    assert address(forwarded(f"{VIEWER}, {PROXY}"), is_behind_proxy=False) == PROXY
    assert request_from_event(forwarded(f"{VIEWER}, {PROXY}")).source_ip == PROXY


def test_an_event_without_an_address_has_none() -> None:
    for context in ({}, {"identity": None}, {"identity": {"sourceIp": None}}):
        assert address({"requestContext": context, "headers": None}) == ""


def test_a_request_and_its_log_line_have_the_clients_address_and_never_the_key_of_the_proxy(
    caplog: pytest.LogCaptureFixture,
) -> None:
    seen: list[Request] = []

    def handle(request: Request, _nothing: None) -> Response:
        seen.append(request)
        return Response(200)

    proxied = event("GET", "/authorize", headers={"X-Forwarded-For": f"{VIEWER}, {PROXY}", "X-Api-Key": "the-key"})
    with caplog.at_level(logging.INFO):
        dispatch(proxied, {("GET", "/authorize"): Endpoint(handle)}, LambdaContext(), is_behind_proxy=True)
    assert seen[0].source_ip == VIEWER
    assert "the-key" not in str(seen)
    [line] = caplog.records
    assert vars(line)["network"] == f"{VIEWER}/32"
    assert "the-key" not in str(vars(line))
