"""What CloudFront and API Gateway refuse by themselves, and what they tell an API about a client."""

import ipaddress
from http import HTTPStatus

from local.edge.answers import Answer, refuse_as_cloudfront, refuse_as_gateway
from local.edge.headers import Headers, size, values, without
from local.edge.settings import CLOUDFRONT, Settings

# API Gateway, quotas: names, values, line ends and spaces of all headers. That the answer is 431 is what users report.
MAX_HEADER_BYTES = 10_240
# CloudFront, quotas.
MAX_URL_BYTES = 8_192
# A distribution allows at most these.
_METHODS = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"})
# The address from which CloudFront connects to the stage. TEST-NET-1, so no client has it.
CLOUDFRONT_ADDRESS = "192.0.2.10"
# CloudFront, Developer Guide, Request headers: a cache policy that names no header leaves these and its own user agent.
_ALWAYS_KEPT = frozenset(
    {
        "if-match",
        "if-modified-since",
        "if-none-match",
        "if-range",
        "if-unmodified-since",
        "range",
        "x-forwarded-for",
    }
)
# What the edge or the stage states itself, whatever the client says.
_STATED = frozenset({"host", "x-forwarded-for", "x-forwarded-port", "x-forwarded-proto"})


def refuse_network(settings: Settings, client: str) -> Answer | None:
    """Return what the firewall answers to the address of a ``client`` that it does not let in, or ``None``."""
    admission = settings.admission
    if admission is None:
        return None
    address = ipaddress.ip_address(client)
    if any(address in ipaddress.ip_network(network) for network in admission.networks):
        return None
    body = admission.body.encode()
    return Answer(admission.status, [*admission.headers, ("Content-Length", str(len(body)))], body)


def refusal(settings: Settings, method: str, target: str, body: bytes) -> Answer | None:
    """Return what CloudFront answers to a request that it does not forward, or ``None``."""
    if settings.edge != CLOUDFRONT:
        return None
    if len(target) > MAX_URL_BYTES:
        return refuse_as_cloudfront(HTTPStatus.REQUEST_URI_TOO_LONG, "The URL is too long.")
    if method not in _METHODS:
        return refuse_as_cloudfront(HTTPStatus.FORBIDDEN, f"The distribution does not allow the method {method}.")
    # CloudFront, Developer Guide, Request and response behavior for custom origins.
    if method == "GET" and body:
        return refuse_as_cloudfront(HTTPStatus.FORBIDDEN, "A GET request must not have a body.")
    return None


def keep_for_cache(settings: Settings, target: str, headers: Headers) -> Headers:
    """Return the headers that CloudFront passes on: all, unless the response is kept for other clients too."""
    if target.partition("?")[0] not in settings.cached:
        return headers
    kept = [(name, value) for name, value in headers if name.lower() in _ALWAYS_KEPT]
    return [*kept, ("User-Agent", "Amazon CloudFront")]


def headers_refusal(headers: Headers) -> Answer | None:
    """Return what API Gateway answers to more headers than it takes, or ``None``."""
    if size(headers) > MAX_HEADER_BYTES:
        return refuse_as_gateway(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
    return None


def state_origin(settings: Settings, headers: Headers, client: str, origin: tuple[str, int]) -> Headers:
    """Return ``headers`` with where the request comes from, and with the key of the edge.

    ``origin`` is the scheme and the port that the client used. What a client says it forwards stays in front: each hop
    appends the address that connected to it. The last one is what API Gateway takes for the source.
    """
    hops = [client, CLOUDFRONT_ADDRESS] if settings.edge == CLOUDFRONT else [client]
    scheme, port = origin
    stated = [
        ("Host", settings.host),
        ("X-Forwarded-For", ", ".join([*values(headers, "x-forwarded-for"), *hops])),
        ("X-Forwarded-Port", str(port)),
        ("X-Forwarded-Proto", scheme),
    ]
    left = without(headers, _STATED)
    # CloudFront, Developer Guide, Add custom headers to origin requests: they replace what the client sent.
    return [*without(left, {"x-api-key"}), *stated, ("x-api-key", settings.key)] if settings.key else [*left, *stated]
