"""Prompts: messages that a user may start from."""

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
    documented,
    signature_of,
)
from runtime.authoring.docstring import read_docstring


class Prompt(msgspec.Struct, frozen=True, dict=True):
    """A function that makes the messages of a prompt, and what a client is shown of it."""

    name: str
    title: str | None
    documentation: str
    icons: Sequence[Icon]
    scopes: frozenset[str]
    function: Function
    signature: Signature

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the function itself, so that a prompt is as easy to test as any function."""
        return self.function(*args, **kwargs)

    @functools.cached_property
    def shown(self) -> dict[str, Any]:
        """The prompt as ``prompts/list`` shows it."""
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
                "icons": [icon.shown() for icon in self.icons] or None,
            }
        )

    @property
    def description(self) -> str:
        """What the prompt is for."""
        return str(self.shown["description"])

    def missing(self, arguments: Mapping[str, str]) -> list[str]:
        """The required arguments that are not given."""
        return [name for name in self.signature.types if name not in arguments and name not in self.signature.defaults]

    def messages(self, arguments: Mapping[str, str], context: Context) -> list[dict[str, Any]]:
        """The messages in their wire form."""
        known = {name: value for name, value in arguments.items() if name in self.signature.types}
        made = call(self.function, self.signature, known, context)
        parts = made if isinstance(made, list | tuple) else [made]
        return [
            part.shown() if isinstance(part, Message) else {"role": "user", "content": content_block(part)}
            for part in parts
        ]


Decorator = Callable[[Function], Prompt]


@overload
def prompt(function: Function, /) -> Prompt: ...


@overload
def prompt(
    *,
    name: str | None = None,
    title: str | None = None,
    description: str | None = None,
    icons: Sequence[Icon] = (),
    scopes: Sequence[str] = (),
) -> Decorator: ...


def prompt(
    function: Function | None = None,
    /,
    *,
    name: str | None = None,
    title: str | None = None,
    description: str | None = None,
    icons: Sequence[Icon] = (),
    scopes: Sequence[str] = (),
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
        text = documented(target, description)
        made = Prompt(name or target.__name__, title, text, icons, frozenset(scopes), target, signature)
        shown_icons = [icon.shown() for icon in icons]
        check_members(target, name=made.name, title=title, description=text, icons=shown_icons, scopes=list(scopes))
        return made

    return define if function is None else define(function)
