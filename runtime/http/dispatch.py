"""Dispatching a request to its endpoint: the one place where errors become responses."""

import functools
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

# Tokens are in a header, never in a cookie, so scripts of every site may call (MCP requests check Origin separately).
# Pages for users depend on cookies, so scripts of other sites must not read them.
PAGES = frozenset(route.path for route in ROUTES if route.page)
CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "WWW-Authenticate, Mcp-Session-Id, Retry-After",
}


class LambdaContext(Protocol):
    """The context object of a Lambda invocation."""

    def get_remaining_time_in_millis(self) -> int:
        """Return the milliseconds until Lambda stops the function."""


def dispatch(
    event: Mapping[str, Any], endpoints: Endpoints, context: LambdaContext, is_behind_proxy: bool = False
) -> dict[str, Any]:
    """Answer one API Gateway event. Raises nothing: an unexpected failure is a 500 with a request id.

    ``is_behind_proxy`` is whether all requests come through a proxy that states the client's address.
    """
    started = time.perf_counter()
    request = Request(event["httpMethod"], event["resource"], event["requestContext"]["requestId"])
    try:
        time_left = functools.partial(_remaining_seconds, context)
        request = request_from_event(event, time_left, is_behind_proxy=is_behind_proxy)
        response, outcome = _answer(request, endpoints), "ok"
    except Problem as problem:
        response, outcome = _refusal(request, endpoints, problem), problem.outcome
    except Exception:
        # The caller learns the request id only. The log has the rest.
        logger.exception("unexpected failure", extra={"request_id": request.request_id})
        failure = _endpoint(request, endpoints).failure(request.request_id)
        response, outcome = _refusal(request, endpoints, failure), "failed"
    telemetry.log_request(logger, request, response, outcome, started)
    cors = {} if request.route in PAGES else CORS
    return event_from_response(response._replace(headers={**cors, **response.headers}))


def _remaining_seconds(context: LambdaContext) -> float:
    return context.get_remaining_time_in_millis() / 1000


def _answer(request: Request, endpoints: Endpoints) -> Response:
    response = _endpoint(request, endpoints).answer(request)
    # RFC 9110 9.3.2: HEAD is GET without content.
    return response._replace(body="") if request.method == "HEAD" else response


def _endpoint(request: Request, endpoints: Endpoints) -> Endpoint:
    """Return the endpoint of a request. Raises ``MethodNotAllowed`` or ``NotFound``."""
    if endpoint := endpoints.get(_key(request)):
        return endpoint
    allowed = [route.method for route in ROUTES if route.path == request.route]
    raise MethodNotAllowed(allowed) if allowed else NotFound("there is nothing at this path")


def _key(request: Request) -> tuple[str, str]:
    return "GET" if request.method == "HEAD" else request.method, request.route


def _refusal(request: Request, endpoints: Endpoints, problem: Problem) -> Response:
    endpoint = endpoints.get(_key(request))
    return endpoint.refusal(problem) if endpoint else as_json(problem)
