"""Dependencies: what a function needs besides its arguments, made for each call."""

import inspect
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager, AbstractContextManager, AsyncExitStack
from typing import Any, Generic, TypeVar, get_args, get_type_hints

from runtime.authoring.context import Context
from runtime.authoring.styles.context import StyleContext
from runtime.authoring.styles.forms import AcceptedElicitation, CancelledElicitation, DeclinedElicitation, TypedForm
from runtime.authoring.tool import ToolError

_ANSWERS = (AcceptedElicitation, DeclinedElicitation, CancelledElicitation)
Function = Callable[..., Any]
T = TypeVar("T")


class Dependency:
    """What ``factory`` returns, in a parameter of which this is the default or the annotation's metadata.

    ``factory`` may be async, and may return a context manager, which is open during the call. Its own parameters are
    dependencies, a context, or arguments of the tool by name. It runs once for each call.
    """

    def __init__(self, factory: Function) -> None:
        self.factory = factory


class Question(Generic[T]):
    """What a factory returns to ask the user. The parameter gets the answer."""

    def __init__(self, message: str, schema: type[T]) -> None:
        self.message = message
        self.schema = schema


class RequestView(Dependency):
    """A dependency that is a view of the current request."""

    def __init__(self, view: Callable[[Context], Any]) -> None:
        super().__init__(view)


class Scope:
    """The dependencies of one call, each made once."""

    def __init__(self, request: Context, arguments: Mapping[str, Any], stack: AsyncExitStack) -> None:
        self._request = request
        self._arguments = arguments
        self._stack = stack
        self._made: dict[Any, Any] = {}

    async def provide(self, needed: Any, annotation: Any = None) -> Any:
        """Return a dependency or a context."""
        if isinstance(needed, type):
            return needed(self._request) if issubclass(needed, StyleContext) else self._request
        factory = needed.factory
        if factory not in self._made:
            self._made[factory] = await self._make(needed)
        made = self._made[factory]
        return _unwrap(made, annotation) if isinstance(made, _ANSWERS) else made

    async def _make(self, needed: Dependency) -> Any:
        if isinstance(needed, RequestView):
            return needed.factory(self._request)
        given = {}
        for name, inner in needs_of(needed.factory).items():
            given[name] = await self.provide(inner)
        parameters = inspect.signature(needed.factory).parameters
        given |= {name: self._arguments[name] for name in parameters if name in self._arguments and name not in given}
        made = needed.factory(**given)
        if inspect.isawaitable(made):
            made = await made
        if isinstance(made, AbstractAsyncContextManager):
            return await self._stack.enter_async_context(made)
        if isinstance(made, AbstractContextManager):
            return self._stack.enter_context(made)
        return self._ask(made) if isinstance(made, Question) else made

    def _ask(self, question: Question[Any]) -> Any:
        return StyleContext(self._request).ask_typed(question.message, TypedForm(question.schema))


def needs_of(function: Function) -> dict[str, Any]:
    """Return the parameters that are dependencies or contexts, by name."""
    try:
        hints = get_type_hints(function, include_extras=True)
    except (NameError, TypeError):
        # Classes and built-in functions can be factories, and have no annotations to read.
        return {}
    found: dict[str, Any] = {}
    for name, parameter in inspect.signature(function).parameters.items():
        hint = hints.get(name)
        metadata = [each for each in getattr(hint, "__metadata__", ()) if isinstance(each, Dependency)]
        if isinstance(parameter.default, Dependency):
            found[name] = parameter.default
        elif metadata:
            found[name] = metadata[0]
        elif (kind := _context_class(hint)) is not None:
            found[name] = kind
    return found


def is_async(needed: Any) -> bool:
    """Whether a dependency needs an event loop."""
    if isinstance(needed, type | RequestView):
        return False
    wrapped = inspect.unwrap(needed.factory)
    is_own = inspect.iscoroutinefunction(wrapped) or inspect.isasyncgenfunction(wrapped)
    return is_own or any(map(is_async, needs_of(needed.factory).values()))


def _context_class(hint: Any) -> type | None:
    kinds = [part for part in getattr(hint, "__args__", (hint,)) if part is not type(None)]
    if len(kinds) == 1 and isinstance(kinds[0], type) and issubclass(kinds[0], StyleContext | Context):
        return kinds[0]
    return None


def _unwrap(answer: Any, annotation: Any) -> Any:
    """Return an answer whole where the annotation asks for that, else its data. Raise ``ToolError`` without data."""
    if any(getattr(part, "__origin__", part) in _ANSWERS for part in (annotation, *get_args(annotation))):
        return answer
    if answer.action == "accept":
        return answer.data
    raise ToolError(f"The user did not answer: {answer.action}.")
