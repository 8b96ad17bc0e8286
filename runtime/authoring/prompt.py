"""Prompts: messages that a user can start from."""

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Any, overload

import msgspec

from runtime.authoring.content import Icon, Message, content_block, without_none
from runtime.authoring.context import Context
from runtime.authoring.definition import (
    DefinitionError,
    Function,
    Signature,
    call,
    check_members,
    find_description,
    signature_of,
)
from runtime.authoring.docstring import read_docstring
from runtime.authoring.options import read_options

_KEYWORDS = ("name", "title", "description", "icons", "scopes", "meta")


class Prompt(msgspec.Struct, frozen=True, dict=True):
    """A function that returns the messages of a prompt, and how clients see it."""

    name: str
    title: str | None
    documentation: str
    icons: Sequence[Icon]
    scopes: frozenset[str]
    function: Function
    signature: Signature
    meta: Mapping[str, Any] = {}

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the function itself, so that a prompt is as easy to test as any function."""
        return self.function(*args, **kwargs)

    @functools.cached_property
    def listing(self) -> dict[str, Any]:
        """The prompt as ``prompts/list`` returns it."""
        documentation = read_docstring(self.documentation)
        arguments = [
            without_none(
                {
                    "name": name,
                    "description": documentation.parameters.get(name) or None,
                    "required": name not in self.signature.defaults,
                }
            )
            for name in self.signature.types
        ]
        return without_none(
            {
                "name": self.name,
                "title": self.title,
                "description": documentation.description,
                "arguments": arguments or None,
                "icons": [icon.to_wire() for icon in self.icons] or None,
                "_meta": self.meta or None,
            }
        )

    @property
    def description(self) -> str:
        """The description of the prompt."""
        return str(self.listing["description"])

    def missing(self, arguments: Mapping[str, str]) -> list[str]:
        """Return the required arguments that are missing."""
        return [name for name in self.signature.types if name not in arguments and name not in self.signature.defaults]

    def messages(self, arguments: Mapping[str, str], context: Context) -> list[dict[str, Any]]:
        """Return the messages in their wire form."""
        known = {name: value for name, value in arguments.items() if name in self.signature.types}
        returned = call(self.function, self.signature, known, context)
        parts = returned if isinstance(returned, list | tuple) else [returned]
        return [
            part.to_wire() if isinstance(part, Message) else {"role": "user", "content": content_block(part)}
            for part in parts
        ]


Decorator = Callable[[Function], Prompt]


@overload
def prompt(function: Function, /, **options: Any) -> Prompt: ...


@overload
def prompt(
    function: str | None = None,
    /,
    *,
    name: str | None = None,
    title: str | None = None,
    description: str | None = None,
    icons: Sequence[Icon | Mapping[str, Any]] | None = (),
    scopes: Sequence[str] = (),
    meta: Mapping[str, Any] | None = None,
    **others: Any,
) -> Decorator: ...


def prompt(
    function: Function | str | None = None,
    /,
    *,
    name: str | None = None,
    title: str | None = None,
    description: str | None = None,
    icons: Sequence[Any] | None = (),
    scopes: Sequence[str] = (),
    meta: Mapping[str, Any] | None = None,
    **others: Any,
) -> Prompt | Decorator:
    """Make a prompt of a function that returns text, content, a ``Message``, or a list of these.

    Its parameters are strings (MCP, Prompts). Raises ``DefinitionError``, at import time.
    """

    def define(target: Function) -> Prompt:
        signature = signature_of(target)
        for parameter, kind in signature.types.items():
            if kind not in {str, str | None}:
                raise DefinitionError(target, f"parameter {parameter!r} of a prompt must be a str")
            if not isinstance(signature.defaults.get(parameter), str | None):
                raise DefinitionError(target, f"the default of parameter {parameter!r} of a prompt must be a str")
        text = find_description(target, description)
        shown = read_options(target, "prompt", _KEYWORDS, {"icons": icons, "meta": meta, **others})
        called = name or (function if isinstance(function, str) else target.__name__)
        prompt = Prompt(
            called, title, text, shown.get("icons", ()), frozenset(scopes), target, signature, shown.get("meta", {})
        )
        wire_icons = [icon.to_wire() for icon in prompt.icons]
        check_members(
            target, name=called, title=title, description=text, icons=wire_icons, meta=prompt.meta, scopes=list(scopes)
        )
        return prompt

    return define(function) if callable(function) else define
