"""The origin of a distribution: the stage of API Gateway."""

import pulumi
import pulumi_aws as aws

ORIGIN_ID = "stage"
# The header in which API Gateway looks for the key.
KEY_HEADER = "x-api-key"
# The longest that every account may set without asking for more.
READ_TIMEOUT_SECONDS = 60


def build_origin(
    host: pulumi.Input[str], stage_name: str, key: pulumi.Input[str]
) -> aws.cloudfront.DistributionOriginArgs:
    """Return the stage as an origin, reached by https alone. CloudFront adds the ``key`` to every request."""
    return aws.cloudfront.DistributionOriginArgs(
        origin_id=ORIGIN_ID,
        domain_name=host,
        origin_path=f"/{stage_name}",
        custom_origin_config=aws.cloudfront.DistributionOriginCustomOriginConfigArgs(
            http_port=80,
            https_port=443,
            origin_protocol_policy="https-only",
            origin_ssl_protocols=["TLSv1.2"],
            origin_read_timeout=READ_TIMEOUT_SECONDS,
        ),
        # CloudFront overwrites a header of this name that a client sent.
        custom_headers=[aws.cloudfront.DistributionOriginCustomHeaderArgs(name=KEY_HEADER, value=key)],
    )
