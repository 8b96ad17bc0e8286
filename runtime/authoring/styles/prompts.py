"""The parameters of prompts under other frameworks: texts with descriptions."""

import inspect
from collections.abc import Callable
from typing import Annotated, Any, get_args, get_origin

Function = Callable[..., Any]


def plain_prompt(function: Function) -> Function:
    """Return the function with ``str`` in place of ``Annotated[str, ...]``, and the descriptions in its docstring."""
    described: dict[str, str] = {}
    parameters = []
    signature = inspect.signature(function)
    for name, parameter in signature.parameters.items():
        hint = function.__annotations__.get(name)
        notes = [*getattr(hint, "__metadata__", ()), parameter.default]
        for note in notes:
            if text := note if isinstance(note, str) and note is not parameter.default else _description(note):
                described[name] = text
        if get_origin(hint) is Annotated:
            function.__annotations__[name] = get_args(hint)[0]
        parameters.append(parameter.replace(default=_default(parameter.default)))
    named: Any = function
    named.__signature__ = signature.replace(parameters=parameters)
    if described and function.__doc__:
        lines = [f"    {name}: {text}" for name, text in described.items()]
        function.__doc__ = "\n".join([inspect.cleandoc(function.__doc__), "", "Args:", *lines])
    return function


def _description(note: Any) -> str | None:
    text = getattr(note, "description", None)
    return text if isinstance(text, str) else None


def _default(default: Any) -> Any:
    """Return the default that a ``Field`` of Pydantic states."""
    if not hasattr(default, "is_required"):
        return default
    return inspect.Parameter.empty if default.is_required() else default.default
