"""Members of an app that need scopes."""

from runtime.authoring import Context, prompt, resource, tool


@tool(scopes=["notes:read"])
def read_note(context: Context) -> list[str]:
    """Read a note, and tell the scopes of whoever reads it."""
    return sorted(context.scopes)


@tool(scopes=["notes:write", "notes:read"])
def write_note() -> str:
    """Write a note."""
    return "written"


@resource("notes://all", scopes=["notes:read"])
def notes() -> str:
    """All notes."""
    return "notes"


@prompt(scopes=["notes:write"])
def rewrite() -> str:
    """Have a note rewritten."""
    return "Rewrite it."
