"""The server object of other frameworks: an app whose tools, resources and prompts its decorators define."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar, NoReturn, get_type_hints, overload

import msgspec

from runtime.authoring.app import App
from runtime.authoring.completion import ArgumentCompletion
from runtime.authoring.prompt import Prompt, prompt
from runtime.authoring.resource import Resource, resource
from runtime.authoring.styles.adapting import adapt
from runtime.authoring.styles.prompts import plain_prompt
from runtime.authoring.tool import Tool, is_content, tool
from runtime.authoring.uri_template import UriTemplate
from runtime.version import VERSION

Function = Callable[..., Any]
_TRANSPORT = "leave it out: the stack serves Streamable HTTP at /mcp"
_CONFIGURED = "leave it out, and set the configuration key: docs/configuration.md"
_HERE = "leave it out: this server has its own authorization server"
_SIDE = "use a decorator around your functions"


class Server(App):
    """An app that defines its members by decorators, as other frameworks do.

    ``name`` is not what clients see: that is the configuration key ``serverName``.
    """

    INSTEAD: ClassVar[Mapping[str, str]] = {
        **dict.fromkeys(("host", "port", "mount_path", "sse_path", "message_path", "streamable_http_path"), _TRANSPORT),
        **dict.fromkeys(("json_response", "stateless_http", "event_store", "retry_interval"), _TRANSPORT),
        **dict.fromkeys(("transport_security", "run_async", "run_http_async", "run_stdio_async"), _TRANSPORT),
        **dict.fromkeys(("http_app", "sse_app", "streamable_http_app", "session_manager"), _TRANSPORT),
        **dict.fromkeys(("auth", "auth_server_provider", "token_verifier"), _HERE),
        **dict.fromkeys(("icons", "website_url", "title", "log_level", "debug"), _CONFIGURED),
        **dict.fromkeys(("middleware", "add_middleware"), _SIDE),
        "add_resource_fn": "use resource",
        "completion": "use completion(prompt, argument) of runtime.authoring",
        "custom_route": "use a tool or a resource: an API of its own is a stack of its own",
        "from_fastapi": "use openapi_tools with the document of the API",
        "from_openapi": "use openapi_tools of runtime.openapi",
        "handle_request": "leave it out: the server's own handler serves the app",
        "lifespan": "use functools.cache around a function that creates it: an instance lives for many calls",
        "mask_error_details": "leave it out: only the message of a ToolError leaves the server",
        "session_store": "use a table of your own, by context.subject",
        "strict_input_validation": "leave it out: arguments are always checked",
    }

    def __init__(
        self,
        name: str | None = None,
        instructions: str | None = None,
        *,
        version: Any = None,
        tools: Iterable[Function | Tool] = (),
        **options: Any,
    ) -> None:
        for keyword in options:
            self._refuse(keyword)
        super().__init__([], instructions=instructions, version=VERSION if version is None else str(version))
        self.name = name
        for each in tools:
            self.add_tool(each)

    def __getattr__(self, name: str) -> Any:
        """Raise ``AttributeError``, which says what to use instead."""
        instead = self.INSTEAD.get(name)
        raise AttributeError(f"{type(self).__name__} has no {name!r}" + (f" here: {instead}" if instead else ""))

    @overload
    def tool(self, named: Function, /, **options: Any) -> Tool: ...

    @overload
    def tool(self, named: str | None = None, /, **options: Any) -> Callable[[Function], Tool]: ...

    def tool(self, named: Function | str | None = None, /, **options: Any) -> Tool | Callable[[Function], Tool]:
        """Make a tool of a function: ``@server.tool``, ``@server.tool()``, ``@server.tool("name")``."""

        def define(function: Function) -> Tool:
            made = self.make_tool(function, {"name": named, **options} if isinstance(named, str) else options)
            self._add(made)
            return made

        return define(named) if callable(named) else define

    def make_tool(self, function: Function, options: Mapping[str, Any]) -> Tool:
        """Return a tool whose typed result is structured content, as it is in the other frameworks."""
        adapted = adapt(function)
        read = dict(options)
        if "auth" in read:
            read["scopes"] = read.pop("auth")
        result = get_type_hints(adapted, include_extras=True).get("return", Any)
        if read.get("output_schema", ...) is None:
            read["structured_output"] = False
        elif result is not Any and not is_content(result):
            read.setdefault("structured_output", True)
        return tool(adapted, **read)

    def resource(self, uri: str, name: str | None = None, **options: Any) -> Callable[[Function], Resource]:
        """Make a resource of a function. ``{path*}`` means ``{+path}``."""

        def define(function: Function) -> Resource:
            made = resource(re.sub(r"\{(\w+)\*\}", r"{+\1}", uri), name=name, **options)(adapt(function))
            self._add(made)
            return made

        return define

    @overload
    def prompt(self, named: Function, /, **options: Any) -> Prompt: ...

    @overload
    def prompt(self, named: str | None = None, /, **options: Any) -> Callable[[Function], Prompt]: ...

    def prompt(self, named: Function | str | None = None, /, **options: Any) -> Prompt | Callable[[Function], Prompt]:
        """Make a prompt of a function: ``@server.prompt``, ``@server.prompt()``, ``@server.prompt("name")``."""

        def define(function: Function) -> Prompt:
            text = {"name": named} if isinstance(named, str) else {}
            made = prompt(plain_prompt(adapt(function)), **{**text, **options})
            self._add(made)
            return made

        return define(named) if callable(named) else define

    def add_tool(self, function: Function | Tool, **options: Any) -> Tool:
        """Add a tool, or make one of a function."""
        if not isinstance(function, Tool):
            return self.tool(function, **options)
        self._add(function)
        return function

    def mount(self, server: App, namespace: str | None = None, *, prefix: str | None = None) -> None:
        """Add all members of another app, with the namespace in front of their names and in their URIs."""
        space = namespace or prefix
        for each in _members(server):
            self._add(_move(each, space) if space else each)

    def run(self, *_transport: Any, **_options: Any) -> NoReturn:
        """Raise ``RuntimeError``: the stack serves the app."""
        raise RuntimeError("the stack serves this app: run `make up`, or set the key appModule and run `pulumi up`")

    def _refuse(self, keyword: str) -> NoReturn:
        instead = self.INSTEAD.get(keyword, "leave it out: it has no meaning here")
        raise TypeError(f"{type(self).__name__} has no {keyword!r}: {instead}")


def _members(server: App) -> Iterable[Any]:
    kinds: tuple[Mapping[Any, Any], ...] = (
        server.tools,
        server.resources,
        server.templates,
        server.prompts,
        server.completions,
    )
    for members in kinds:
        yield from list(members.values())


def _move(member: Any, space: str) -> Any:
    if isinstance(member, ArgumentCompletion):
        return msgspec.structs.replace(member, target=_move(member.target, space))
    if not isinstance(member, Resource):
        return msgspec.structs.replace(member, name=f"{space}_{member.name}")
    scheme, _, rest = member.uri.partition("://")
    uri = f"{scheme}://{space}/{rest}"
    return msgspec.structs.replace(member, uri=uri, template=UriTemplate(uri) if member.template else None)
