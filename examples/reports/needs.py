"""What these tools need: a bucket, and the permission to list and to read what is in it."""

import pulumi
import pulumi_aws as aws

from components.needs import Needs


def declare(needs: Needs) -> None:
    """Declare the bucket, and let the tools read from it."""
    bucket = aws.s3.Bucket(f"{needs.prefix}-reports", force_destroy=needs.config("forget"), tags=needs.tags)
    aws.s3.BucketPublicAccessBlock(
        f"{needs.prefix}-reports-private",
        bucket=bucket.id,
        block_public_acls=True,
        block_public_policy=True,
        ignore_public_acls=True,
        restrict_public_buckets=True,
    )
    aws.s3.BucketObject(
        f"{needs.prefix}-first-report",
        bucket=bucket.id,
        key="2026-11.md",
        content="# November\n\nRevenue: 12,000.\n",
        content_type="text/markdown",
    )
    needs.environment("REPORTS_BUCKET", bucket.bucket)
    needs.allow("s3:ListBucket", bucket.arn)
    needs.allow("s3:GetObject", pulumi.Output.concat(bucket.arn, "/*"))
