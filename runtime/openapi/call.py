"""One operation of an API as the function of a tool."""

import functools
from collections.abc import Callable, Mapping
from typing import Any, Final

from runtime.authoring.content import ToolResult
from runtime.authoring.context import Context
from runtime.authoring.definition import Signature
from runtime.authoring.tool import ToolError
from runtime.openapi.auth import Auth
from runtime.openapi.base_url import BaseUrl
from runtime.openapi.request import build_request
from runtime.openapi.table import Operation
from runtime.validation.schemas import Schema

# What remains for the result, of the time that the function has.
RESERVED_SECONDS: Final = 1.0
# The names by which APIs limit how much they return.
_LIMITING: Final = frozenset(
    {"limit", "per_page", "page_size", "pagesize", "max_results", "maxresults", "count", "first", "fields", "size"}
    | {"$top", "top"}
)


# The schema converts nothing, so an argument stays as it came. No argument of a tool starts with an underscore, so none
# can take the place of the context.
SIGNATURE: Final = Signature({}, {}, "_context", Any, True, False)


class Calls:
    """How all operations of one document are called: where, with which credentials, within which limits."""

    def __init__(
        self,
        *,
        auth: Auth | None,
        seconds: float,
        most_bytes: int,
        private_addresses: bool,
        redirects: bool,
    ) -> None:
        self.auth = auth
        self._seconds = seconds
        self._most_bytes = most_bytes
        self._private_addresses = private_addresses
        self._redirects = redirects

    def call(
        self,
        operation: Operation,
        base: BaseUrl,
        arguments: Mapping[str, Any],
        context: Context,
        results: Callable[[], Schema | None],
    ) -> ToolResult:
        """Send the request of a call, and return the result of the tool. Raise ``ToolError``."""
        # The HTTP client costs some milliseconds, which an app that never calls the API need not pay.
        from runtime.openapi.answer import to_result  # noqa: PLC0415
        from runtime.openapi.send import TooLarge  # noqa: PLC0415
        from runtime.outbound.errors import FetchFailed, Unreachable  # noqa: PLC0415

        request = build_request(operation, base, arguments)
        seconds = min(self._seconds, context.time_left - RESERVED_SECONDS)
        try:
            response = self._sender.send(request, self.auth, seconds)
        except TooLarge:
            raise ToolError(self._too_large(operation)) from None
        except Unreachable as error:
            raise ToolError(f"The API cannot be reached: {error}") from error
        except FetchFailed as error:
            raise ToolError(f"The API was not called: {error}") from error
        return to_result(operation, results(), response)

    @functools.cached_property
    def _sender(self) -> Any:
        from runtime.openapi.send import Sender  # noqa: PLC0415

        return Sender(
            most_bytes=self._most_bytes,
            private_addresses=self._private_addresses,
            redirects=self._redirects,
        )

    def _too_large(self, operation: Operation) -> str:
        size = f"{self._most_bytes / 1_000_000:g} MB"
        limiting = [one.argument for one in operation.parameters if one.name.lower() in _LIMITING]
        way = f": set {' or '.join(limiting)}" if limiting else ""
        return f"The response has more than {size}; ask for less of it{way}"


def function_of(operation: Operation, calls: Calls, base: Callable[[], BaseUrl]) -> Callable[..., ToolResult]:
    """Return the function that calls an operation. Its signature is ``SIGNATURE``."""
    results = functools.cache(lambda: Schema(operation.output_schema) if operation.output_schema else None)

    def call(_context: Context, **arguments: Any) -> ToolResult:
        return calls.call(operation, base(), arguments, _context, results)

    call.__name__ = call.__qualname__ = operation.name
    return call
