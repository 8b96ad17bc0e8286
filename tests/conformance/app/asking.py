"""Tools that ask the client something before they answer."""

import json
from typing import Any, Final

from runtime.authoring import Context, Elicitation, Form, Roots, Sample, tool


def form(**properties: dict[str, Any]) -> dict[str, Any]:
    """A form all of whose fields must be filled in."""
    return {"type": "object", "properties": properties, "required": list(properties)}


_TEXT: Final = {"type": "string"}
_YES_OR_NO: Final = {"type": "boolean"}
NAME: Final = form(name=_TEXT)


def _shown(answer: Elicitation) -> str:
    return f"action={answer.action}, content={json.dumps(answer.content or {})}"


@tool
def test_sampling(prompt: str, context: Context) -> str:
    """Pass a prompt on to the client's model."""
    return f"LLM response: {context.sample(prompt, 100).text}"


@tool
def test_elicitation(message: str, context: Context) -> str:
    """Ask a user for a user name and an address."""
    fields = {
        "username": {"type": "string", "description": "User's response"},
        "email": {"type": "string", "description": "User's email address"},
    }
    return f"User response: {_shown(context.elicit(message, form(**fields)))}"


@tool
def test_elicitation_sep1034_defaults(context: Context) -> str:
    """Ask with a default for each primitive type."""
    fields: dict[str, dict[str, Any]] = {
        "name": {"type": "string", "default": "John Doe"},
        "age": {"type": "integer", "default": 30},
        "score": {"type": "number", "default": 95.5},
        "status": {"type": "string", "enum": ["active", "inactive", "pending"], "default": "active"},
        "verified": {"type": "boolean", "default": True},
    }
    schema = {"type": "object", "properties": fields}
    return f"Elicitation completed: {_shown(context.elicit('Please review the defaults', schema))}"


@tool
def test_elicitation_sep1330_enums(context: Context) -> str:
    """Ask with every way there is to choose from a list."""
    options = ["option1", "option2", "option3"]
    fields: dict[str, dict[str, Any]] = {
        "untitledSingle": {"type": "string", "enum": options},
        "titledSingle": {"type": "string", "oneOf": _titled("value", "Option")},
        "legacyEnum": {
            "type": "string",
            "enum": ["opt1", "opt2", "opt3"],
            "enumNames": ["Option One", "Option Two", "Option Three"],
        },
        "untitledMulti": {"type": "array", "items": {"type": "string", "enum": options}},
        "titledMulti": {"type": "array", "items": {"anyOf": _titled("value", "Choice")}},
    }
    schema = {"type": "object", "properties": fields}
    return f"Elicitation completed: {_shown(context.elicit('Please choose', schema))}"


def _titled(prefix: str, noun: str) -> list[dict[str, str]]:
    return [
        {"const": f"{prefix}{number}", "title": f"{ordinal} {noun}"}
        for number, ordinal in enumerate(("First", "Second", "Third"), start=1)
    ]


@tool
def test_reconnection(context: Context) -> str:
    """End the response before the work is done, and answer when the client is back."""
    context.pause()
    return "Answered after the client came back."


@tool
def test_missing_capability(context: Context) -> str:
    """Need the client's model."""
    return context.sample("Say hello", 10).text


@tool
def test_streaming_elicitation(context: Context) -> str:
    """Report progress, then ask."""
    context.progress(50, 100)
    return _shown(context.elicit("Shall it go on?", form(ok=_YES_OR_NO)))


@tool
def test_input_required_result_elicitation(context: Context) -> str:
    """Ask a user for a name."""
    answer = context.elicit("What is your name?", NAME, key="user_name")
    return f"Hello, {answer.content['name']}!" if answer.content else "Hello!"


@tool
def test_input_required_result_sampling(context: Context) -> str:
    """Ask the client's model for a capital."""
    return context.sample("What is the capital of France?", 100, key="capital_question").text


@tool
def test_input_required_result_list_roots(context: Context) -> str:
    """Ask for the client's roots."""
    return ", ".join(root.uri for root in context.roots(key="client_roots"))


@tool
def test_input_required_result_request_state(context: Context) -> str:
    """Ask for a confirmation, which comes back with the state it was asked in."""
    context.elicit("Please confirm", form(ok=_YES_OR_NO), key="confirm")
    return "state-ok"


@tool
def test_input_required_result_tampered_state(context: Context) -> str:
    """Ask for a confirmation whose state nobody may change."""
    context.elicit("Please confirm", form(ok=_YES_OR_NO), key="confirm")
    return "integrity-ok: state verified"


@tool
def test_input_required_result_multiple_inputs(context: Context) -> str:
    """Ask three things at once."""
    answers = context.ask(
        {
            "user_name": Form("What is your name?", NAME),
            "greeting": Sample("Generate a greeting", 50),
            "client_roots": Roots(),
        }
    )
    return f"{answers['greeting'].text} You have {len(answers['client_roots'])} roots."


@tool
def test_input_required_result_multi_round(context: Context) -> str:
    """Ask one thing after the other."""
    name = context.elicit("Step 1: What is your name?", NAME, key="step1")
    color = context.elicit("Step 2: What is your favorite color?", form(color=_TEXT), key="step2")
    return f"Asked twice: {_shown(name)}; {_shown(color)}"


@tool
def test_input_required_result_capabilities(context: Context) -> str:
    """Ask only what the client says it can be asked."""
    questions: dict[str, Form | Sample] = {}
    if context.supports("elicitation", "form"):
        questions["elicit_input"] = Form("Elicitation input", form(value=_TEXT))
    if context.supports("sampling"):
        questions["sample_input"] = Sample("Sample request", 50)
    return f"Answered: {', '.join(context.ask(questions))}"
