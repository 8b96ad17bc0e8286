"""Trails."""

from typing import Any

from local.aws import Aws
from local.resources.kind import Applied, Kind, Properties, capitalize_keys, rename_keys

_TRAIL = {
    "name": "Name",
    "s3BucketName": "S3BucketName",
    "kmsKeyId": "KmsKeyId",
    "isMultiRegionTrail": "IsMultiRegionTrail",
    "includeGlobalServiceEvents": "IncludeGlobalServiceEvents",
    "enableLogFileValidation": "EnableLogFileValidation",
    "advancedEventSelectors": "",
}


class Trail(Kind):
    """A trail. The emulator has it, but writes no files."""

    label = "cloudtrail trail"
    fixed = ("name",)

    def create(self, aws: Aws, name: str, inputs: Properties) -> Applied:
        client = aws.client("cloudtrail")
        arn = client.create_trail(**rename_keys(inputs, _TRAIL))["TrailARN"]
        client.start_logging(Name=arn)
        return self._select(client, arn, inputs)

    def update(self, aws: Aws, name: str, identifier: str, old: Properties, new: Properties) -> Applied | None:
        client = aws.client("cloudtrail")
        client.update_trail(**rename_keys({"kmsKeyId": "", **new}, _TRAIL))
        return self._select(client, identifier, new)

    def delete(self, aws: Aws, identifier: str, inputs: Properties) -> None:
        aws.client("cloudtrail").delete_trail(Name=identifier)

    @staticmethod
    def _select(client: Any, arn: str, inputs: Properties) -> Applied:
        selectors = [
            {"Name": each["name"], "FieldSelectors": [_field(field) for field in each["fieldSelectors"]]}
            for each in inputs["advancedEventSelectors"]
        ]
        client.put_event_selectors(TrailName=arn, AdvancedEventSelectors=selectors)
        return Applied(arn, {"arn": arn})


def _field(selector: Properties) -> Properties:
    """Return a selector by its boto3 names. Pulumi has the plural of ``startsWith``."""
    return {key.replace("sWiths", "sWith"): value for key, value in capitalize_keys(selector).items()}
