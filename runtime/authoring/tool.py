"""Tools: functions that a model may call."""

import functools
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, get_args, overload

import msgspec

from runtime.authoring.compatibility import warn_of_refusals
from runtime.authoring.content import Icon, ToolResult, without_none
from runtime.authoring.context import Context
from runtime.authoring.definition import (
    DefinitionError,
    Function,
    Signature,
    check_members,
    checked,
    documented,
    invoke,
    schema_of,
    signature_of,
)
from runtime.authoring.derived import beside
from runtime.authoring.docstring import read_docstring
from runtime.authoring.headers import HeaderParameter, header_parameters
from runtime.validation.schemas import Schema

TaskSupport = Literal["optional", "required"]
# MCP, Tool Names.
_NAME = re.compile(r"[A-Za-z0-9_.-]{1,128}")
_NAME_RULE = "it must be 1 to 128 characters of A-Z, a-z, 0-9, _, - and ."


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
            "inputSchema": self._described(documentation.parameters),
            "outputSchema": self.output_schema,
            "annotations": options.annotations.shown() if options.annotations else None,
            "icons": [icon.shown() for icon in options.icons] or None,
            "_meta": options.meta or None,
        }
        return without_none(described)

    def _described(self, descriptions: Mapping[str, str]) -> Mapping[str, Any]:
        """The input schema with the docstring's descriptions of parameters. They count for more than what is said of a
        parameter's type, and for less than what a schema of the author's own says."""
        is_own = self.options.input_schema is not None
        properties = dict(self.input_schema.get("properties", {}))
        for name, rule in properties.items():
            if descriptions.get(name) and isinstance(rule, Mapping) and not (is_own and "description" in rule):
                others = {keyword: value for keyword, value in rule.items() if keyword != "description"}
                properties[name] = beside(others, {"description": descriptions[name]})
        return {**self.input_schema, "properties": properties} if properties else self.input_schema

    @functools.cached_property
    def results(self) -> Schema | None:
        """The compiled ``output_schema``."""
        return Schema(self.output_schema) if self.output_schema else None

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
    if options.detaches and options.task is None:
        raise DefinitionError(function, "detaches only where it may run as a task")
    name = function.__name__ if options.name is None else options.name
    if not _NAME.fullmatch(name):
        raise DefinitionError(function, f"{name!r} is not a name for a tool: {_NAME_RULE}")
    inputs, outputs = _input_schema(options, function, signature), _output_schema(options, function, signature)
    try:
        headers = tuple(header_parameters(inputs))
    except ValueError as error:
        raise DefinitionError(function, str(error)) from error
    tool = Tool(
        name=name,
        documentation=documented(function, options.description),
        function=function,
        signature=signature,
        input_schema=inputs,
        output_schema=outputs,
        headers=headers,
        options=options,
    )
    _check_members(tool)
    warn_of_refusals(function, name, inputs, outputs)
    return tool


def _check_members(tool: Tool) -> None:
    options = tool.options
    check_members(
        tool.function,
        title=options.title,
        description=tool.documentation,
        annotations=options.annotations and options.annotations.shown(),
        icons=[icon.shown() for icon in options.icons],
        scopes=sorted(options.scopes),
        meta=options.meta,
    )


def _input_schema(options: ToolOptions, function: Function, signature: Signature) -> dict[str, Any]:
    if options.input_schema is None:
        return checked(function, "the parameters", schema_of(function, signature.input_schema))
    return checked(function, "input_schema", options.input_schema)


def _output_schema(options: ToolOptions, function: Function, signature: Signature) -> dict[str, Any] | None:
    if options.output_schema is not None:
        stated = checked(function, "output_schema", options.output_schema)
        # Clients compile it, and some of them know no dialect but draft 7; 2020-12 is what counts without it.
        return {keyword: value for keyword, value in stated.items() if keyword != "$schema"}
    derived = _derived_output(function, signature)
    return derived and checked(function, "the result", derived)


def _derived_output(function: Function, signature: Signature) -> dict[str, Any] | None:
    """The schema of a typed result; content and results that speak for themselves have none."""
    if signature.result is Any or _speaks_for_itself(signature.result):
        return None
    return schema_of(function, signature.output_schema)  # type: ignore[no-any-return]


def _speaks_for_itself(result: Any) -> bool:
    """Whether a type is content or a ``ToolResult``, or is made of these: ``list[Text | Image]``."""
    return getattr(result, "__module__", "") == ToolResult.__module__ or any(map(_speaks_for_itself, get_args(result)))
