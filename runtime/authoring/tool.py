"""Tools: functions that a model can call."""

import functools
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, get_args, overload

import msgspec

from runtime.authoring.compatibility import warn_of_refusals
from runtime.authoring.content import Icon, ToolResult, without_none
from runtime.authoring.context import Context
from runtime.authoring.definition import (
    DefinitionError,
    Function,
    Signature,
    check_members,
    define_schema,
    find_description,
    invoke,
    schema_of,
    signature_of,
)
from runtime.authoring.derived import add_members, wrap_schema
from runtime.authoring.docstring import read_docstring
from runtime.authoring.headers import HeaderParameter, header_parameters
from runtime.authoring.options import read_options
from runtime.authoring.tool_options import TaskSupport, ToolAnnotations, ToolOptions
from runtime.deployment import FUNCTION_NAME, FUNCTION_RULE
from runtime.validation.schemas import Schema

# MCP, Tool Names.
_NAME = re.compile(r"[A-Za-z0-9_.-]{1,128}")
_NAME_RULE = "it must be 1 to 128 characters of A-Z, a-z, 0-9, _, - and ."


class ToolError(Exception):
    """An error whose message the caller gets. From a tool it is a result with ``isError``, from a prompt, resource or
    completion a JSON-RPC error. Any other exception is logged, and its message stays on the server."""


class Tool(msgspec.Struct, frozen=True, dict=True):
    """A function that a model can call, and how clients see it."""

    name: str
    documentation: str
    function: Function
    signature: Signature
    input_schema: Mapping[str, Any]
    output_schema: Mapping[str, Any] | None
    headers: tuple[HeaderParameter, ...]
    options: ToolOptions
    wraps_result: bool = False

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the function itself, so that a tool is as easy to test as any function."""
        return self.function(*args, **kwargs)

    @functools.cached_property
    def arguments(self) -> Schema:
        """The compiled ``input_schema``."""
        return Schema(self.input_schema)

    @functools.cached_property
    def listing(self) -> dict[str, Any]:
        """The tool as ``tools/list`` returns it: its schema is ``input_schema`` with the docstring's descriptions."""
        documentation = read_docstring(self.documentation)
        options = self.options
        members = {
            "name": self.name,
            "title": options.title,
            "description": options.description or documentation.description,
            "inputSchema": self._describe_parameters(documentation.parameters),
            "outputSchema": self.output_schema,
            "annotations": options.annotations.to_wire() if options.annotations else None,
            "icons": [icon.to_wire() for icon in options.icons] or None,
            "_meta": options.meta or None,
        }
        return without_none(members)

    def _describe_parameters(self, descriptions: Mapping[str, str]) -> Mapping[str, Any]:
        """Return the input schema with the docstring's descriptions of parameters.

        They replace the descriptions of the parameters' types, but not those in an ``input_schema`` of the author.
        """
        is_own = self.options.input_schema is not None
        properties = dict(self.input_schema.get("properties", {}))
        for name, rule in properties.items():
            if descriptions.get(name) and isinstance(rule, Mapping) and not (is_own and "description" in rule):
                others = {keyword: value for keyword, value in rule.items() if keyword != "description"}
                properties[name] = add_members(others, {"description": descriptions[name]})
        return {**self.input_schema, "properties": properties} if properties else self.input_schema

    @functools.cached_property
    def results(self) -> Schema | None:
        """The compiled ``output_schema``."""
        return Schema(self.output_schema) if self.output_schema else None

    def bind(self, arguments: Mapping[str, Any], context: Context) -> Mapping[str, Any]:
        """Return the arguments to call the function with. Raise ``SchemaViolation`` for invalid ones."""
        self.arguments.check(arguments)
        return self.signature.bind(arguments, context)

    def run(self, bound: Mapping[str, Any]) -> Any:
        """Call the function with the result of ``bind``. Raise ``ToolError`` if it exceeds its timeout."""
        function = self.function if self.options.timeout is None else functools.partial(_run_in_time, self)
        return invoke(function, self.signature, bound)


async def _run_in_time(tool: Tool, **bound: Any) -> Any:
    # Imported for async functions only.
    import asyncio  # noqa: PLC0415

    try:
        async with asyncio.timeout(tool.options.timeout) as limit:
            return await tool.function(**bound)
    except TimeoutError as error:
        if not limit.expired():
            raise
        raise ToolError(f"{tool.name} took longer than {tool.options.timeout:g} seconds") from error


Decorator = Callable[[Function], Tool]


@overload
def tool(function: Function, /, **options: Any) -> Tool: ...


@overload
def tool(
    named: str | None = None,
    /,
    *,
    name: str | None = None,
    title: str | None = None,
    description: str | None = None,
    input_schema: Mapping[str, Any] | None = None,
    output_schema: Mapping[str, Any] | None = None,
    structured_output: bool | None = None,
    annotations: ToolAnnotations | Mapping[str, Any] | None = None,
    icons: Sequence[Icon | Mapping[str, Any]] | None = (),
    scopes: Sequence[str] = (),
    task: TaskSupport | bool | None = None,
    detaches: bool = False,
    function: str | None = None,
    timeout: float | None = None,
    tags: Collection[str] | None = None,
    meta: Mapping[str, Any] | None = None,
) -> Decorator: ...


def tool(function: Function | str | None = None, /, **options: Any) -> Tool | Decorator:
    """Make a tool of a plain typed function, sync or async; see ``ToolOptions`` for the options.

    Raises ``DefinitionError``, at import time, for a function that cannot be a tool.
    """
    if callable(function):
        return define_tool(options, function)
    return functools.partial(define_tool, options if function is None else {"name": function, **options})


def define_tool(given: Mapping[str, Any], function: Function, kind: type[Tool] = Tool) -> Tool:
    """Return the tool of a function with the ``given`` options. Raise ``DefinitionError``."""
    stated = read_options(function, "tool", ToolOptions.__struct_fields__, given)
    options = ToolOptions(**{**stated, "scopes": frozenset(stated.get("scopes", ()))})
    signature = signature_of(function, typed=options.input_schema is None)
    if options.detaches and options.task is None:
        raise DefinitionError(function, "detaches only where it may run as a task")
    if options.function is not None and not re.fullmatch(FUNCTION_NAME, options.function):
        raise DefinitionError(function, f"{options.function!r} is no name for a function of its own: {FUNCTION_RULE}")
    if options.timeout is not None and not signature.is_async:
        raise DefinitionError(function, "a timeout needs an async function: Python cannot end another one")
    name = function.__name__ if options.name is None else options.name
    if not _NAME.fullmatch(name):
        raise DefinitionError(function, f"{name!r} is not a name for a tool: {_NAME_RULE}")
    inputs = _input_schema(options, function, signature)
    outputs, wraps_result = _output_schema(options, function, signature)
    try:
        headers = tuple(header_parameters(inputs))
    except ValueError as error:
        raise DefinitionError(function, str(error)) from error
    tool = kind(
        name=name,
        documentation=find_description(function, options.description),
        function=function,
        signature=signature,
        input_schema=inputs,
        output_schema=outputs,
        wraps_result=wraps_result,
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
        annotations=options.annotations and options.annotations.to_wire(),
        icons=[icon.to_wire() for icon in options.icons],
        scopes=sorted(options.scopes),
        meta=options.meta,
    )


def _input_schema(options: ToolOptions, function: Function, signature: Signature) -> dict[str, Any]:
    if options.input_schema is None:
        return define_schema(function, "the parameters", schema_of(function, signature.input_schema))
    return define_schema(function, "input_schema", options.input_schema)


def _output_schema(
    options: ToolOptions, function: Function, signature: Signature
) -> tuple[dict[str, Any] | None, bool]:
    """Return the output schema, and whether the result becomes a member of an object."""
    if options.output_schema is not None:
        stated = define_schema(function, "output_schema", options.output_schema)
        # Clients compile it, and some support draft 7 only. Without $schema, it is 2020-12.
        return {keyword: value for keyword, value in stated.items() if keyword != "$schema"}, False
    if options.structured_output is False or signature.result is Any or is_content(signature.result):
        if options.structured_output:
            raise DefinitionError(function, "structured output needs a typed result other than content")
        return None, False
    schema = schema_of(function, signature.output_schema)
    if schema.get("type") == "object":
        return define_schema(function, "the result", schema), False
    if not options.structured_output:
        return None, False
    return define_schema(function, "the result", wrap_schema(schema)), True


def is_content(result: Any) -> bool:
    """Whether a type is content or a ``ToolResult``, or consists of these, such as ``list[Text | Image]``."""
    return getattr(result, "__module__", "") == ToolResult.__module__ or any(map(is_content, get_args(result)))
