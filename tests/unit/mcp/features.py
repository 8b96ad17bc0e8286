"""Tools, resources, prompts and completions that show each feature once, for the tests beside them."""

from typing import Annotated, Any

from runtime.authoring import (
    Annotations,
    Audio,
    Context,
    EmbeddedResource,
    Icon,
    Image,
    Message,
    ResourceLink,
    Text,
    ToolAnnotations,
    ToolResult,
    completion,
    header,
    prompt,
    resource,
    tool,
)

PNG = b"\x89PNG"


@tool(
    title="Everything",
    annotations=ToolAnnotations(read_only=True, open_world=False),
    icons=[Icon(src="https://example.com/i.png", mime_type="image/png", sizes=["48x48"])],
    meta={"example.com/x": 1},
)
def everything(subject: str) -> list[Text | Image | Audio | EmbeddedResource | ResourceLink]:
    """Show every kind of content.

    Args:
        subject: What it is about.
    """
    return [
        Text(subject, Annotations(audience=["user"], priority=0.5)),
        Image(PNG),
        Audio(b"RIFF"),
        EmbeddedResource("test://e", "embedded"),
        ResourceLink(uri="test://l", name="link"),
    ]


@tool
def chatty(context: Context) -> str:
    """Log and report."""
    for level in ("debug", "info", "error"):
        context.log(f"at {level}", level, logger="chatty")
    context.progress(0.5, 1, "half")
    return f"{context.time_left:.0f}"


@tool
def routed(region: Annotated[str, header("Region")], shard: Annotated[int, header("Shard")] = 0) -> str:
    """Be routed by its arguments."""
    return f"{region}{shard}"


@tool(scopes=["mcp:admin", "mcp:write"])
def administer() -> str:
    """Do what only administrators may."""
    return "done"


@tool(output_schema={"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]})
def liar() -> Any:
    """Break its word."""
    return {"n": "not a number"}


@tool(input_schema={"type": "object", "properties": {"a": {"$ref": "#/$defs/A"}}, "$defs": {"A": {"enum": [1]}}})
def explicit(**arguments: Any) -> ToolResult:
    """State its own schema."""
    return ToolResult(structured=arguments)


@resource("test://image", mime_type="image/png", size=4)
def image() -> bytes:
    """A picture."""
    return PNG


@resource("test://users/{user}/{+path}", mime_type="application/json")
def user_file(user: str, path: str) -> dict[str, str]:
    """A file of a user."""
    return {"user": user, "path": path}


@resource("test://search{?q,limit}")
def search(q: str = "", limit: int = 10) -> str:
    """Search."""
    return f"{q}:{limit}"


@resource("test://secret", scopes=["mcp:admin"])
def secret() -> str:
    """For administrators."""
    return "secret"


@prompt(title="Review")
def review(language: str, style: str = "short") -> list[Message | str]:
    """Review code.

    Args:
        language: The language of the code.
    """
    return [
        Message(EmbeddedResource("test://e", "x")),
        Message("as an expert", role="assistant"),
        f"{language} {style}",
    ]


@prompt(scopes=["mcp:admin"])
def confess(sin: str = "none") -> str:
    """Confess, before administrators."""
    return sin


@completion(review, "language")
def languages(value: str, arguments: dict[str, str]) -> list[str]:
    """Languages that begin as typed."""
    return [name for name in ["python", "pascal", *(f"p{n}" for n in range(150))] if name.startswith(value)]


@completion(user_file, "user")
async def users(value: str, context: Context) -> list[str]:
    """Users."""
    return [f"{value}@{context.client_id}"]


FEATURES = (
    *(everything, chatty, routed, administer, liar, explicit),
    *(image, user_file, search, secret, review, confess, languages, users),
)
