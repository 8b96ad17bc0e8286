"""Tools, a resource, a prompt and a completion that return values that JSON cannot carry."""

import math
from dataclasses import dataclass
from typing import Any

from runtime.authoring import (
    Annotations,
    Context,
    EmbeddedResource,
    Form,
    Message,
    Text,
    ToolError,
    ToolResult,
    completion,
    prompt,
    resource,
    tool,
)

# What os.listdir makes of a file name that is not UTF-8.
NO_TEXT = "caf\udce9"
FORM = {"type": "object", "properties": {"a": {"type": "string"}}}


@dataclass(frozen=True)
class Statistics:
    """Numbers."""

    mean: float
    parts: list[dict[str, float]]
    pair: tuple[int, int] = (1, 2)


class Name(str):
    """Text of a class of its own, as some libraries have."""

    __slots__ = ()


class Ratio(float):
    """A number of a class of its own, as numpy has."""

    __slots__ = ()


VALUES: dict[str, Any] = {
    "nan": Statistics(math.nan, []),
    "deep": Statistics(0.0, [{"a": 1.0}, {"b": math.inf}]),
    "negative": -math.inf,
    "key": {NO_TEXT: 1},
    "text": NO_TEXT,
    "block": Text(NO_TEXT),
    "blocks": ["fine", Text("fine", Annotations(priority=math.nan))],
    "embedded": EmbeddedResource("test://x", NO_TEXT),
    "said": ToolResult(content=[NO_TEXT]),
    "structured": ToolResult(structured={"mean": math.nan}),
    "meta": ToolResult(content=["x"], meta={"x": math.nan}),
    "object": object(),
    "digits": [10**5000],
    "tupled": {(1, 2): 3},
}
ITSELF: list[Any] = []
ITSELF.append(ITSELF)
VALUES["itself"] = ITSELF


@tool
def measure() -> Statistics:
    """Measure."""
    return VALUES["nan"]  # type: ignore[no-any-return]


@tool
def measure_well() -> Statistics:
    """Measure."""
    return Statistics(1.5, [{"a": 2.0}])


@tool(task="optional")
def give(kind: str) -> Any:
    """Give what is asked for."""
    return VALUES[kind]


@tool
def give_special() -> Any:
    """Give what libraries give."""
    return {"name": Name("x"), "ratio": Ratio(0.5), "missing": None, 7: 2**70}


@tool
def complain() -> str:
    """Fail with the name of a file."""
    raise ToolError(f"there is no {NO_TEXT}")


@tool
def ask(kind: str, context: Context) -> str:
    """Ask what cannot be asked."""
    match kind:
        case "message":
            context.elicit(NO_TEXT, FORM)
        case "key":
            context.ask({NO_TEXT: Form("Name?", FORM)})
        case "url":
            context.elicit_url("Look", f"https://example.com/{NO_TEXT}")
        case "sample":
            context.sample("Say", 5, temperature=math.nan)
        case _:
            context.elicit("Name?", {"type": "object", "properties": {"a": {"type": "number", "default": math.nan}}})
    return "asked"


@tool
def chat(context: Context) -> str:
    """Log and report what cannot be written as it is."""
    context.log(NO_TEXT, logger=NO_TEXT)
    context.log({"mean": math.nan})
    context.log(object)
    context.progress(1, math.inf, NO_TEXT)
    context.progress(math.nan)
    return "done"


@resource("test://{kind}")
def held(kind: str) -> Any:
    """Hold what is asked for."""
    return VALUES[kind]


@prompt
def start(kind: str) -> Any:
    """Start from what is asked for."""
    return Message(NO_TEXT) if kind == "text" else [Message(Text("x", Annotations(priority=math.nan)))]


@completion(start, "kind")
def kinds(value: str) -> Any:
    """Suggest what cannot be written."""
    return [NO_TEXT] if value == "text" else [1]


UNSENDABLE = (measure, measure_well, give, give_special, complain, ask, chat, held, start, kinds)
