"""The tool of ``hop``."""

from runtime.authoring import tool


@tool(function="adding")
def add(a: int, b: int) -> str:
    """Add two numbers."""
    return str(a + b)
