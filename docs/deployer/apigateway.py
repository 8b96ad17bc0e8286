"""The rows of API Gateway, whose actions are the verbs of its REST API on paths of it.

The paths have ids and no names, so no pattern of names can narrow them.
"""

from collections.abc import Mapping

from docs.deployer.row import Row, need, optional, row

_ROOT = "arn:aws:apigateway:*::"
# Below an API are its resources, methods, integrations, authorizers, responses, deployments and stages.
APIS, API_PARTS = f"{_ROOT}/restapis", f"{_ROOT}/restapis/*"
KEYS, KEY = f"{_ROOT}/apikeys", f"{_ROOT}/apikeys/*"
PLANS, PLAN_PARTS = f"{_ROOT}/usageplans", f"{_ROOT}/usageplans/*"
DOMAINS, DOMAIN_PARTS = f"{_ROOT}/domainnames", f"{_ROOT}/domainnames/*"
TAGS = need("apigateway", "PUT DELETE", f"{_ROOT}/tags/*")
_PART = need("apigateway", "POST GET PATCH DELETE", API_PARTS)
_PUT_PART = need("apigateway", "PUT GET PATCH DELETE", API_PARTS)

APIGATEWAY: Mapping[str, Row] = {
    "aws:apigateway/account:Account": optional(
        "apigateway/account.go",
        need("apigateway", "GET PATCH", f"{_ROOT}/account"),
        need(
            "iam",
            "PassRole",
            "arn:aws:iam::*:role/remote-mcp-*",
            condition={"StringEquals": {"iam:PassedToService": "apigateway.amazonaws.com"}},
        ),
    ),
    "aws:apigateway/apiKey:ApiKey": row(
        "apigateway/api_key.go",
        need("apigateway", "POST", KEYS),
        need("apigateway", "GET PATCH DELETE", KEY),
        TAGS,
    ),
    "aws:apigateway/authorizer:Authorizer": row("apigateway/authorizer.go", _PART),
    "aws:apigateway/basePathMapping:BasePathMapping": optional(
        "apigateway/base_path_mapping.go", need("apigateway", "POST GET PATCH DELETE", DOMAIN_PARTS)
    ),
    "aws:apigateway/deployment:Deployment": row("apigateway/deployment.go", _PART),
    "aws:apigateway/domainName:DomainName": optional(
        "apigateway/domain_name.go",
        need("apigateway", "POST", DOMAINS),
        need("apigateway", "GET PATCH DELETE", DOMAIN_PARTS),
        # With truststoreUri (API Gateway, Developer Guide: mutual TLS).
        need("apigateway", "AddCertificateToDomain RemoveCertificateFromDomain", DOMAINS, DOMAIN_PARTS),
        TAGS,
    ),
    "aws:apigateway/integration:Integration": row("apigateway/integration.go", _PUT_PART),
    "aws:apigateway/integrationResponse:IntegrationResponse": row("apigateway/integration_response.go", _PUT_PART),
    "aws:apigateway/method:Method": row("apigateway/method.go", _PUT_PART),
    "aws:apigateway/methodResponse:MethodResponse": row("apigateway/method_response.go", _PUT_PART),
    "aws:apigateway/methodSettings:MethodSettings": row(
        "apigateway/method_settings.go", need("apigateway", "GET PATCH", API_PARTS)
    ),
    "aws:apigateway/resource:Resource": row("apigateway/resource.go", _PART),
    "aws:apigateway/response:Response": row("apigateway/gateway_response.go", _PUT_PART),
    "aws:apigateway/restApi:RestApi": row(
        "apigateway/rest_api.go",
        need("apigateway", "POST", APIS),
        need("apigateway", "GET PATCH PUT DELETE", API_PARTS),
        TAGS,
    ),
    "aws:apigateway/restApiPolicy:RestApiPolicy": optional(
        "apigateway/rest_api_policy.go", need("apigateway", "GET PATCH UpdateRestApiPolicy", API_PARTS)
    ),
    "aws:apigateway/stage:Stage": row("apigateway/stage.go", _PART, TAGS),
    "aws:apigateway/usagePlan:UsagePlan": row(
        "apigateway/usage_plan.go",
        need("apigateway", "POST", PLANS),
        need("apigateway", "GET PATCH DELETE", PLAN_PARTS),
        TAGS,
    ),
    "aws:apigateway/usagePlanKey:UsagePlanKey": row(
        "apigateway/usage_plan_key.go", need("apigateway", "POST GET DELETE", PLAN_PARTS)
    ),
}
