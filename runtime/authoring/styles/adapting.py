"""Functions of other frameworks as functions of this project."""

import functools
import inspect
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from msgspec import Meta

from runtime.authoring.content import Content, ToolResult
from runtime.authoring.context import Context
from runtime.authoring.styles.context import current
from runtime.authoring.styles.depending import Scope, is_async, needs_of

Function = Callable[..., Any]
REQUEST = "_request"


def adapt(function: Function) -> Function:
    """Return a function with the same parameters, without those for contexts and dependencies.

    It makes these when it runs. Called like any function, as in a test, it is the function itself.
    """
    try:
        hints = get_type_hints(function, include_extras=True)
    except NameError:
        # The decorator reads them next, and names the function.
        return function
    needs = needs_of(function)
    wrapper = _wrap(function, needs, hints)
    kept = [each for name, each in inspect.signature(function).parameters.items() if name not in needs]
    added = inspect.Parameter(REQUEST, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=Context)
    # Behind it, **keywords would be a syntax error.
    at = len(kept) - sum(each.kind is each.VAR_KEYWORD for each in kept)
    named: Any = wrapper
    named.__signature__ = inspect.Signature([*kept[:at], added, *kept[at:]])
    own = {name: _describe(hint) for name, hint in hints.items() if name not in needs}
    if "return" in own:
        own["return"] = _native_result(own["return"])
    wrapper.__annotations__ = {**own, REQUEST: Context}
    return wrapper


def _wrap(function: Function, needs: dict[str, Any], hints: dict[str, Any]) -> Function:
    async def serve(request: Context, arguments: dict[str, Any]) -> Any:
        token = current.set(request)
        try:
            async with AsyncExitStack() as stack:
                scope = Scope(request, arguments, stack)
                given = dict(arguments)
                for name, needed in needs.items():
                    hint = hints.get(name)
                    given[name] = await scope.provide(needed, get_args(hint)[0] if get_origin(hint) else hint)
                result = function(**given)
                result = await result if inspect.isawaitable(result) else result
                return ToolResult() if result is None and hints.get("return") is type(None) else result
        finally:
            current.reset(token)

    if inspect.iscoroutinefunction(function) or any(map(is_async, needs.values())):

        @functools.wraps(function)
        async def run(*args: Any, _request: Context | None = None, **arguments: Any) -> Any:
            if _request is not None:
                return await serve(_request, arguments)
            result = function(*args, **arguments)
            return await result if inspect.isawaitable(result) else result

        return run

    @functools.wraps(function)
    def run_plain(*args: Any, _request: Context | None = None, **arguments: Any) -> Any:
        return function(*args, **arguments) if _request is None else _finish(serve(_request, arguments))

    return run_plain


def _finish(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """Return the result of a coroutine that waits for nothing, without an event loop."""
    try:
        coroutine.send(None)
    except StopIteration as stop:
        return stop.value
    coroutine.close()
    raise TypeError("a function that is not async cannot wait")


def _describe(hint: Any) -> Any:
    """Return an annotation with a plain text in it as the description, which FastMCP allows."""
    texts = [each for each in getattr(hint, "__metadata__", ()) if isinstance(each, str)]
    return Annotated[hint, Meta(description=texts[0])] if texts else hint


def _native_result(hint: Any) -> Any:
    """Return the annotation of a result with the content of this project in place of other names for it."""
    if hint is type(None):
        # Others send no content for no result.
        return ToolResult
    if hasattr(hint, "NATIVE"):
        return hint.NATIVE
    if any(hasattr(part, "NATIVE") for part in get_args(hint)):
        return list[Content] if get_origin(hint) is list else Content
    return hint
