"""The rows of CloudTrail and of the bucket for its files."""

from collections.abc import Mapping

from docs.deployer.row import Row, need, optional

_TRAIL = "arn:aws:cloudtrail:*:*:trail/remote-mcp-*"
_BUCKET = "arn:aws:s3:::remote-mcp-*"
# With ``kmsKey``, CloudTrail asks for its caller whether the key exists.
_DESCRIBE_KEY = need("kms", "DescribeKey", "arn:aws:kms:*:*:key/*")

TRAIL: Mapping[str, Row] = {
    "aws:cloudtrail/trail:Trail": optional(
        "cloudtrail/trail.go",
        need(
            "cloudtrail",
            "CreateTrail GetTrail GetTrailStatus UpdateTrail DeleteTrail StartLogging StopLogging GetEventSelectors "
            "PutEventSelectors ListTags AddTags RemoveTags",
            _TRAIL,
        ),
        need("cloudtrail", "DescribeTrails", "*"),
        _DESCRIBE_KEY,
    ),
    # The provider reads every setting of a bucket, those included that the program does not set.
    "aws:s3/bucket:Bucket": optional(
        "s3/bucket.go",
        need(
            "s3",
            "CreateBucket ListBucket DeleteBucket GetBucketLocation GetBucketTagging PutBucketTagging GetBucketAcl "
            "GetBucketCORS GetBucketWebsite GetBucketVersioning PutBucketVersioning GetBucketLogging "
            "GetBucketRequestPayment GetAccelerateConfiguration GetReplicationConfiguration "
            "GetEncryptionConfiguration ListTagsForResource TagResource UntagResource",
            _BUCKET,
        ),
    ),
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": optional(
        "s3/bucket_lifecycle_configuration.go",
        need("s3", "GetLifecycleConfiguration PutLifecycleConfiguration", _BUCKET),
    ),
    "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration": optional(
        "s3/bucket_object_lock_configuration.go",
        need("s3", "GetBucketObjectLockConfiguration PutBucketObjectLockConfiguration", _BUCKET),
    ),
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": optional(
        "s3/bucket_ownership_controls.go",
        need("s3", "GetBucketOwnershipControls PutBucketOwnershipControls", _BUCKET),
    ),
    "aws:s3/bucketPolicy:BucketPolicy": optional(
        "s3/bucket_policy.go", need("s3", "GetBucketPolicy PutBucketPolicy DeleteBucketPolicy", _BUCKET)
    ),
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": optional(
        "s3/bucket_public_access_block.go",
        need("s3", "GetBucketPublicAccessBlock PutBucketPublicAccessBlock", _BUCKET),
    ),
}
