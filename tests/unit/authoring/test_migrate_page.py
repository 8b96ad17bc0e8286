"""docs/migrate.md names all that the other frameworks have, and each name works or says what to use instead."""

import inspect
from pathlib import Path

import pytest
from mcp.server.mcpserver import Context as TheirContext
from mcp.server.mcpserver import MCPServer
from pydantic import BaseModel

from runtime.authoring import Context
from runtime.authoring.styles import fastmcp, sdk
from runtime.authoring.styles.missing import INSTEAD
from runtime.authoring.styles.server import Server
from runtime.authoring.uri_template import UriTemplate

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "migrate.md").read_text()


def _words(text: str) -> list[str]:
    return text.split()


# The contexts of FastMCP 2.14, 3.4 and 4.2, and of the official SDK 1.30. That of 2.3 is at hand.
FASTMCP = _words(
    """client_extension_settings client_id client_supports_extension close_sse_stream debug delete_state
disable_components elicit enable_components error fastmcp get_prompt get_state info input_responses is_background_task
lifespan_context list_prompts list_resources list_roots log origin_request_id read_resource report_progress
request_context request_id request_state reset_visibility sample sample_step send_notification session session_id
set_state task_id transport warning"""
)
SDK_1 = _words(
    """client_id close_sse_stream close_standalone_sse_stream debug elicit elicit_url error fastmcp info log
read_resource report_progress request_context request_id session warning"""
)
SDK_2 = sorted({name for name in dir(TheirContext) if not name.startswith("_")} - set(dir(BaseModel)))


@pytest.mark.parametrize(("kind", "name"), [(fastmcp.Context, name) for name in FASTMCP])
def test_each_member_of_the_context_is_here_or_replaced(kind: type[fastmcp.Context], name: str) -> None:
    assert _is_known(kind, name)
    assert f"`{name}`" in PAGE


@pytest.mark.parametrize("name", sorted({*SDK_1, *SDK_2}))
def test_each_member_of_the_context_of_the_sdk_is_here_or_replaced(name: str) -> None:
    assert _is_known(sdk.Context, name)
    assert f"`{name}`" in PAGE


def test_each_keyword_of_the_servers_is_here_or_replaced() -> None:
    parameters = inspect.signature(MCPServer).parameters.keys()
    known = inspect.signature(Server).parameters.keys()
    others = {"description", "resources", "extensions", "dependencies", "subscriptions", "cache_hints"}
    others |= {"resource_security", "request_state_security", *(name for name in parameters if "duplicate" in name)}
    assert parameters - known - Server.INSTEAD.keys() == others
    for name in parameters & Server.INSTEAD.keys() - {"debug"}:
        assert f"`{name}=" in PAGE, name


@pytest.mark.parametrize("name", [*fastmcp.__all__, *sdk.__all__])
def test_the_page_names_each_name_that_the_styles_have(name: str) -> None:
    inside = {"Icon", "ElicitationResult"}
    assert name in PAGE or name in inside


@pytest.mark.parametrize("name", INSTEAD)
def test_an_import_of_what_is_not_here_says_what_to_use_instead(name: str) -> None:
    with pytest.raises(ImportError, match=rf"styles\.fastmcp has no {name}: (use|raise|import) "):
        getattr(fastmcp, name)
    assert f"`{name}" in PAGE


def test_a_wildcard_of_fastmcp_is_a_reserved_expansion() -> None:
    assert UriTemplate("data://{+path}").match("data://a/b") == {"path": "a/b"}


def _is_known(kind: type, name: str) -> bool:
    own = hasattr(kind, name) or hasattr(Context, name) or name in inspect.signature(Context).parameters
    return own or name in kind.INSTEAD  # type: ignore[attr-defined]
