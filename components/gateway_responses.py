"""The responses of API Gateway itself: JSON bodies, CORS headers, and the challenge that starts a login.

API Gateway renames the ``WWW-Authenticate`` header of a function's response, but not that of a gateway response. So
the 401s of ``/mcp`` come from here.
"""

import json
from collections.abc import Iterable, Iterator
from http import HTTPStatus
from typing import NamedTuple

import pulumi
import pulumi_aws as aws

from components.api_part import ApiPart
from runtime.deployment import CHALLENGE


class GatewayResponse(NamedTuple):
    """The response for one response type. A ``status`` of ``None`` keeps the status that API Gateway chose."""

    response_type: str
    status: int | None
    error: str
    description: str


REFUSED = "The request was refused by a firewall."
BUSY = "The server is busy or failed; try again in a few seconds."
UNCHECKED = "The access token could not be checked; try again in a few seconds."
# How long a client should wait, in seconds. A throttled function may answer again after any instance is free.
RETRY_SECONDS = {429: 1, 503: 5}
# Without these, a page cannot read the response.
CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "WWW-Authenticate, Retry-After",
}

RESPONSES: tuple[GatewayResponse, ...] = (
    GatewayResponse("UNAUTHORIZED", 401, "invalid_token", "An access token is required."),
    # RFC 6750 3.1: a token that is malformed, expired or revoked is a 401, the one status that makes clients log in.
    # A resource policy's refusal has the same type. No login can mend it, so it has no challenge.
    GatewayResponse(
        "ACCESS_DENIED",
        401,
        "access_denied",
        "The access token is malformed, expired or revoked, or a policy of this API refuses the request.",
    ),
    # No route is signed with AWS credentials: API Gateway looks for a signature only where it finds no route.
    GatewayResponse("MISSING_AUTHENTICATION_TOKEN", 404, "not_found", "There is nothing at this path."),
    GatewayResponse("INVALID_SIGNATURE", 404, "not_found", "There is nothing at this path."),
    GatewayResponse("EXPIRED_TOKEN", 404, "not_found", "There is nothing at this path."),
    GatewayResponse("RESOURCE_NOT_FOUND", 404, "not_found", "There is nothing at this path."),
    GatewayResponse("BAD_REQUEST_BODY", 400, "invalid_request", "The body cannot be read."),
    GatewayResponse("BAD_REQUEST_PARAMETERS", 400, "invalid_request", "The parameters cannot be read."),
    GatewayResponse("REQUEST_TOO_LARGE", 413, "invalid_request", "The request is too large."),
    GatewayResponse("UNSUPPORTED_MEDIA_TYPE", 415, "invalid_request", "The media type is not supported."),
    # The request did not come through the edge. No login can mend that.
    GatewayResponse("INVALID_API_KEY", 403, "access_denied", "Requests must come through the public URL."),
    GatewayResponse("WAF_FILTERED", 403, "access_denied", REFUSED),
    GatewayResponse("THROTTLED", 429, "temporarily_unavailable", "Too many requests; try again in a second."),
    # Lambda's 429 for a throttled function arrives as this type, as does a function that crashed: no variable of a
    # gateway response tells them apart.
    GatewayResponse("INTEGRATION_FAILURE", 503, "temporarily_unavailable", BUSY),
    GatewayResponse("INTEGRATION_TIMEOUT", 504, "server_error", "The server did not answer in time."),
    GatewayResponse("API_CONFIGURATION_ERROR", 500, "server_error", "The server is not configured properly."),
    # No document says which of the two a throttled authorizer is.
    GatewayResponse("AUTHORIZER_FAILURE", 503, "temporarily_unavailable", UNCHECKED),
    GatewayResponse("AUTHORIZER_CONFIGURATION_ERROR", 503, "temporarily_unavailable", UNCHECKED),
    GatewayResponse("DEFAULT_4XX", None, "invalid_request", "The request cannot be served."),
    GatewayResponse("DEFAULT_5XX", None, "server_error", "The server failed."),
)
# The refusal of an API with a policy about networks, whose authorizer returns no Deny. No login can mend it.
OUTSIDE = GatewayResponse("ACCESS_DENIED", 403, "access_denied", "This server cannot be reached from this network.")


def challenge(public_url: str, scopes: Iterable[str]) -> str:
    """Return the ``WWW-Authenticate`` challenge with the metadata URL and scopes (RFC 9728 5.1, RFC 6750 3).

    It names all scopes that a client will need. Asking for more later takes a 403 whose challenge API Gateway renames.
    """
    metadata = f"{public_url}/.well-known/oauth-protected-resource/mcp"
    return f'Bearer resource_metadata="{metadata}", scope="{" ".join(scopes)}"'


def denial_challenge(public_url: str, scopes: Iterable[str]) -> str:
    """Return the challenge for a token that is malformed, expired or revoked (RFC 6750 3.1)."""
    return f'{challenge(public_url, scopes)}, error="invalid_token"'


def declare_gateway_responses(
    name: str,
    rest_api_id: pulumi.Input[str],
    challenge: pulumi.Output[str],
    opts: pulumi.ResourceOptions,
    *,
    restricted: bool,
) -> Iterator[ApiPart]:
    """Declare every response in ``RESPONSES``.

    A request without a token gets the ``challenge``, a denied token the one that the authorizer returns with its Deny.
    A ``restricted`` API has a policy that refuses networks. Its authorizer raises instead of returning a Deny, so a
    denied token gets the ``challenge``, too, and only the policy causes the refusal that has the same type as a Deny.
    """
    others = {OUTSIDE.response_type: OUTSIDE} if restricted else {}
    for usual in RESPONSES:
        response = others.get(usual.response_type, usual)
        args = aws.apigateway.ResponseArgs(
            rest_api_id=rest_api_id,
            response_type=response.response_type,
            status_code=str(response.status) if response.status else None,
            response_templates={"application/json": _body(response)},
            response_parameters={
                f"gatewayresponse.header.{header}": value for header, value in _headers(response, challenge).items()
            },
        )
        slug = response.response_type.lower().replace("_", "-")
        yield ApiPart(aws.apigateway.Response(f"{name}-{slug}", args, opts), args)


def _headers(response: GatewayResponse, challenge: pulumi.Output[str]) -> dict[str, pulumi.Input[str]]:
    """Return the headers of a response.

    API Gateway uses a value in single quotes literally, and leaves out a header whose context variable does not exist.
    """
    headers: dict[str, pulumi.Input[str]] = {name: f"'{value}'" for name, value in CORS.items()}
    match response.response_type, response.status:
        case "UNAUTHORIZED", _:
            headers["WWW-Authenticate"] = pulumi.Output.concat("'", challenge, "'")
        case "ACCESS_DENIED", HTTPStatus.UNAUTHORIZED:
            headers["WWW-Authenticate"] = f"context.authorizer.{CHALLENGE}"
    if response.status in RETRY_SECONDS:
        headers["Retry-After"] = f"'{RETRY_SECONDS[response.status]}'"
    return headers


def _body(response: GatewayResponse) -> str:
    return json.dumps(
        {
            "error": response.error,
            "error_description": response.description,
            "request_id": "$context.requestId",
        }
    )
