"""An app that uses everything that the mcp function and its worker keep."""

import sys

from runtime.authoring import App, Context, tool

FORM = {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]}


@tool(task="optional")
def add(numbers: list[int]) -> int:
    """Add numbers."""
    return sum(numbers)


@tool
def greet(context: Context) -> str:
    """Ask for a name and greet its owner."""
    answer = context.elicit("Who are you?", FORM)
    return f"Hello, {answer.content['name']}!" if answer.content else "Hello!"


@tool
def mutter(context: Context) -> str:
    """Send a message that only who asks for it gets."""
    context.log("hm", "debug")
    return "done"


@tool
def whoami(context: Context) -> dict[str, str | None]:
    """Say who calls."""
    return {"subject": context.subject}


app = App(modules=[sys.modules[__name__]])
