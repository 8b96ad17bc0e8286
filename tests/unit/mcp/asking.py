"""Tools, a prompt and a resource that ask the client, for the tests beside them."""

from typing import Any

from runtime.authoring import ClientRefused, Context, Form, Roots, Sample, ToolError, prompt, resource, tool

NAME = {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]}
CAN: dict[str, Any] = {"elicitation": {}, "sampling": {}, "roots": {}}
MODEL = {"role": "assistant", "model": "m", "content": {"type": "text", "text": "hi"}}
runs: list[str] = []


def accept(**content: Any) -> dict[str, Any]:
    """The answer of a user who fills in a form."""
    return {"action": "accept", "content": content}


@tool
def greet(context: Context, greeting: str = "Hello") -> str:
    """Greet a user by name."""
    runs.append("greet")
    context.progress(1, 2)
    answer = context.elicit("What is your name?", NAME, key="user_name")
    context.progress(2, 2)
    return f"{greeting}, {answer.content['name']}!" if answer.content else f"No name: {answer.action}"


@tool
async def interview(context: Context) -> str:
    """Ask one thing after the other."""
    name = context.elicit("Name?", NAME, key="step1").content
    color = context.elicit(
        "Color?", {"type": "object", "properties": {"color": {"type": "string"}}}, key="step2"
    ).content
    return f"{name} {color}"


@tool
def gather(context: Context) -> str:
    """Ask everything at once."""
    answers = context.ask({"name": Form("Name?", NAME), "model": Sample("Say hi", 10), "roots": Roots()})
    return f"{answers['name'].content['name']} {answers['model'].text} {answers['roots'][0].uri}"


@tool
def careful(context: Context) -> str:
    """Cope with a client that refuses."""
    try:
        return context.sample("Hi", 5).text
    except ClientRefused as refusal:
        raise ToolError(f"refused: {refusal}") from refusal


@tool
def patient(context: Context) -> str:
    """Wait for something elsewhere."""
    context.pause()
    return "done"


@prompt
def tailored(context: Context) -> str:
    """A prompt that asks for context."""
    return str(context.elicit("Context?", NAME, key="user_context").content)


@resource("test://personal")
def personal(context: Context) -> str:
    """A resource that asks who reads it."""
    return str(context.elicit("Who?", NAME, key="who").content)


ASKING = (greet, interview, gather, careful, patient, tailored, personal)
