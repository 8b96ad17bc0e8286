"""Buckets and their settings."""

from abc import abstractmethod
from typing import Any

from local.aws import Aws
from local.resources.kind import Applied, Kind, Properties, PutKind, capitalize_keys, json_text, rename_keys

_RULE = {
    "id": "ID",
    "status": "Status",
    "filter": "",
    "expiration": "",
    "noncurrentVersionExpiration": "",
    "abortIncompleteMultipartUpload": "",
}


class Bucket(Kind):
    label = "s3 bucket"
    fixed = ("bucket", "objectLockEnabled")

    def create(self, aws: Aws, name: str, inputs: Properties) -> Applied:
        bucket = inputs.get("bucket", name)
        aws.client("s3").create_bucket(
            Bucket=bucket,
            CreateBucketConfiguration={"LocationConstraint": aws.region},
            **rename_keys(
                inputs,
                {"bucket": "", "forceDestroy": "", "objectLockEnabled": "ObjectLockEnabledForBucket"},
            ),
        )
        return _describe(bucket)

    def update(self, aws: Aws, name: str, identifier: str, old: Properties, new: Properties) -> Applied | None:
        return _describe(identifier)

    def delete(self, aws: Aws, identifier: str, inputs: Properties) -> None:
        """Delete the bucket. AWS refuses it while there is anything in it, unless ``forceDestroy`` is set."""
        client = aws.client("s3")
        if inputs.get("forceDestroy"):
            for page in client.get_paginator("list_object_versions").paginate(Bucket=identifier):
                for each in page.get("Versions", []) + page.get("DeleteMarkers", []):
                    client.delete_object(Bucket=identifier, Key=each["Key"], VersionId=each["VersionId"])
        client.delete_bucket(Bucket=identifier)


class _Setting(PutKind):
    """A setting of a bucket, of which there is one."""

    fixed = ("bucket",)

    def put(self, aws: Aws, name: str, inputs: Properties) -> Applied:
        self.write(aws.client("s3"), inputs["bucket"], {key: value for key, value in inputs.items() if key != "bucket"})
        return Applied(inputs["bucket"], {})

    @abstractmethod
    def write(self, s3: Any, bucket: str, setting: Properties) -> None:
        """Write the setting."""


class BucketObjectLockConfiguration(_Setting):
    label = "s3 object lock"

    def write(self, s3: Any, bucket: str, setting: Properties) -> None:
        rename_keys(setting, {"rule": ""})
        retention = capitalize_keys(setting["rule"]["defaultRetention"])
        s3.put_object_lock_configuration(
            Bucket=bucket,
            ObjectLockConfiguration={"ObjectLockEnabled": "Enabled", "Rule": {"DefaultRetention": retention}},
        )

    def delete(self, aws: Aws, identifier: str, inputs: Properties) -> None:
        """Turn off the retention of new files. The lock itself cannot be turned off."""
        aws.client("s3").put_object_lock_configuration(
            Bucket=identifier, ObjectLockConfiguration={"ObjectLockEnabled": "Enabled"}
        )


class BucketPublicAccessBlock(_Setting):
    label = "s3 public access block"

    def write(self, s3: Any, bucket: str, setting: Properties) -> None:
        s3.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration=capitalize_keys(setting))

    def delete(self, aws: Aws, identifier: str, inputs: Properties) -> None:
        aws.client("s3").delete_public_access_block(Bucket=identifier)


class BucketOwnershipControls(_Setting):
    label = "s3 ownership controls"

    def write(self, s3: Any, bucket: str, setting: Properties) -> None:
        rename_keys(setting, {"rule": ""})
        s3.put_bucket_ownership_controls(Bucket=bucket, OwnershipControls={"Rules": [capitalize_keys(setting["rule"])]})

    def delete(self, aws: Aws, identifier: str, inputs: Properties) -> None:
        aws.client("s3").delete_bucket_ownership_controls(Bucket=identifier)


class BucketLifecycleConfiguration(_Setting):
    label = "s3 lifecycle"

    def write(self, s3: Any, bucket: str, setting: Properties) -> None:
        rename_keys(setting, {"rules": ""})
        rules = [rename_keys(rule, _RULE) | _blocks(rule) for rule in setting["rules"]]
        s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": rules})

    def delete(self, aws: Aws, identifier: str, inputs: Properties) -> None:
        aws.client("s3").delete_bucket_lifecycle(Bucket=identifier)


class BucketPolicy(_Setting):
    label = "s3 bucket policy"

    def write(self, s3: Any, bucket: str, setting: Properties) -> None:
        rename_keys(setting, {"policy": ""})
        s3.put_bucket_policy(Bucket=bucket, Policy=json_text(setting["policy"]))

    def delete(self, aws: Aws, identifier: str, inputs: Properties) -> None:
        aws.client("s3").delete_bucket_policy(Bucket=identifier)


def _blocks(rule: Properties) -> Properties:
    """Return the blocks of a lifecycle rule, whose names and members differ from those of Pulumi only in case."""
    return {key[0].upper() + key[1:]: capitalize_keys(value) for key, value in rule.items() if isinstance(value, dict)}


def _describe(bucket: str) -> Applied:
    return Applied(bucket, {"arn": f"arn:aws:s3:::{bucket}", "bucket": bucket})
