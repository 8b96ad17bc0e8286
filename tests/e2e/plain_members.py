"""Tools that run in the function of the server."""

import os

import boto3
from botocore.exceptions import ClientError

from runtime.authoring import tool


@tool
def here() -> list[str]:
    """Say which function this is, and whether it knows the ledger."""
    return [os.environ["AWS_LAMBDA_FUNCTION_NAME"], os.environ.get("LEDGER", "no ledger")]


@tool
def list_from_here(bucket: str) -> str:
    """List a bucket that only another function may list."""
    try:
        boto3.client("s3").list_objects_v2(Bucket=bucket)
    except ClientError as error:
        return str(error)
    return "allowed"
