"""Endpoints: what answers a route."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from runtime.http.errors import Problem, ServerError
from runtime.http.event import Request, Response, json_response


def read_nothing(_request: Request) -> None:
    """Read nothing: the request has no body. As ``admit``: anyone may call, or only the body identifies the caller."""


def as_json(problem: Problem) -> Response:
    """Return the JSON response for a refused request."""
    return json_response(problem.status, problem.body(), problem.headers)


class Endpoint(NamedTuple):
    """What answers one route, in three steps, each of which may raise a ``Problem``.

    ``admit`` identifies the caller by everything but the body, so that a refused caller costs no parsing. The request
    carries its result as ``admitted``. ``read`` returns a bounded, schema-checked value of the request, and ``handle``
    gets both. ``failure`` makes the error for an unexpected failure from the request id. ``refusal`` renders an error.
    """

    handle: Callable[[Request, Any], Response]
    read: Callable[[Request], Any] = read_nothing
    failure: Callable[[str], Problem] = ServerError
    refusal: Callable[[Problem], Response] = as_json
    admit: Callable[[Request], Any] = read_nothing

    def answer(self, request: Request) -> Response:
        """Return the response to a request, after all three steps."""
        admitted = request._replace(admitted=self.admit(request))
        return self.handle(admitted, self.read(admitted))


Endpoints = Mapping[tuple[str, str], Endpoint]
