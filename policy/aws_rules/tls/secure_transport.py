"""Buckets refuse requests over an open connection."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from aws_rules.iam.document import RESOURCE, denying
from aws_rules.resource import UNKNOWN, Resource, of_kind, refers
from aws_rules.rule import Finding, Maker, Settings

BUCKET = "aws:s3/bucket:Bucket"
POLICY = "aws:s3/bucketPolicy:BucketPolicy"


@Maker(name="s3-secure-transport", kinds=[BUCKET], controls=("S3.5", "AwsSolutions-S10")).of_stack
def secure_transport(resources: Sequence[Resource], settings: Settings) -> Iterator[Finding]:
    """Every bucket has a policy that denies requests without TLS."""
    policies = list(of_kind(resources, POLICY))
    for bucket in of_kind(resources, BUCKET):
        own = [policy for policy in policies if refers(policy, "bucket", bucket)]
        if not any(_refuses(policy) for policy in (bucket, *own)):
            yield Finding(
                bucket,
                "policy",
                "does not deny requests without TLS",
                'declare a BucketPolicy that denies s3:* to everybody if aws:SecureTransport is "false"',
            )


def _refuses(resource: Resource) -> bool:
    """Return whether a policy denies open connections, or may do so once it is known."""
    return resource.value("policy") is UNKNOWN or any(_is_of_tls(each) for each in denying(resource, RESOURCE))


def _is_of_tls(statement: Mapping[str, Any]) -> bool:
    value = Resource("", "", statement).value("Condition", "Bool", "aws:SecureTransport")
    return value is UNKNOWN or str(value).lower() in ("false", "['false']")
