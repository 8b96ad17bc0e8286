"""CORS preflights, answered by API Gateway without invoking anything."""

from collections.abc import Iterator, Mapping, Sequence

import pulumi
import pulumi_aws as aws

from components.declared import Declared

MAX_AGE_SECONDS = 86_400
NO_CONTENT = "204"


def preflight(
    name: str,
    rest_api_id: pulumi.Input[str],
    resource_id: pulumi.Input[str],
    methods: Sequence[str],
    opts: pulumi.ResourceOptions,
) -> Iterator[Declared]:
    """Declare the OPTIONS method of one path, which lets pages of any origin use ``methods``."""
    method_args = aws.apigateway.MethodArgs(
        rest_api=rest_api_id, resource_id=resource_id, http_method="OPTIONS", authorization="NONE"
    )
    method = aws.apigateway.Method(name, method_args, opts)
    yield Declared(method, method_args)
    integration_args = aws.apigateway.IntegrationArgs(
        rest_api=rest_api_id,
        resource_id=resource_id,
        http_method=method.http_method,
        type="MOCK",
        # A body of another type is a 415, not a mock that fails on it.
        passthrough_behavior="WHEN_NO_TEMPLATES",
        request_templates={"application/json": f'{{"statusCode": {NO_CONTENT}}}'},
    )
    integration = aws.apigateway.Integration(f"{name}-integration", integration_args, opts)
    yield Declared(integration, integration_args)
    yield from _answer(name, integration_args, integration, _headers(methods), opts)


def _answer(
    name: str,
    place: aws.apigateway.IntegrationArgs,
    integration: aws.apigateway.Integration,
    headers: Mapping[str, str],
    opts: pulumi.ResourceOptions,
) -> Iterator[Declared]:
    response_args = aws.apigateway.MethodResponseArgs(
        rest_api=place.rest_api,
        resource_id=place.resource_id,
        http_method=place.http_method,
        status_code=NO_CONTENT,
        response_parameters=dict.fromkeys(headers, True),
    )
    response = aws.apigateway.MethodResponse(f"{name}-response", response_args, opts)
    yield Declared(response, response_args)
    mapping_args = aws.apigateway.IntegrationResponseArgs(
        rest_api=place.rest_api,
        resource_id=place.resource_id,
        http_method=place.http_method,
        status_code=NO_CONTENT,
        response_parameters=headers,
    )
    # API Gateway refuses to map to a header that the method's response does not declare, so that one comes first.
    after = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(depends_on=[integration, response]))
    yield Declared(
        aws.apigateway.IntegrationResponse(f"{name}-integration-response", mapping_args, after), mapping_args
    )


def _headers(methods: Sequence[str]) -> dict[str, str]:
    """The headers of the answer. API Gateway takes a value in single quotes as it stands."""
    headers = {
        "Access-Control-Allow-Origin": "*",
        # The wildcard does not cover Authorization (Fetch standard, CORS protocol).
        "Access-Control-Allow-Headers": "*, Authorization",
        "Access-Control-Allow-Methods": ", ".join(methods),
        "Access-Control-Max-Age": str(MAX_AGE_SECONDS),
    }
    return {f"method.response.header.{name}": f"'{value}'" for name, value in headers.items()}
