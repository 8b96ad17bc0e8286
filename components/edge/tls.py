"""What the endpoints of API Gateway accept as TLS."""

from typing import NamedTuple

from components.config import StackConfig
from components.edge.checks import DOMAIN, NONE


class Tls(NamedTuple):
    """A security policy of API Gateway, and the access mode that policies of the newer kind need."""

    security_policy: str
    access_mode: str | None


# TLS 1.2 and 1.3. The default of a regional API accepts TLS 1.0.
NEWER = "SecurityPolicy_TLS13_1_2_2021_06"
# API Gateway refuses mutual TLS together with a policy of the newer kind.
WITH_MUTUAL_TLS = Tls("TLS_1_2", None)


def endpoint_tls(config: StackConfig) -> Tls:
    """Return what the custom domain and the API's own endpoint accept: the API's policy decides for both."""
    if config.truststore_uri:
        return WITH_MUTUAL_TLS
    # STRICT compares the host name of the handshake with that of the request. A CDN or a proxy chooses both.
    return Tls(NEWER, "STRICT" if config.edge in (DOMAIN, NONE) else "BASIC")
