"""What the app of ``functions_app`` needs: a ledger and a bucket for the function with the tools of billing."""

import pulumi
import pulumi_aws as aws

from components.needs import Needs

# A tool of billing that sleeps is stopped.
SECONDS = 3


def declare(needs: Needs) -> None:
    """Declare the needs."""
    invoices = aws.s3.Bucket("invoices", tags=needs.tags)
    billing = needs.function("billing")
    billing.allow("s3:GetObject", pulumi.Output.concat(invoices.arn, "/*"))
    billing.allow("s3:ListBucket", invoices.arn)
    billing.environment("LEDGER", "books")
    billing.environment("INVOICES", invoices.bucket)
    billing.timeout(SECONDS)
