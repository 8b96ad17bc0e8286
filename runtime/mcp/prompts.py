"""``prompts/list``, ``prompts/get`` and ``completion/complete``."""

from collections.abc import Mapping
from typing import Any

from runtime.authoring.json_values import json_value
from runtime.authoring.prompt import Prompt
from runtime.authoring.resource import Resource
from runtime.mcp.call import Call
from runtime.mcp.errors import InvalidParams
from runtime.mcp.pagination import page

# MCP, Completion: at most 100 values per response.
MOST_VALUES = 100


def list_prompts(call: Call) -> dict[str, Any]:
    """The prompts that the caller may use, in the order of their definition."""
    prompts = [prompt for prompt in call.app.prompts.values() if call.may(prompt.scopes)]
    shown, following = page(prompts, "prompts", call.params.get("cursor"), call.signer)
    return {"prompts": [prompt.shown for prompt in shown], **following}


def get_prompt(call: Call) -> dict[str, Any]:
    """The messages of a prompt.

    Raises ``InvalidParams`` for one that is not there or lacks an argument, or ``NotJson``.
    """
    prompt = call.app.prompts.get(call.params["name"])
    if prompt is None:
        raise InvalidParams("is not a prompt of this server", pointer="/params/name")
    call.check(prompt.scopes)
    arguments = call.params.get("arguments", {})
    for name in prompt.missing(arguments):
        raise InvalidParams("is required", pointer=f"/params/arguments/{name}")
    return dict(json_value({"description": prompt.description, "messages": prompt.messages(arguments, call.context)}))


def complete(call: Call) -> dict[str, Any]:
    """Suggestions for an argument; none where nobody defined any.

    Raises ``InvalidParams`` for an unknown reference, and ``InsufficientScope``: what an argument may be is not for
    everybody where the thing itself is not.
    """
    reference, argument = call.params["ref"], call.params["argument"]
    is_prompt = reference["type"] == "ref/prompt"
    name = reference["name"] if is_prompt else reference["uri"]
    known: Mapping[str, Prompt | Resource] = (
        call.app.prompts if is_prompt else {**call.app.templates, **call.app.resources}
    )
    if name not in known:
        raise InvalidParams("does not refer to anything of this server", pointer="/params/ref")
    call.check(known[name].scopes)
    completion = call.app.completions.get((name, argument["name"]))
    filled_in = call.params.get("context", {}).get("arguments", {})
    values = completion.suggest(argument["value"], filled_in, call.context) if completion else []
    shown = values[:MOST_VALUES]
    return dict(
        json_value({"completion": {"values": shown, "total": len(values), "hasMore": len(values) > len(shown)}})
    )
