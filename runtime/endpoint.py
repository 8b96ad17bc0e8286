"""What answers a route."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from runtime.errors import Problem, ServerError
from runtime.event import Request, Response, json_response


def nothing(_request: Request) -> None:
    """Read nothing: the endpoint's requests carry no body."""


def as_json(problem: Problem) -> Response:
    """A refusal as a client's program reads it."""
    return json_response(problem.status, problem.body(), problem.headers)


class Endpoint(NamedTuple):
    """What answers one route.

    ``read`` makes a bounded, schema-checked value of the request or raises a ``Problem``; ``handle`` is given both.
    ``failure`` is what a caller is told when something fails that nobody foresaw; it is given the request id.
    ``refusal`` is how a problem looks to whoever calls.
    """

    handle: Callable[[Request, Any], Response]
    read: Callable[[Request], Any] = nothing
    failure: Callable[[str], Problem] = ServerError
    refusal: Callable[[Problem], Response] = as_json


Endpoints = Mapping[tuple[str, str], Endpoint]
