"""The methods of an API, their integrations and their responses."""

from local.aws import Aws
from local.resources.kind import Applied, Properties, PutKind, rename_keys

_METHOD_KEY = {"restApi": "restApiId", "resourceId": "resourceId", "httpMethod": "httpMethod"}
_RESPONSE_KEY = {**_METHOD_KEY, "statusCode": "statusCode"}
_METHOD = {
    **_METHOD_KEY,
    "apiKeyRequired": "apiKeyRequired",
    "authorization": "authorizationType",
    "authorizationScopes": "authorizationScopes",
    "authorizerId": "authorizerId",
    "operationName": "operationName",
    "requestModels": "requestModels",
    "requestParameters": "requestParameters",
    "requestValidatorId": "requestValidatorId",
}
_INTEGRATION = {
    **_METHOD_KEY,
    "cacheKeyParameters": "cacheKeyParameters",
    "cacheNamespace": "cacheNamespace",
    "connectionId": "connectionId",
    "connectionType": "connectionType",
    "contentHandling": "contentHandling",
    "credentials": "credentials",
    "integrationHttpMethod": "integrationHttpMethod",
    "passthroughBehavior": "passthroughBehavior",
    "requestParameters": "requestParameters",
    "requestTemplates": "requestTemplates",
    "timeoutMilliseconds": "timeoutInMillis",
    "type": "type",
    "uri": "uri",
}
_METHOD_RESPONSE = {
    **_RESPONSE_KEY,
    "responseModels": "responseModels",
    "responseParameters": "responseParameters",
}
_INTEGRATION_RESPONSE = {
    **_RESPONSE_KEY,
    "contentHandling": "contentHandling",
    "responseParameters": "responseParameters",
    "responseTemplates": "responseTemplates",
    "selectionPattern": "selectionPattern",
}

_INTEGRATION_TYPE = "aws:apigateway/integration:Integration"
_METHOD_RESPONSE_TYPE = "aws:apigateway/methodResponse:MethodResponse"
_INTEGRATION_RESPONSE_TYPE = "aws:apigateway/integrationResponse:IntegrationResponse"


class Method(PutKind):
    label = "api method"
    fixed = tuple(_METHOD_KEY)
    wipes = (_INTEGRATION_TYPE, _METHOD_RESPONSE_TYPE, _INTEGRATION_RESPONSE_TYPE)
    scope = tuple(_METHOD_KEY)

    def put(self, aws: Aws, name: str, inputs: Properties) -> Applied:
        aws.client("apigateway").put_method(**rename_keys(inputs, _METHOD))
        return Applied(_identifier("agm", inputs), {})

    def delete(self, aws: Aws, identifier: str, inputs: Properties) -> None:
        aws.client("apigateway").delete_method(**_key(inputs, _METHOD_KEY))


class Integration(PutKind):
    label = "api integration"
    fixed = tuple(_METHOD_KEY)
    wipes = (_INTEGRATION_RESPONSE_TYPE,)
    scope = tuple(_METHOD_KEY)

    def put(self, aws: Aws, name: str, inputs: Properties) -> Applied:
        aws.client("apigateway").put_integration(**rename_keys(inputs, _INTEGRATION))
        return Applied(_identifier("agi", inputs), {})

    def delete(self, aws: Aws, identifier: str, inputs: Properties) -> None:
        aws.client("apigateway").delete_integration(**_key(inputs, _METHOD_KEY))


class MethodResponse(PutKind):
    label = "method response"
    fixed = tuple(_RESPONSE_KEY)

    def put(self, aws: Aws, name: str, inputs: Properties) -> Applied:
        aws.client("apigateway").put_method_response(**rename_keys(inputs, _METHOD_RESPONSE))
        return Applied(_identifier("agmr", inputs), {})

    def delete(self, aws: Aws, identifier: str, inputs: Properties) -> None:
        aws.client("apigateway").delete_method_response(**_key(inputs, _RESPONSE_KEY))


class IntegrationResponse(PutKind):
    label = "integration response"
    fixed = tuple(_RESPONSE_KEY)

    def put(self, aws: Aws, name: str, inputs: Properties) -> Applied:
        aws.client("apigateway").put_integration_response(**rename_keys(inputs, _INTEGRATION_RESPONSE))
        return Applied(_identifier("agir", inputs), {})

    def delete(self, aws: Aws, identifier: str, inputs: Properties) -> None:
        aws.client("apigateway").delete_integration_response(**_key(inputs, _RESPONSE_KEY))


def _key(inputs: Properties, names: dict[str, str]) -> Properties:
    return {parameter: inputs[key] for key, parameter in names.items()}


def _identifier(prefix: str, inputs: Properties) -> str:
    """Return the id as the AWS provider builds it: ``agm-<api>-<resource>-<method>``, plus the status of responses."""
    return "-".join([prefix, *(str(inputs[key]) for key in _RESPONSE_KEY if key in inputs)])
