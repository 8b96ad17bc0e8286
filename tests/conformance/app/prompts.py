"""Prompts of every kind of content, and one that asks first."""

from runtime.authoring import Context, EmbeddedResource, Image, Text, completion, prompt
from tests.conformance.app.asking import form
from tests.conformance.app.media import RED_PIXEL


@prompt
def test_simple_prompt() -> str:
    """Say one thing."""
    return "This is a simple prompt for testing."


@prompt
def test_prompt_with_arguments(arg1: str, arg2: str) -> str:
    """Repeat two arguments.

    Args:
        arg1: First test argument
        arg2: Second test argument
    """
    return f"Prompt with arguments: arg1='{arg1}', arg2='{arg2}'"


@completion(test_prompt_with_arguments, "arg1")
def first_arguments(value: str) -> list[str]:
    """Words that begin as what has been typed."""
    return [word for word in ("test", "testValue1", "paris") if word.startswith(value)]


@prompt
def test_prompt_with_embedded_resource(resourceUri: str) -> list[EmbeddedResource | Text]:  # noqa: N803 - the suite's
    """Show a resource.

    Args:
        resourceUri: URI of the resource to embed
    """
    return [
        EmbeddedResource(resourceUri, "Embedded resource content for testing."),
        Text("Please process the embedded resource above."),
    ]


@prompt
def test_prompt_with_image() -> list[Image | Text]:
    """Show an image."""
    return [Image(RED_PIXEL), Text("Please analyze the image above.")]


@prompt
def test_input_required_result_prompt(context: Context) -> str:
    """Ask a user for the context first."""
    answer = context.elicit("What context should the prompt use?", form(context={"type": "string"}), key="user_context")
    return f"Context: {answer.content['context']}" if answer.content else "There is no context."
