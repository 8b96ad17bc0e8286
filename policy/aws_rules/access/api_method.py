"""No method of an API that everybody can call, unless it is listed."""

from collections.abc import Iterator

from aws_rules.resource import Resource
from aws_rules.rule import Finding, Maker, Settings

METHOD = "aws:apigateway/method:Method"
ROUTE = "aws:apigatewayv2/route:Route"
REMEDY = "set an authorizer or AWS_IAM, or list the resource in the setting exceptions with a reason"


@Maker(name="api-method-authorized", kinds=[METHOD, ROUTE], controls=("APIGateway.8", "AwsSolutions-APIG4"))
def api_method(method: Resource, settings: Settings) -> Iterator[Finding]:
    """Methods and routes of an API ask who is calling."""
    if method.kind == METHOD:
        # Browsers send a preflight request without credentials.
        if method.value("authorization") == "NONE" and method.value("httpMethod") != "OPTIONS":
            yield Finding(method, "authorization", "is NONE", REMEDY)
        return
    key = method.value("routeKey")
    # Of a WebSocket API, only $connect can have an authorizer; the routes of an HTTP API have a method and a path.
    asks = isinstance(key, str) and (key == "$connect" or (" " in key and not key.startswith("OPTIONS ")))
    if asks and method.value("authorizationType") in (None, "NONE"):
        yield Finding(method, "authorizationType", f"is NONE for {key!r}", REMEDY)
