"""The tools of this server."""

from typing import Annotated

from msgspec import Meta

from runtime.authoring import ToolError, tool

TICKETS = {"ops": ["Disk is full", "Renew the certificate"]}


@tool(title="Open tickets")
def open_tickets(team: str, limit: Annotated[int, Meta(ge=1, le=100)] = 10) -> list[str]:
    """List the titles of a team's open tickets."""
    if team not in TICKETS:
        raise ToolError("There is no such team.")
    return TICKETS[team][:limit]
