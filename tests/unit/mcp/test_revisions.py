"""The revision of a message, and messages of an unknown revision."""

from collections.abc import Callable

import pytest

from tests.unit.mcp.conftest import INITIALIZE, LEGACY, MODERN, Server, result


@pytest.fixture
def server(serve: Callable[..., Server]) -> Server:
    return serve()


def test_initialize_selects_legacy_semantics_though_its_header_names_the_modern_revision(server: Server) -> None:
    """2026-07-28, Versioning, Backward Compatibility: ``initialize`` without ``_meta`` is that of a legacy client."""
    shown = result(server.legacy("initialize", INITIALIZE, revision=MODERN))
    assert shown["protocolVersion"] == "2025-11-25"


@pytest.mark.parametrize("stated", ["1900-01-01", "2999-01-01", ""])
def test_initialize_with_an_unknown_revision_gets_the_supported_revisions(server: Server, stated: str) -> None:
    """2025-11-25, Protocol Version Header: an unsupported version MUST be answered with 400 Bad Request."""
    answer = server.legacy("initialize", INITIALIZE, revision=stated)
    assert (answer["statusCode"], answer["json"]["error"]["code"]) == (400, -32022)


@pytest.mark.parametrize(
    "message", [{"method": "notifications/initialized"}, {"id": "x", "result": {}}], ids=["notification", "response"]
)
def test_a_notification_or_response_of_an_unknown_revision_is_refused(
    server: Server, message: dict[str, object]
) -> None:
    """2025-11-25, Protocol Version Header: an unsupported version MUST be answered with 400 Bad Request."""
    answer = server.post({"jsonrpc": "2.0", **message}, **{"MCP-Protocol-Version": "1900-01-01"})
    assert (answer["statusCode"], answer["json"]["error"]["code"]) == (400, -32022)


@pytest.mark.parametrize("stated", [*LEGACY, MODERN])
def test_a_notification_of_a_known_revision_is_accepted(server: Server, stated: str) -> None:
    message = {"jsonrpc": "2.0", "method": "notifications/initialized"}
    assert server.post(message, **{"MCP-Protocol-Version": stated})["statusCode"] == 202
