"""The bucket of the trail, which stays when the stack is destroyed."""

import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.iam import Condition, Statement, policy

CLOUDTRAIL = "cloudtrail.amazonaws.com"
# CloudTrail puts all files below it.
FOLDER = "AWSLogs/"
UNFINISHED_DAYS = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailBucketArgs:
    """The arguments of ``TrailBucket``: how long it keeps a file, and the ARN of the trail that may write to it."""

    account_id: pulumi.Input[str]
    trail_arn: pulumi.Input[str]
    retention_days: int
    deletion_protection: bool
    tags: Mapping[str, str]


class TrailBucket(pulumi.ComponentResource):
    """A bucket whose files nobody changes, and that nobody reads over an open connection or from the public.

    A file is locked for ``retention_days`` and deleted afterwards. The lock is in governance mode: deleting a file
    earlier takes the permission ``s3:BypassGovernanceRetention``. In compliance mode nobody could, not even to correct
    a wrong number of days or to close the account. Everything here is retained, because a bucket that lost its
    settings would be open to what they prevent. S3 encrypts files that CloudTrail does not encrypt itself.
    """

    name: pulumi.Output[str]
    policy: pulumi.Resource

    def __init__(self, name: str, args: TrailBucketArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("remote-mcp:aws:TrailBucket", name, {}, opts)
        load_s3()
        bucket = aws.s3.Bucket(
            name,
            # It turns versions on, too, and nobody can turn them off again.
            object_lock_enabled=True,
            tags=args.tags,
            opts=pulumi.ResourceOptions(parent=self, protect=args.deletion_protection, retain_on_delete=True),
        )
        part = pulumi.ResourceOptions(parent=self, retain_on_delete=True)
        private = aws.s3.BucketPublicAccessBlock(
            f"{name}-private",
            bucket=bucket.bucket,
            block_public_acls=True,
            block_public_policy=True,
            ignore_public_acls=True,
            restrict_public_buckets=True,
            opts=part,
        )
        aws.s3.BucketOwnershipControls(
            f"{name}-owner",
            bucket=bucket.bucket,
            rule=aws.s3.BucketOwnershipControlsRuleArgs(object_ownership="BucketOwnerEnforced"),
            opts=part,
        )
        self._keep_files(name, bucket.bucket, args.retention_days, part)
        self.policy = aws.s3.BucketPolicy(
            f"{name}-policy",
            bucket=bucket.bucket,
            policy=policy(*_bucket_policy(bucket.arn, args)),
            # S3 refuses two changes of what is public at the same time.
            opts=pulumi.ResourceOptions.merge(part, pulumi.ResourceOptions(depends_on=[private])),
        )
        self.name = bucket.bucket
        self.register_outputs({"name": self.name})

    def _keep_files(self, name: str, bucket: pulumi.Output[str], days: int, part: pulumi.ResourceOptions) -> None:
        """Lock each new file for ``days``, and delete it after that."""
        aws.s3.BucketObjectLockConfiguration(
            f"{name}-lock",
            bucket=bucket,
            rule=aws.s3.BucketObjectLockConfigurationRuleArgs(
                default_retention=aws.s3.BucketObjectLockConfigurationRuleDefaultRetentionArgs(
                    mode="GOVERNANCE", days=days
                )
            ),
            opts=part,
        )
        aws.s3.BucketLifecycleConfiguration(
            f"{name}-lifecycle",
            bucket=bucket,
            rules=[
                aws.s3.BucketLifecycleConfigurationRuleArgs(
                    id="expire",
                    status="Enabled",
                    filter=aws.s3.BucketLifecycleConfigurationRuleFilterArgs(prefix=FOLDER),
                    expiration=aws.s3.BucketLifecycleConfigurationRuleExpirationArgs(days=days),
                    # An expired file is a version that is no longer current.
                    noncurrent_version_expiration=aws.s3.BucketLifecycleConfigurationRuleNoncurrentVersionExpirationArgs(
                        noncurrent_days=1
                    ),
                    abort_incomplete_multipart_upload=aws.s3.BucketLifecycleConfigurationRuleAbortIncompleteMultipartUploadArgs(
                        days_after_initiation=UNFINISHED_DAYS
                    ),
                )
            ],
            opts=part,
        )


def load_s3() -> None:
    """Load the module for S3, which takes a second, so only a stack with a trail does."""
    with warnings.catch_warnings():
        # pulumi_aws 7.51.1 deprecates classes that its own s3 module loads, and that nothing here uses.
        warnings.filterwarnings("ignore", message=r"(aws\.)?s3[./]", category=DeprecationWarning)
        # The module is lazy: touching a member is what loads it.
        aws.s3.Bucket  # noqa: B018


def _bucket_policy(arn: pulumi.Output[str], args: TrailBucketArgs) -> Iterator[Statement]:
    """Return who may use the bucket. AWS CloudTrail User Guide, Amazon S3 bucket policy for CloudTrail."""
    yield Statement(
        effect="Deny",
        everybody=True,
        actions=["s3:*"],
        resources=[arn, pulumi.Output.concat(arn, "/*")],
        condition={"Bool": {"aws:SecureTransport": "false"}},
    )
    trail: Condition = {"StringEquals": {"aws:SourceArn": args.trail_arn}}
    yield Statement(service=CLOUDTRAIL, actions=["s3:GetBucketAcl"], resources=[arn], condition=trail)
    yield Statement(
        service=CLOUDTRAIL,
        actions=["s3:PutObject"],
        resources=[pulumi.Output.concat(arn, f"/{FOLDER}", args.account_id, "/*")],
        condition={"StringEquals": {**trail["StringEquals"], "s3:x-amz-acl": "bucket-owner-full-control"}},
    )
