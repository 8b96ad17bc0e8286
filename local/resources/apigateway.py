"""REST APIs: the API, its paths, its authorizers and its gateway responses."""

from local.aws import Aws
from local.resources.kind import Applied, Kind, Properties, PutKind, json_text, patch, rename_keys

_API = {
    "name": "",
    "policy": "",
    "minimumCompressionSize": "",
    "apiKeySource": "apiKeySource",
    "binaryMediaTypes": "binaryMediaTypes",
    "description": "description",
    "disableExecuteApiEndpoint": "disableExecuteApiEndpoint",
    "endpointAccessMode": "endpointAccessMode",
    "securityPolicy": "securityPolicy",
    "endpointConfiguration": "",
}
_AUTHORIZER = {
    "name": "",
    "restApi": "restApiId",
    "type": "",
    "authorizerCredentials": "authorizerCredentials",
    "authorizerResultTtlInSeconds": "authorizerResultTtlInSeconds",
    "authorizerUri": "authorizerUri",
    "identitySource": "identitySource",
    "identityValidationExpression": "identityValidationExpression",
    "providerArns": "providerARNs",
}
_RESPONSE = {
    "restApiId": "restApiId",
    "responseType": "responseType",
    "statusCode": "statusCode",
    "responseParameters": "responseParameters",
    "responseTemplates": "responseTemplates",
}


class RestApi(Kind):
    label = "rest api"
    # AWS can patch all of these. The emulator stores patched values as text, so "false" would be true.
    fixed = (
        "apiKeySource",
        "binaryMediaTypes",
        "disableExecuteApiEndpoint",
        "endpointConfiguration",
        "minimumCompressionSize",
        "policy",
    )

    def create(self, aws: Aws, name: str, inputs: Properties) -> Applied:
        parameters = rename_keys(inputs, _API)
        if "policy" in inputs:
            parameters["policy"] = json_text(inputs["policy"])
        if "endpointConfiguration" in inputs:
            types = rename_keys(inputs["endpointConfiguration"], {"types": "types"})["types"]
            parameters["endpointConfiguration"] = {"types": types if isinstance(types, list) else [types]}
        if "minimumCompressionSize" in inputs:
            parameters["minimumCompressionSize"] = int(inputs["minimumCompressionSize"])
        api = aws.client("apigateway").create_rest_api(name=inputs.get("name", name), **parameters)
        return self._describe(aws, api["id"], api["name"])

    def update(self, aws: Aws, name: str, identifier: str, old: Properties, new: Properties) -> Applied | None:
        rename_keys(new, _API)
        paths = {key: f"/{key}" for key in ("name", "description", "endpointAccessMode", "securityPolicy")}
        operations = patch(old, {"name": name, **new}, paths)
        api = aws.client("apigateway").update_rest_api(restApiId=identifier, patchOperations=operations)
        return self._describe(aws, identifier, api["name"])

    def delete(self, aws: Aws, identifier: str, inputs: Properties) -> None:
        aws.client("apigateway").delete_rest_api(restApiId=identifier)

    @staticmethod
    def _describe(aws: Aws, api: str, name: str) -> Applied:
        resources = aws.client("apigateway").get_resources(restApiId=api, limit=500)["items"]
        return Applied(
            api,
            {
                "arn": aws.arn("apigateway", f"/restapis/{api}", account=False),
                "executionArn": aws.arn("execute-api", api),
                "name": name,
                "rootResourceId": next(resource["id"] for resource in resources if resource["path"] == "/"),
            },
        )


class RestApiPolicy(PutKind):
    """The resource policy of an API."""

    label = "api policy"
    fixed = ("restApiId",)

    def put(self, aws: Aws, name: str, inputs: Properties) -> Applied:
        rename_keys(inputs, {"restApiId": "", "policy": ""})
        self._set(aws, inputs["restApiId"], json_text(inputs["policy"]))
        return Applied(inputs["restApiId"], {})

    def delete(self, aws: Aws, identifier: str, inputs: Properties) -> None:
        self._set(aws, identifier, "")

    @staticmethod
    def _set(aws: Aws, api: str, policy: str) -> None:
        operation = {"op": "replace", "path": "/policy", "value": policy}
        aws.client("apigateway").update_rest_api(restApiId=api, patchOperations=[operation])


class Resource(Kind):
    label = "api path"
    fixed = ("restApi", "parentId", "pathPart")

    def create(self, aws: Aws, name: str, inputs: Properties) -> Applied:
        parameters = rename_keys(inputs, {"restApi": "restApiId", "parentId": "parentId", "pathPart": "pathPart"})
        resource = aws.client("apigateway").create_resource(**parameters)
        return Applied(resource["id"], {"path": resource["path"]})

    def delete(self, aws: Aws, identifier: str, inputs: Properties) -> None:
        aws.client("apigateway").delete_resource(restApiId=inputs["restApi"], resourceId=identifier)


class Authorizer(Kind):
    label = "api authorizer"
    fixed = ("restApi", "type", "providerArns")

    def create(self, aws: Aws, name: str, inputs: Properties) -> Applied:
        authorizer = aws.client("apigateway").create_authorizer(
            name=inputs.get("name", name), type=inputs.get("type", "TOKEN"), **rename_keys(inputs, _AUTHORIZER)
        )
        return self._describe(aws, inputs["restApi"], authorizer["id"])

    def update(self, aws: Aws, name: str, identifier: str, old: Properties, new: Properties) -> Applied | None:
        patchable = {key: f"/{path}" for key, path in _AUTHORIZER.items() if path and key not in self.fixed}
        rename_keys(new, _AUTHORIZER)
        aws.client("apigateway").update_authorizer(
            restApiId=new["restApi"],
            authorizerId=identifier,
            patchOperations=patch(old, new, {"name": "/name", **patchable}),
        )
        return self._describe(aws, new["restApi"], identifier)

    def delete(self, aws: Aws, identifier: str, inputs: Properties) -> None:
        aws.client("apigateway").delete_authorizer(restApiId=inputs["restApi"], authorizerId=identifier)

    @staticmethod
    def _describe(aws: Aws, api: str, authorizer: str) -> Applied:
        arn = aws.arn("apigateway", f"/restapis/{api}/authorizers/{authorizer}", account=False)
        return Applied(authorizer, {"arn": arn})


class GatewayResponse(PutKind):
    label = "gateway response"
    fixed = ("restApiId", "responseType")

    def put(self, aws: Aws, name: str, inputs: Properties) -> Applied:
        aws.client("apigateway").put_gateway_response(**rename_keys(inputs, _RESPONSE))
        return Applied(f"aggr-{inputs['restApiId']}-{inputs['responseType']}", {})

    def delete(self, aws: Aws, identifier: str, inputs: Properties) -> None:
        aws.client("apigateway").delete_gateway_response(
            restApiId=inputs["restApiId"], responseType=inputs["responseType"]
        )


class Account(PutKind):
    """The account settings of the region, shared by all APIs."""

    label = "api gateway account"

    def put(self, aws: Aws, name: str, inputs: Properties) -> Applied:
        rename_keys(inputs, {"cloudwatchRoleArn": ""})
        self._set_role(aws, inputs.get("cloudwatchRoleArn", ""))
        return Applied("api-gateway-account", {})

    def delete(self, aws: Aws, identifier: str, inputs: Properties) -> None:
        self._set_role(aws, "")

    @staticmethod
    def _set_role(aws: Aws, arn: str) -> None:
        aws.client("apigateway").update_account(
            patchOperations=[{"op": "replace", "path": "/cloudwatchRoleArn", "value": arn}]
        )
