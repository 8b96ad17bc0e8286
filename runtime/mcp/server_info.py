"""What the server says about itself: ``Implementation`` in the MCP schema."""

from typing import Any, Final

from runtime.logo import data_uri
from runtime.settings import McpSettings

# The revision that each member came with. Older clients do not know it.
SINCE: Final = {"title": "2025-06-18", "websiteUrl": "2025-11-25", "icons": "2025-11-25"}


def server_info(settings: McpSettings, version: str) -> dict[str, Any]:
    """Return the ``Implementation`` of the server, with the members that the stack sets."""
    about = settings.about
    info: dict[str, Any] = {"name": settings.server_name, "version": version}
    if about.title:
        info["title"] = about.title
    if about.website_url:
        info["websiteUrl"] = about.website_url
    if about.logo:
        kind, uri = data_uri(about.logo)
        info["icons"] = [{"src": uri, "mimeType": kind}]
    return info


def server_info_for(info: dict[str, Any], revision: str) -> dict[str, Any]:
    """Return the members that a revision of the protocol knows."""
    return {name: value for name, value in info.items() if SINCE.get(name, "") <= revision}


def brief_server_info(info: dict[str, Any]) -> dict[str, Any]:
    """Return the members that are small enough for every response."""
    return {name: value for name, value in info.items() if name != "icons"}
