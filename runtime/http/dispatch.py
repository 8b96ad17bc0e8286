"""Route a request to its endpoint; the one place where errors become responses."""

import logging
import time
from collections.abc import Mapping
from typing import Any, Protocol

from runtime.http import telemetry
from runtime.http.endpoint import Endpoint, Endpoints, as_json
from runtime.http.errors import MethodNotAllowed, NotFound, Problem
from runtime.http.event import Request, Response, event_from_response, request_from_event
from runtime.routes import ROUTES

logger = logging.getLogger(__name__)

# Tokens travel in a header, never in a cookie, so any page may call; the Origin of an MCP request is checked apart.
# Pages for users go by cookies: no other site's script reads them.
PAGES = frozenset(route.path for route in ROUTES if route.page)
CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "WWW-Authenticate, Mcp-Session-Id, Retry-After",
}


class LambdaContext(Protocol):
    """What Lambda tells a function beside the event."""

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds until the function is cut off."""


def dispatch(event: Mapping[str, Any], endpoints: Endpoints, context: LambdaContext) -> dict[str, Any]:
    """Answer one API Gateway event. Raises nothing: a failure that nobody foresaw is a 500 with a request id."""
    started = time.perf_counter()
    request = Request(event["httpMethod"], event["resource"], event["requestContext"]["requestId"])
    try:
        request = request_from_event(event, lambda: context.get_remaining_time_in_millis() / 1000)
        response, outcome = _answer(request, endpoints), "ok"
    except Problem as problem:
        response, outcome = _refusal(request, endpoints, problem), problem.outcome
    except Exception:
        # The one place for what nobody foresaw: the caller learns a request id, the log the rest.
        logger.exception("unexpected failure", extra={"request_id": request.request_id})
        failure = _endpoint(request, endpoints).failure(request.request_id)
        response, outcome = _refusal(request, endpoints, failure), "failed"
    telemetry.request_finished(logger, request, response, outcome, started)
    cors = {} if request.route in PAGES else CORS
    return event_from_response(response._replace(headers={**cors, **response.headers}))


def _answer(request: Request, endpoints: Endpoints) -> Response:
    response = _endpoint(request, endpoints).answer(request)
    # RFC 9110 9.3.2: HEAD is GET without the content.
    return response._replace(body="") if request.method == "HEAD" else response


def _endpoint(request: Request, endpoints: Endpoints) -> Endpoint:
    """The endpoint of a request. Raises ``MethodNotAllowed`` or ``NotFound``."""
    if endpoint := endpoints.get(_key(request)):
        return endpoint
    allowed = [route.method for route in ROUTES if route.path == request.route]
    raise MethodNotAllowed(allowed) if allowed else NotFound("there is nothing at this path")


def _key(request: Request) -> tuple[str, str]:
    return "GET" if request.method == "HEAD" else request.method, request.route


def _refusal(request: Request, endpoints: Endpoints, problem: Problem) -> Response:
    endpoint = endpoints.get(_key(request))
    return endpoint.refusal(problem) if endpoint else as_json(problem)
