"""Resources of text and of bytes, and a template."""

from runtime.authoring import resource
from tests.conformance.app.media import RED_PIXEL


@resource("test://static-text")
def static_text() -> str:
    """Text that never changes."""
    return "This is the content of the static text resource."


@resource("test://static-binary", mime_type="image/png")
def static_binary() -> bytes:
    """An image that never changes."""
    return RED_PIXEL


@resource("test://watched-resource")
def watched_resource() -> str:
    """Text that clients subscribe to."""
    return "Watched resource content"


@resource("test://template/{id}/data", mime_type="application/json")
def template(id: str) -> dict[str, str | bool]:  # noqa: A002 - the name that the suite gives this variable
    """Data of an item."""
    return {"id": id, "templateTest": True, "data": f"Data for ID: {id}"}
