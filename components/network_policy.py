"""The policy of the API about the networks that it answers."""

import json
from collections.abc import Iterator, Sequence

import pulumi
import pulumi_aws as aws

from components.api_part import ApiPart


def declare_network_policy(
    name: str, rest_api: aws.apigateway.RestApi, cidrs: Sequence[str], opts: pulumi.ResourceOptions
) -> Iterator[ApiPart]:
    """Declare the policy that refuses all networks but ``cidrs``, if there are any.

    API Gateway, How resource policies affect authorization workflow: it looks for an explicit Deny before it calls the
    authorizer, and where there is no authorizer, it needs an Allow.
    """
    if not cidrs:
        return
    args = aws.apigateway.RestApiPolicyArgs(
        rest_api_id=rest_api.id, policy=rest_api.execution_arn.apply(lambda arn: _document(arn, cidrs))
    )
    yield ApiPart(aws.apigateway.RestApiPolicy(f"{name}-networks", args, opts), args)


def _document(execution_arn: str, cidrs: Sequence[str]) -> str:
    everything = {"Principal": "*", "Action": "execute-api:Invoke", "Resource": f"{execution_arn}/*"}
    outside = {"NotIpAddress": {"aws:SourceIp": list(cidrs)}}
    return json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "Allow", **everything},
                {"Effect": "Deny", **everything, "Condition": outside},
            ],
        }
    )
