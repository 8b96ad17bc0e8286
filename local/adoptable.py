"""What the AWS provider reads of tables, secrets and keys that the program does not declare."""

from typing import Any

from local.aws import Aws
from local.errors import LocalError

ACTIVE = {"ENABLED", "ENABLING"}


def describe_table(aws: Aws, name: str) -> dict[str, Any]:
    """Return a table with its key, its expiry, its recovery and its protection. Raise LocalError if there is none."""
    client = aws.client("dynamodb")
    try:
        table = client.describe_table(TableName=name)["Table"]
    except client.exceptions.ResourceNotFoundException as error:
        raise LocalError(f"there is no table {name}") from error
    keys = {key["KeyType"]: key["AttributeName"] for key in table["KeySchema"]}
    expiry = client.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
    backups = client.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]
    encryption = table.get("SSEDescription", {})
    recovery = backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"]
    return {
        "id": name,
        "name": name,
        "arn": table["TableArn"],
        "hashKey": keys["HASH"],
        "rangeKey": keys.get("RANGE", ""),
        "attributes": [
            {"name": attribute["AttributeName"], "type": attribute["AttributeType"]}
            for attribute in table["AttributeDefinitions"]
        ],
        "ttl": {
            "enabled": expiry["TimeToLiveStatus"] in ACTIVE,
            "attributeName": expiry.get("AttributeName", ""),
        },
        "pointInTimeRecovery": {"enabled": recovery in ACTIVE},
        "deletionProtectionEnabled": table.get("DeletionProtectionEnabled", False),
        "serverSideEncryption": {
            "enabled": encryption.get("Status") in ACTIVE,
            "kmsKeyArn": encryption.get("KMSMasterKeyArn", ""),
        },
    }


def describe_secret(aws: Aws, arn: str) -> dict[str, Any]:
    """Return a secret with its key. Raise LocalError if there is none, or if it is being deleted."""
    secret = _find_secret(aws, arn)
    arn = secret["ARN"]
    return {"id": arn, "arn": arn, "name": secret["Name"], "kmsKeyId": secret.get("KmsKeyId", "")}


def describe_key(aws: Aws, identifier: str) -> dict[str, Any]:
    """Return the ARN of a KMS key, and whether AWS manages it. Raise LocalError if there is none."""
    client = aws.client("kms")
    try:
        key = client.describe_key(KeyId=identifier)["KeyMetadata"]
    except client.exceptions.NotFoundException as error:
        raise LocalError(f"there is no key {identifier}") from error
    return {"id": key["KeyId"], "arn": key["Arn"], "keyManager": key["KeyManager"]}


def describe_rotation(aws: Aws, arn: str) -> dict[str, Any]:
    """Return what rotates a secret. Raise LocalError if there is none, or if it is being deleted."""
    secret = _find_secret(aws, arn)
    return {
        "id": secret["ARN"],
        "secretId": arn,
        "rotationEnabled": secret.get("RotationEnabled", False),
        "rotationLambdaArn": secret.get("RotationLambdaARN", ""),
    }


def _find_secret(aws: Aws, arn: str) -> dict[str, Any]:
    client = aws.client("secretsmanager")
    try:
        secret: dict[str, Any] = client.describe_secret(SecretId=arn)
    except client.exceptions.ResourceNotFoundException as error:
        raise LocalError(f"there is no secret {arn}") from error
    if "DeletedDate" in secret:
        raise LocalError(f"the secret {arn} is scheduled for deletion")
    return secret
