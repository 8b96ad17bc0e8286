"""The address of the client that sent a request, for rate limits, the audit log and the logs."""

import ipaddress
from collections.abc import Mapping
from typing import Any


def client_address(event: Mapping[str, Any], headers: Mapping[str, str], *, is_behind_proxy: bool) -> str:
    """Return the address in a proxy or authorizer event, empty if it has none.

    ``headers`` are those of ``headers_from_event``. A proxy in front appends the address of its caller to
    ``X-Forwarded-For``, and API Gateway appends the address of the proxy. So the address is the second from the right;
    what the caller sent itself is further left.
    """
    identity = event["requestContext"].get("identity") or {}
    source = str(identity.get("sourceIp") or "")
    if not is_behind_proxy:
        return source
    proxied = headers.get("x-forwarded-for", "").rpartition(",")[0].rpartition(",")[2]
    try:
        return str(ipaddress.ip_address(proxied.strip()))
    except ValueError:
        # The request did not pass through the proxy, or not as expected. Its caller can have written the whole header,
        # but not the address that API Gateway saw.
        return source
