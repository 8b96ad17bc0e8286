"""Tools: functions that a model may call."""

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, get_args, overload

import msgspec

from runtime.authoring.content import Icon, ToolResult, without_none
from runtime.authoring.context import Context
from runtime.authoring.definition import (
    DefinitionError,
    Function,
    Signature,
    check_time,
    documented,
    invoke,
    schema_of,
    signature_of,
)
from runtime.authoring.docstring import read_docstring
from runtime.authoring.headers import HeaderParameter, header_parameters
from runtime.validation import Schema

TaskSupport = Literal["optional", "required"]


class ToolError(Exception):
    """Raised to tell the caller what went wrong: a tool's result then says so with ``isError``, for a prompt, resource
    or completion it is a JSON-RPC error. Any other exception is logged and not shown."""


class ToolAnnotations(msgspec.Struct, frozen=True, kw_only=True):
    """Hints about what a tool does (MCP, ToolAnnotations); clients must not trust them."""

    title: str | None = None
    read_only: bool | None = None
    destructive: bool | None = None
    idempotent: bool | None = None
    open_world: bool | None = None

    def shown(self) -> dict[str, Any]:
        """The wire form."""
        return without_none(
            {
                "title": self.title,
                "readOnlyHint": self.read_only,
                "destructiveHint": self.destructive,
                "idempotentHint": self.idempotent,
                "openWorldHint": self.open_world,
            }
        )


class ToolOptions(msgspec.Struct, frozen=True, kw_only=True):
    """What ``@tool`` is told beside the function.

    ``scopes`` are those without which a caller neither sees nor may call the tool. ``task`` lets it run as a task:
    ``optional`` for clients that know tasks, ``required`` when it is too long for anything else. The task is made at
    once, or with ``detaches`` when the tool calls ``context.detach()``: until then it runs in the request and can ask.
    """

    name: str | None = None
    title: str | None = None
    description: str | None = None
    input_schema: Mapping[str, Any] | None = None
    output_schema: Mapping[str, Any] | None = None
    annotations: ToolAnnotations | None = None
    icons: Sequence[Icon] = ()
    scopes: frozenset[str] = frozenset()
    task: TaskSupport | None = None
    detaches: bool = False
    meta: Mapping[str, Any] = {}


class Tool(msgspec.Struct, frozen=True, dict=True):
    """A function that a model may call, and what a client is shown of it."""

    name: str
    documentation: str
    function: Function
    signature: Signature
    input_schema: Mapping[str, Any]
    output_schema: Mapping[str, Any] | None
    headers: tuple[HeaderParameter, ...]
    options: ToolOptions

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the function itself, so that a tool is as easy to test as any function."""
        return self.function(*args, **kwargs)

    @functools.cached_property
    def arguments(self) -> Schema:
        """The compiled ``input_schema``."""
        return Schema(self.input_schema)

    @functools.cached_property
    def shown(self) -> dict[str, Any]:
        """The tool as ``tools/list`` shows it: its schema is ``input_schema`` with the docstring's descriptions."""
        documentation = read_docstring(self.documentation)
        options = self.options
        described = {
            "name": self.name,
            "title": options.title,
            "description": options.description or documentation.description,
            "inputSchema": _described(self.input_schema, documentation.parameters),
            "outputSchema": self.output_schema,
            "annotations": options.annotations.shown() if options.annotations else None,
            "icons": [icon.shown() for icon in options.icons] or None,
            "_meta": options.meta or None,
        }
        return without_none(described)

    def bind(self, arguments: Mapping[str, Any], context: Context) -> Mapping[str, Any]:
        """What to call the function with; raises ``SchemaViolation`` for arguments that it cannot be called with."""
        self.arguments.check(arguments)
        return self.signature.bind(arguments, context)

    def run(self, bound: Mapping[str, Any]) -> Any:
        """Call the function with what ``bind`` has made."""
        return invoke(self.function, self.signature, bound)


Decorator = Callable[[Function], Tool]


@overload
def tool(function: Function, /) -> Tool: ...


@overload
def tool(
    *,
    name: str | None = None,
    title: str | None = None,
    description: str | None = None,
    input_schema: Mapping[str, Any] | None = None,
    output_schema: Mapping[str, Any] | None = None,
    annotations: ToolAnnotations | None = None,
    icons: Sequence[Icon] = (),
    scopes: Sequence[str] = (),
    task: TaskSupport | None = None,
    detaches: bool = False,
    meta: Mapping[str, Any] | None = None,
) -> Decorator: ...


def tool(function: Function | None = None, /, **options: Any) -> Tool | Decorator:
    """Make a tool of a plain typed function, sync or async; see ``ToolOptions`` for what else can be said.

    Raises ``DefinitionError``, at import time, for a function that cannot be a tool.
    """
    options["scopes"] = frozenset(options.get("scopes", ()))
    options["meta"] = options.get("meta") or {}
    said = ToolOptions(**options)
    return functools.partial(_define, said) if function is None else _define(said, function)


def _define(options: ToolOptions, function: Function) -> Tool:
    signature = signature_of(function, typed=options.input_schema is None)
    inputs = options.input_schema or schema_of(function, signature.input_schema)
    if options.detaches and options.task is None:
        raise DefinitionError(function, "detaches only where it may run as a task")
    if inputs.get("type") != "object":
        raise DefinitionError(function, "input_schema must be of type object")
    check_time(function, inputs)
    try:
        headers = tuple(header_parameters(inputs))
    except ValueError as error:
        raise DefinitionError(function, str(error)) from error
    output_schema = options.output_schema or _derived_output(function, signature)
    if output_schema:
        check_time(function, output_schema)
    return Tool(
        name=options.name or function.__name__,
        documentation=documented(function, options.description),
        function=function,
        signature=signature,
        input_schema=inputs,
        output_schema=output_schema,
        headers=headers,
        options=options,
    )


def _derived_output(function: Function, signature: Signature) -> dict[str, Any] | None:
    """The schema of a typed result; content and results that speak for themselves have none."""
    if signature.result is Any or _speaks_for_itself(signature.result):
        return None
    return schema_of(function, signature.output_schema)  # type: ignore[no-any-return]


def _speaks_for_itself(result: Any) -> bool:
    """Whether a type is content or a ``ToolResult``, or is made of these: ``list[Text | Image]``."""
    return getattr(result, "__module__", "") == ToolResult.__module__ or any(map(_speaks_for_itself, get_args(result)))


def _described(schema: Mapping[str, Any], descriptions: Mapping[str, str]) -> dict[str, Any]:
    properties = {
        name: {"description": descriptions[name], **rule} if descriptions.get(name) else rule
        for name, rule in schema.get("properties", {}).items()
    }
    return {**schema, "properties": properties} if "properties" in schema else dict(schema)
