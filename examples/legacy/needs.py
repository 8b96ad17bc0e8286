"""What these tools need: to call two functions. The functions are declared here only so that the example is complete.

Of a function that is there already, an ARN is enough: ``needs.invoke(ARN, environment="INVOICES_FUNCTION")``.
"""

import json
from pathlib import Path

import pulumi
import pulumi_aws as aws

from components.needs import Needs

CODE = Path(__file__).parent / "function"


def declare(needs: Needs) -> None:
    """Permit to call exactly one version of each function, and tell the tools which."""
    for name in ("invoices", "orders"):
        function = declare_legacy_function(needs, name)
        needs.invoke(function.qualified_arn, environment=f"{name.upper()}_FUNCTION")


def declare_legacy_function(needs: Needs, name: str) -> aws.lambda_.Function:
    """Declare what a company has."""
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    role = aws.iam.Role(
        f"{needs.prefix}-legacy-{name}",
        assume_role_policy=json.dumps({"Version": "2012-10-17", "Statement": [trust]}),
        tags=needs.tags,
    )
    return aws.lambda_.Function(
        f"{needs.prefix}-legacy-{name}",
        role=role.arn,
        runtime="python3.13",
        handler=f"legacy.{name}",
        code=pulumi.FileArchive(str(CODE)),
        publish=True,
        tags=needs.tags,
    )
