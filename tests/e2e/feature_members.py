"""What the official SDK's client is given to use."""

import math
import sys
from dataclasses import dataclass
from typing import Literal

from runtime.authoring import Context, completion, prompt, resource, tool

NAME = {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]}


@tool
def add(a: int, b: int) -> int:
    """Add two numbers."""
    return a + b


@tool
def describe(context: Context) -> dict[str, str]:
    """Tell who calls, in structured content."""
    return {"client_id": context.client_id, "revision": context.protocol_version}


@dataclass(frozen=True)
class Statistics:
    """What numbers have in common."""

    mean: float


@tool
def average(
    numbers: list[float], unit: Literal["m", "s"] | None = None, within: tuple[int, str] = (1, "x")
) -> Statistics:
    """Work out the mean of numbers; of none, it is not a number.

    Args:
        numbers: Any numbers.

    Returns:
        The mean.
    """
    return Statistics(sum(numbers) / len(numbers) if numbers else math.nan)


@tool
def leave() -> str:
    """End the process, as argparse does."""
    sys.exit(2)


@tool
def name_file() -> str:
    """Give the name of a file that is not UTF-8."""
    return "caf\udce9"


@tool
def greet(context: Context) -> str:
    """Report progress, ask for a name, greet."""
    context.progress(1, 2, "asking")
    answer = context.elicit("What is your name?", NAME)
    context.progress(2, 2, "greeting")
    return f"Hello, {answer.content['name']}!" if answer.content else f"Hello, whoever: {answer.action}"


@tool
def consult(context: Context, question: str) -> str:
    """Ask the client's model, and where its roots are."""
    return f"{context.sample(question, 50).text} in {context.roots()[0].uri}"


@tool(task="required")
def compute(context: Context) -> str:
    """Run as a task, and ask on the way."""
    answer = context.elicit("Go on?", NAME)
    return f"computed for {answer.content['name']}" if answer.content else "not computed"


@resource("test://greeting/{name}")
def greeting(name: str) -> str:
    """A greeting."""
    return f"hello {name}"


@prompt
def summarize(topic: str) -> str:
    """Summarize a topic."""
    return f"Summarize {topic}."


@completion(summarize, "topic")
def topics(value: str) -> list[str]:
    """Topics that begin as typed."""
    return [topic for topic in ("lambda", "latency") if topic.startswith(value)]
