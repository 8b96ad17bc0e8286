"""What is encrypted with a key of one's own, where that is demanded."""

from collections.abc import Iterator, Mapping

from aws_rules.resource import Resource
from aws_rules.rule import Finding, Maker, Setting, Settings

PLACES: Mapping[str, tuple[str, ...]] = {
    "aws:cloudtrail/trail:Trail": ("kmsKeyId",),
    "aws:cloudwatch/logGroup:LogGroup": ("kmsKeyId",),
    "aws:dynamodb/table:Table": ("serverSideEncryption", "kmsKeyArn"),
    "aws:ecr/repository:Repository": ("encryptionConfigurations", "kmsKey"),
    "aws:kinesis/stream:Stream": ("kmsKeyId",),
    "aws:lambda/function:Function": ("kmsKeyArn",),
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": (
        "rules",
        "applyServerSideEncryptionByDefault",
        "kmsMasterKeyId",
    ),
    "aws:secretsmanager/secret:Secret": ("kmsKeyId",),
    "aws:sns/topic:Topic": ("kmsMasterKeyId",),
    "aws:sqs/queue:Queue": ("kmsMasterKeyId",),
}
TYPES = Setting(
    {"type": "array", "items": {"enum": sorted(PLACES)}}, [], "the types of resources that need a key of your own"
)


@Maker(
    name="own-kms-key",
    kinds=PLACES,
    controls=("CloudTrail.2", "S3.17", "SNS.1"),
    settings={"types": TYPES},
)
def own_key(resource: Resource, settings: Settings) -> Iterator[Finding]:
    """Resources of the types that the configuration lists are encrypted with a KMS key of your own."""
    path = PLACES[resource.kind]
    key = resource.value(*path)
    of_aws = isinstance(key, str) and "alias/aws/" in key
    if resource.kind in settings["types"] and (key is None or of_aws):
        yield Finding(
            resource,
            ".".join(path),
            f"is {key}, a key of AWS" if of_aws else "is not set",
            "set it to the ARN of a KMS key of your own",
        )
