"""Tools that may run as tasks, and the plain one they are compared with."""

from runtime.authoring import Context, Form, ToolError, tool
from tests.conformance.app.asking import NAME, form

_CONFIRMED = form(confirm={"type": "boolean"})


@tool
def greet(name: str) -> str:
    """Greet somebody."""
    return f"Hello, {name}!"


@tool(task="optional")
def slow_compute(seconds: int, context: Context, label: str = "") -> str:
    """Take a number of seconds."""
    for _ in range(seconds):
        context.pause()
    return f"{label} took {seconds} seconds."


@tool(task="required")
def failing_job() -> str:
    """Fail."""
    raise ToolError("This job always fails.")


@tool(task="optional")
def protocol_error_job(context: Context) -> str:
    """Ask for what the client has not declared, which no answer can follow."""
    return str(context.roots())


@tool(task="optional")
def confirm_delete(filename: str, context: Context) -> str:
    """Delete a file, once a user has confirmed it."""
    answer = context.elicit(f"Delete {filename}?", _CONFIRMED)
    return f"{filename}: {answer.action}"


@tool(task="optional")
def multi_input(context: Context) -> str:
    """Ask two things at once."""
    answers = context.ask({"name": Form("What is your name?", NAME), "confirm": Form("Are you sure?", _CONFIRMED)})
    return ", ".join(f"{key}: {answer.action}" for key, answer in answers.items())


@tool(task="required", detaches=True)
def test_tool_with_task(context: Context) -> str:
    """Ask for a name, then go on as a task."""
    answer = context.elicit("What is your name?", NAME, key="user_name")
    context.detach()
    return f"Hello, {answer.content['name']}!" if answer.content else "Hello!"
