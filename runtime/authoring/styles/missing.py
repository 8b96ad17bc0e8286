"""Names of other frameworks that nothing here has: an import of one says what to use instead."""

from collections.abc import Callable
from typing import Any, Final

_A_PARAMETER: Final = "use a parameter of the tool: requests and headers stay with the server"
INSTEAD: Final = {
    "Client": "use client of runtime.testing",
    "CurrentFastMCP": "import the app from its module",
    "CurrentHeaders": _A_PARAMETER,
    "CurrentRequest": _A_PARAMETER,
    "File": "use EmbeddedResource of runtime.authoring",
    "FileResource": "use a function that returns the content",
    "ListRoots": "use await ctx.list_roots()",
    "MCPError": "raise ToolError",
    "McpError": "raise ToolError",
    "Middleware": "use a decorator around your functions",
    "Progress": "use await ctx.report_progress()",
    "Sample": "use await ctx.sample()",
    "StaticResource": "use a function that returns the content",
    "TaskConfig": 'use task="optional" or task="required"',
    "TokenClaim": "use get_access_token().claims",
    "get_http_headers": _A_PARAMETER,
    "get_http_request": _A_PARAMETER,
    "get_server": "import the app from its module",
    "restrict_tag": "use scopes=[...] on each tool",
}


def refuse_in(module: str) -> Callable[[str], Any]:
    """Return the ``__getattr__`` of a module."""

    def refuse(name: str) -> Any:
        if name in INSTEAD:
            raise ImportError(f"{module} has no {name}: {INSTEAD[name]}", name=module)
        raise AttributeError(f"module {module!r} has no attribute {name!r}")

    return refuse
