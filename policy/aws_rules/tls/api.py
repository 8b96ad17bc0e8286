"""How clients connect to an API."""

from collections.abc import Iterator

from aws_rules.resource import UNKNOWN, Resource
from aws_rules.rule import Finding, Maker, Settings

DOMAIN = "aws:apigateway/domainName:DomainName"
DOMAIN_V2 = "aws:apigatewayv2/domainName:DomainName"
API = "aws:apigateway/restApi:RestApi"
PLACES = {
    DOMAIN: ("securityPolicy",),
    DOMAIN_V2: ("domainNameConfiguration", "securityPolicy"),
    API: ("securityPolicy",),
}


@Maker(name="api-tls", kinds=PLACES)
def api_tls(resource: Resource, settings: Settings) -> Iterator[Finding]:
    """Endpoints and domain names of APIs take TLS 1.2 or later."""
    path = PLACES[resource.kind]
    policy = resource.value(*path)
    # TLS_1_0, and the policies with longer names that end at 1.0: SecurityPolicy_TLS13_1_0_...
    if isinstance(policy, str) and "_1_0" in policy:
        problem = f"is {policy}"
    # Without one, API Gateway chooses for a domain name. An API without one may be reached by its domain name only.
    elif policy is None and resource.kind == DOMAIN and resource.value(*path) is not UNKNOWN:
        problem = "is not set, which leaves the choice to API Gateway"
    else:
        return
    yield Finding(resource, ".".join(path), problem, "set it to TLS_1_2 or a later policy")
