"""What each function needs: every permission of every role, with the feature that fails without it."""

from collections.abc import Mapping

from tests.e2e.privilege import login_needs, mcp_needs, oauth_needs
from tests.e2e.privilege.need import Need
from tests.e2e.privilege.permission import THE_KEY, Permission
from tests.e2e.privilege.world import AUDIT_LOG, FUNCTIONS, OWN_LOG

NEEDS: tuple[Need, ...] = (*mcp_needs.NEEDS, *oauth_needs.NEEDS, *login_needs.NEEDS)

# What the emulator does not do, with what AWS says of it. X-Ray, Developer Guide: Lambda sends traces with the role of
# the function (AWSXRayDaemonWriteAccess). API Gateway, Developer Guide, Set up CloudWatch logging: the managed policy
# AmazonAPIGatewayPushToCloudWatchLogs has the permissions that it needs.
# DynamoDB, Secrets Manager and CloudWatch Logs use a KMS key with the permissions of their caller, by their guides.
ENCRYPTION = "the same, with `kmsKey`"
TABLE = "the table"
DECRYPT, ENCRYPT = "kms:Decrypt", "kms:GenerateDataKey"
TRACING = "traces, with `tracing`"
ACCESS_LOG = "the access log, with `manageApiGatewayAccount`"
LOG_GROUPS = "the log groups of the account and region"


def of_the_key(permission: Permission) -> list[Permission]:
    """Return what the same needs of the KMS key that encrypts a table, a secret or a log."""
    function, action, target, _ = permission
    if action.startswith("lambda:"):
        return []
    what = TABLE if action.startswith("dynamodb:") else target
    if target in {OWN_LOG, AUDIT_LOG} or action == "secretsmanager:PutSecretValue":
        return [Permission(function, use, f"{THE_KEY} {what}") for use in (DECRYPT, ENCRYPT)]
    reads = action.startswith("dynamodb:") or action == "secretsmanager:GetSecretValue"
    return [Permission(function, DECRYPT, f"{THE_KEY} {what}")] if reads else []


NOT_TRIED: Mapping[Permission, str] = {
    **{use: ENCRYPTION for need in NEEDS for use in of_the_key(need.permission)},
    **{
        Permission(function, f"xray:{action}", "`*`, since X-Ray has no resources"): TRACING
        for function in FUNCTIONS
        for action in ("PutTraceSegments", "PutTelemetryRecords")
    },
    **{
        Permission("API Gateway", f"logs:{action}", LOG_GROUPS): ACCESS_LOG
        for action in (
            "CreateLogGroup",
            "CreateLogStream",
            "DescribeLogGroups",
            "DescribeLogStreams",
            "FilterLogEvents",
            "GetLogEvents",
            "PutLogEvents",
        )
    },
}
