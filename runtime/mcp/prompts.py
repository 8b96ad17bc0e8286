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
    """Return the prompts that the caller may use, in the order of their definition."""
    prompts = [prompt for prompt in call.app.prompts.values() if call.has_scopes(prompt.scopes)]
    items, following = page(prompts, "prompts", call.params.get("cursor"), call.sender.signer)
    return {"prompts": [prompt.listing for prompt in items], **following}


def get_prompt(call: Call) -> dict[str, Any]:
    """Return the messages of a prompt.

    Raise ``InvalidParams`` for an unknown prompt or a missing argument, ``InsufficientScope`` or ``NotJson``.
    """
    prompt = call.app.prompts.get(call.params["name"])
    if prompt is None:
        raise InvalidParams("is not a prompt of this server", pointer="/params/name")
    call.require_scopes(prompt.scopes)
    arguments = call.params.get("arguments", {})
    for name in prompt.missing(arguments):
        raise InvalidParams("is required", pointer=f"/params/arguments/{name}")
    return dict(json_value({"description": prompt.description, "messages": prompt.messages(arguments, call.context)}))


def complete(call: Call) -> dict[str, Any]:
    """Return suggestions for an argument; none for an argument without a completion.

    Raise ``InvalidParams`` for an unknown reference. Raise ``InsufficientScope`` for a caller who may not use the
    prompt or resource itself: its arguments are not public either.
    """
    reference, argument = call.params["ref"], call.params["argument"]
    is_prompt = reference["type"] == "ref/prompt"
    name = reference["name"] if is_prompt else reference["uri"]
    known: Mapping[str, Prompt | Resource] = (
        call.app.prompts if is_prompt else {**call.app.templates, **call.app.resources}
    )
    if name not in known:
        raise InvalidParams("does not refer to a prompt or resource of this server", pointer="/params/ref")
    call.require_scopes(known[name].scopes)
    completion = call.app.completions.get((name, argument["name"]))
    filled_in = call.params.get("context", {}).get("arguments", {})
    values = completion.suggest(argument["value"], filled_in, call.context) if completion else []
    first = values[:MOST_VALUES]
    return dict(
        json_value({"completion": {"values": first, "total": len(values), "hasMore": len(values) > len(first)}})
    )
