"""What the tools need."""

import pulumi_aws as aws

from components.needs import Needs


def declare(needs: Needs) -> None:
    parameter = aws.ssm.Parameter("parameter", name="/team/parameter", type="SecureString", value="12345")
    needs.environment("TICKETS_URL", "https://tickets.example.com")
    needs.secret("TICKETS_TOKEN")
    needs.secret("PARAMETER", parameter.arn)
