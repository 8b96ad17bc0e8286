"""Tools that read reports from an S3 bucket."""

from datetime import datetime
from typing import Annotated, Any

import boto3
from botocore.exceptions import ClientError
from msgspec import Meta, Struct

from runtime.authoring import Settings, ToolAnnotations, ToolError, tool

# What an answer of a tool may take, in bytes.
LARGEST = 100_000
READS = ToolAnnotations(read_only=True)
s3: Any = boto3.client("s3")


class Bucket(Settings):
    """Where the reports are: ``needs.py`` sets REPORTS_BUCKET."""

    reports_bucket: str


class Report(Struct):
    """A report: its name, when it was written, and its size in bytes."""

    name: str
    written: datetime
    size: int


class Reports(Struct):
    """The reports, and whether there are more."""

    reports: list[Report]
    more: bool


@tool(title="List reports", annotations=READS)
def list_reports(bucket: Bucket, limit: Annotated[int, Meta(ge=1, le=1000)] = 100) -> Reports:
    """List the reports that there are, by name."""
    found = _call("list_objects_v2", Bucket=bucket.reports_bucket, MaxKeys=limit)
    reports = [Report(each["Key"], each["LastModified"], each["Size"]) for each in found.get("Contents", [])]
    return Reports(reports, more=found["IsTruncated"])


@tool(title="Read a report", annotations=READS)
def read_report(bucket: Bucket, name: Annotated[str, Meta(min_length=1, max_length=1024)]) -> str:
    """Return the text of a report, as list_reports names it."""
    found = _call("get_object", Bucket=bucket.reports_bucket, Key=name)
    if found["ContentLength"] > LARGEST:
        raise ToolError(f"The report has {found['ContentLength']} bytes, and at most {LARGEST} can be read.")
    return str(found["Body"].read().decode())


def _call(action: str, **arguments: Any) -> Any:
    """Call S3. What it refuses becomes a message for the caller."""
    try:
        return getattr(s3, action)(**arguments)
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code == "NoSuchKey":
            raise ToolError("There is no such report.") from error
        raise ToolError(f"The reports cannot be read: {code}.") from error
