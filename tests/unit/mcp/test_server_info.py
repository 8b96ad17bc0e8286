"""What the server says about itself, in both eras."""

from collections.abc import Callable

import pytest

from runtime.authoring import tool
from runtime.settings import About
from tests.unit.mcp.conftest import INITIALIZE, PREFIX, Server, result

ABOUT = About(title="Tools of Example", website_url="https://example.com/mcp", logo="tests/infra/logo.svg")


@tool
def hello() -> str:
    """Say hello."""
    return "Hello."


@pytest.fixture
def server(serve: Callable[..., Server]) -> Server:
    return serve(hello, about=ABOUT)


@pytest.mark.parametrize(
    ("revision", "more"),
    [("2024-11-05", set()), ("2025-06-18", {"title"}), ("2025-11-25", {"title", "websiteUrl", "icons"})],
)
def test_a_legacy_client_is_told_what_its_revision_knows(server: Server, revision: str, more: set[str]) -> None:
    """MCP 2025-06-18 and 2025-11-25, schema: ``Implementation``."""
    info = result(server.legacy("initialize", {**INITIALIZE, "protocolVersion": revision}))["serverInfo"]
    assert info.keys() == {"name", "version", *more}


def test_a_modern_client_is_told_everything_at_discovery_and_no_icons_later(server: Server) -> None:
    discovered, listed = (
        result(server.modern(method))["_meta"][f"{PREFIX}serverInfo"] for method in ("server/discover", "tools/list")
    )
    assert (discovered["title"], discovered["websiteUrl"]) == ("Tools of Example", "https://example.com/mcp")
    [icon] = discovered["icons"]
    assert icon["mimeType"] == "image/svg+xml"
    assert icon["src"].startswith("data:image/svg+xml;base64,")
    assert listed == {name: value for name, value in discovered.items() if name != "icons"}


def test_a_server_that_sets_nothing_says_its_name_and_version(serve: Callable[..., Server]) -> None:
    assert result(serve().legacy("initialize", INITIALIZE))["serverInfo"].keys() == {"name", "version"}
