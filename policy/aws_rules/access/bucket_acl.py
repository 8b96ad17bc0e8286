"""No bucket is public by its access control list."""

from collections.abc import Iterator

from aws_rules.resource import Resource
from aws_rules.rule import Finding, Maker, Settings

PUBLIC = ("public-read", "public-read-write", "authenticated-read")
GROUPS = ("global/AllUsers", "global/AuthenticatedUsers")


@Maker(
    name="s3-acl-not-public",
    kinds=[
        "aws:s3/bucket:Bucket",
        "aws:s3/bucketAcl:BucketAcl",
        "aws:s3/bucketObject:BucketObject",
        "aws:s3/bucketObjectv2:BucketObjectv2",
    ],
    controls=("S3.2", "S3.3", "S3.12"),
)
def bucket_acl(bucket: Resource, settings: Settings) -> Iterator[Finding]:
    """No access control list opens a bucket or an object to everybody."""
    acl = bucket.value("acl")
    if acl in PUBLIC:
        yield Finding(bucket, "acl", f"is {acl}", "remove it, and name who may read in a bucket policy")
    for number, grant in enumerate(bucket.items("accessControlPolicy", "grants")):
        uri = Resource("", "", grant).value("grantee", "uri") if isinstance(grant, dict) else None
        if isinstance(uri, str) and uri.endswith(GROUPS):
            yield Finding(
                bucket,
                f"accessControlPolicy.grants[{number}].grantee.uri",
                f"is {uri.rpartition('/')[2]}",
                "remove the grant, and name who may read in a bucket policy",
            )
