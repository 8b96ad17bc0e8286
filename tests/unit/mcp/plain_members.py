"""A resource and a prompt that take anything."""

from runtime.authoring import prompt, resource


@resource("test://{name}")
def named(name: str) -> str:
    """Any name."""
    return name


@prompt
def plain(text: str) -> str:
    """Any text."""
    return text
