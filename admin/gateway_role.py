"""The role that API Gateway writes access logs with: one setting per account and region, shared by all stacks there."""

import json
from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError

ROLE_NAME = "api-gateway-push-to-cloudwatch-logs"
POLICY = "service-role/AmazonAPIGatewayPushToCloudWatchLogs"
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "apigateway.amazonaws.com"}, "Action": "sts:AssumeRole"}
    ],
}
# A new role takes seconds to spread. Until then, API Gateway says that it lacks permissions.
ATTEMPTS = 12
PAUSE_SECONDS = 5


def find_gateway_role(iam: Any, gateway: Any) -> str | None:
    """Return the ARN of the role that is set, or ``None`` if none is set or the one that was does not exist."""
    arn: str | None = gateway.get_account().get("cloudwatchRoleArn")
    if not arn:
        return None
    return arn if _exists(iam, arn.rpartition("/")[2]) else None


def create_gateway_role(iam: Any, partition: str) -> str:
    """Create the role, unless an earlier call or another region did, and return its ARN."""
    if not _exists(iam, ROLE_NAME):
        iam.create_role(
            RoleName=ROLE_NAME,
            AssumeRolePolicyDocument=json.dumps(TRUST),
            Description="API Gateway writes the logs of all REST APIs of this account",
        )
    iam.attach_role_policy(RoleName=ROLE_NAME, PolicyArn=f"arn:{partition}:iam::aws:policy/{POLICY}")
    return str(iam.get_role(RoleName=ROLE_NAME)["Role"]["Arn"])


def set_gateway_role(gateway: Any, arn: str, pause: Callable[[float], None]) -> None:
    """Set the role, and try again while it spreads. Raise ``ClientError`` if API Gateway never accepts it."""
    change = [{"op": "replace", "path": "/cloudwatchRoleArn", "value": arn}]
    for attempt in range(1, ATTEMPTS + 1):
        try:
            gateway.update_account(patchOperations=change)
        except gateway.exceptions.BadRequestException:
            if attempt == ATTEMPTS:
                raise
            pause(PAUSE_SECONDS)
        else:
            return


def _exists(iam: Any, role: str) -> bool:
    try:
        iam.get_role(RoleName=role)
    except ClientError as error:
        if error.response["Error"]["Code"] != "NoSuchEntity":
            raise
        return False
    return True
