"""The rows of KMS, whose keys have ids and no names."""

from collections.abc import Mapping

from docs.deployer.row import Row, need, row

KEY = "arn:aws:kms:*:*:key/*"
# Who gives a table, a secret or a log group a key uses it through the service.
_THROUGH = ["dynamodb.*.amazonaws.com*", "logs.*.amazonaws.com*", "secretsmanager.*.amazonaws.com*"]

KMS: Mapping[str, Row] = {
    "aws:kms/alias:Alias": row(
        "kms/alias.go",
        need("kms", "CreateAlias UpdateAlias DeleteAlias", KEY, "arn:aws:kms:*:*:alias/remote-mcp-*"),
        need("kms", "ListAliases", "*"),
    ),
    "aws:kms/key:Key": row(
        "kms/key.go",
        need("kms", "CreateKey", "*"),
        need(
            "kms",
            "DescribeKey GetKeyPolicy PutKeyPolicy GetKeyRotationStatus EnableKeyRotation DisableKeyRotation "
            "UpdateKeyDescription ScheduleKeyDeletion ListResourceTags TagResource UntagResource",
            KEY,
        ),
        need(
            "kms",
            "CreateGrant Decrypt Encrypt GenerateDataKey GenerateDataKeyWithoutPlaintext ReEncryptFrom ReEncryptTo",
            KEY,
            condition={"StringLike": {"kms:ViaService": _THROUGH}},
        ),
    ),
}
