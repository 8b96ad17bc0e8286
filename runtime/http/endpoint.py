"""What answers a route."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from runtime.http.errors import Problem, ServerError
from runtime.http.event import Request, Response, json_response


def nothing(_request: Request) -> None:
    """Read nothing: the requests carry no body. As admission: anybody may call, or only the body says who does."""


def as_json(problem: Problem) -> Response:
    """A refusal as a client's program reads it."""
    return json_response(problem.status, problem.body(), problem.headers)


class Endpoint(NamedTuple):
    """What answers one route, in three steps, each of which may raise a ``Problem``.

    ``admit`` says who is calling, by everything but the body, so that whoever may not call costs no parsing; what it
    returns is the request's ``admitted``. ``read`` makes a bounded, schema-checked value of the request; ``handle`` is
    given both.
    ``failure`` is what a caller is told when something fails that nobody foresaw; it is given the request id.
    ``refusal`` is how a problem looks to whoever calls.
    """

    handle: Callable[[Request, Any], Response]
    read: Callable[[Request], Any] = nothing
    failure: Callable[[str], Problem] = ServerError
    refusal: Callable[[Problem], Response] = as_json
    admit: Callable[[Request], Any] = nothing

    def answer(self, request: Request) -> Response:
        """The response to a request, by all three steps."""
        admitted = request._replace(admitted=self.admit(request))
        return self.handle(admitted, self.read(admitted))


Endpoints = Mapping[tuple[str, str], Endpoint]
