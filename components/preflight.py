"""CORS preflights, which API Gateway answers without a function."""

from collections.abc import Iterator, Mapping, Sequence

import pulumi
import pulumi_aws as aws

from components.api_part import ApiPart

MAX_AGE_SECONDS = 86_400
NO_CONTENT = "204"


def declare_preflight(
    name: str,
    rest_api_id: pulumi.Input[str],
    resource_id: pulumi.Input[str],
    methods: Sequence[str],
    opts: pulumi.ResourceOptions,
    *,
    key_required: bool,
) -> Iterator[ApiPart]:
    """Declare the OPTIONS method of one path. It lets pages of any origin use ``methods``."""
    method_args = aws.apigateway.MethodArgs(
        rest_api=rest_api_id,
        resource_id=resource_id,
        http_method="OPTIONS",
        authorization="NONE",
        api_key_required=key_required,
    )
    method = aws.apigateway.Method(name, method_args, opts)
    yield ApiPart(method, method_args)
    integration_args = aws.apigateway.IntegrationArgs(
        rest_api=rest_api_id,
        resource_id=resource_id,
        http_method=method.http_method,
        type="MOCK",
        # A body of another type gets a 415; otherwise the mock integration would fail.
        passthrough_behavior="WHEN_NO_TEMPLATES",
        request_templates={"application/json": f'{{"statusCode": {NO_CONTENT}}}'},
    )
    integration = aws.apigateway.Integration(f"{name}-integration", integration_args, opts)
    yield ApiPart(integration, integration_args)
    yield from _declare_response(name, integration_args, integration, _headers(methods), opts)


def _declare_response(
    name: str,
    place: aws.apigateway.IntegrationArgs,
    integration: aws.apigateway.Integration,
    headers: Mapping[str, str],
    opts: pulumi.ResourceOptions,
) -> Iterator[ApiPart]:
    response_args = aws.apigateway.MethodResponseArgs(
        rest_api=place.rest_api,
        resource_id=place.resource_id,
        http_method=place.http_method,
        status_code=NO_CONTENT,
        response_parameters=dict.fromkeys(headers, True),
    )
    response = aws.apigateway.MethodResponse(f"{name}-response", response_args, opts)
    yield ApiPart(response, response_args)
    mapping_args = aws.apigateway.IntegrationResponseArgs(
        rest_api=place.rest_api,
        resource_id=place.resource_id,
        http_method=place.http_method,
        status_code=NO_CONTENT,
        response_parameters=headers,
    )
    # API Gateway refuses to map a header that the method response does not declare, so declare that first.
    after = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(depends_on=[integration, response]))
    yield ApiPart(aws.apigateway.IntegrationResponse(f"{name}-integration-response", mapping_args, after), mapping_args)


def _headers(methods: Sequence[str]) -> dict[str, str]:
    """Return the headers of the response. API Gateway uses a value in single quotes literally."""
    headers = {
        "Access-Control-Allow-Origin": "*",
        # The wildcard does not cover Authorization (Fetch standard, CORS protocol).
        "Access-Control-Allow-Headers": "*, Authorization",
        "Access-Control-Allow-Methods": ", ".join(methods),
        "Access-Control-Max-Age": str(MAX_AGE_SECONDS),
    }
    return {f"method.response.header.{name}": f"'{value}'" for name, value in headers.items()}
