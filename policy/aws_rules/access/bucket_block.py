"""Buckets block public access."""

from collections.abc import Iterator, Sequence

from aws_rules.resource import Resource, of_kind, refers
from aws_rules.rule import Finding, Maker, Settings

BUCKET = "aws:s3/bucket:Bucket"
BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
SWITCHES = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")


@Maker(name="s3-public-access-blocked", kinds=[BUCKET, BLOCK], controls=("S3.8", "AwsSolutions-S2")).of_stack
def bucket_block(resources: Sequence[Resource], settings: Settings) -> Iterator[Finding]:
    """Every bucket has a public access block with all four switches on."""
    blocks = list(of_kind(resources, BLOCK))
    for bucket in of_kind(resources, BUCKET):
        if not any(refers(block, "bucket", bucket) for block in blocks):
            yield Finding(
                bucket,
                "bucket",
                "has no public access block in this stack",
                "declare a BucketPublicAccessBlock with all four switches on",
            )
    for block in blocks:
        for switch in SWITCHES:
            if block.is_off(switch):
                yield Finding(block, switch, "is not true", "set it to true")
