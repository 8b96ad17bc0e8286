"""A CloudFront distribution in front of the stage."""

import pulumi
import pulumi_aws as aws

from components.config import StackConfig
from components.edge.behaviors import declare_cached_behaviors, default_behavior
from components.edge.edge import Edge, EdgeArgs, url_of
from components.edge.keys import EdgeKeys
from components.edge.origin import build_origin
from components.edge.records import declare_records

# CloudFront would keep these for 10 seconds, without regard to the query or the token.
ERRORS = (400, 403, 404, 405, 414, 500, 501, 502, 503, 504)


class Distribution(Edge):
    """A distribution with a domain name of its own, or with ``domainName``. Only it has a key of the API.

    It needs the id of the API and the name of the stage, but not the stage, so the functions can know its URL.
    """

    needs_key = True

    def __init__(self, name: str, args: EdgeArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("remote-mcp:aws:Distribution", name, {}, opts)
        config = args.config
        child = pulumi.ResourceOptions(parent=self)
        self._rest_api_id = args.rest_api.api.id
        self._keys = EdgeKeys(f"{name}-key", config.edge_key_generation, args.tags, child)
        self.key_hashes = self._keys.hashes
        distribution = self._declare_distribution(name, args, child)
        self.target = distribution.domain_name
        self.public_url = (
            pulumi.Output.from_input(config.public_url)
            if config.public_url
            else url_of(config.domain_name or distribution.domain_name)
        )
        if config.domain_name and config.hosted_zone_id:
            alias = aws.route53.RecordAliasArgs(
                name=distribution.domain_name, zone_id=distribution.hosted_zone_id, evaluate_target_health=False
            )
            types = ["A", "AAAA"]
            declare_records(f"{name}-record", config.domain_name, config.hosted_zone_id, types, alias, child)
        self.register_outputs({"public_url": self.public_url, "target": self.target})

    def open(self, stage_name: pulumi.Input[str]) -> None:
        """Let the distribution's key through to the stage."""
        self._keys.admit(self._rest_api_id, stage_name)

    def _declare_distribution(
        self, name: str, args: EdgeArgs, child: pulumi.ResourceOptions
    ) -> aws.cloudfront.Distribution:
        config = args.config
        return aws.cloudfront.Distribution(
            name,
            comment=f"Remote MCP server {pulumi.get_project()} {pulumi.get_stack()}",
            enabled=True,
            is_ipv6_enabled=True,
            http_version="http2and3",
            aliases=[config.domain_name] if config.domain_name else None,
            origins=[build_origin(args.rest_api.host, config.stage_name, self._keys.value)],
            default_cache_behavior=default_behavior(),
            ordered_cache_behaviors=declare_cached_behaviors(name, args.routes, child),
            custom_error_responses=[
                aws.cloudfront.DistributionCustomErrorResponseArgs(error_code=code, error_caching_min_ttl=0)
                for code in ERRORS
            ],
            viewer_certificate=_certificate(config),
            restrictions=aws.cloudfront.DistributionRestrictionsArgs(
                geo_restriction=aws.cloudfront.DistributionRestrictionsGeoRestrictionArgs(restriction_type="none")
            ),
            web_acl_id=args.web_acl_arn,
            wait_for_deployment=config.wait_for_distribution,
            tags=args.tags,
            opts=pulumi.ResourceOptions(
                parent=self,
                # The origin holds the key of the API.
                additional_secret_outputs=["origins"],
                # Its domain name is in the URL that clients know.
                protect=config.deletion_protection,
            ),
        )


def _certificate(config: StackConfig) -> aws.cloudfront.DistributionViewerCertificateArgs:
    """Return the certificate. With CloudFront's own, CloudFront decides the minimum TLS version."""
    if config.certificate_arn is None:
        return aws.cloudfront.DistributionViewerCertificateArgs(cloudfront_default_certificate=True)
    return aws.cloudfront.DistributionViewerCertificateArgs(
        acm_certificate_arn=config.certificate_arn,
        ssl_support_method="sni-only",
        minimum_protocol_version="TLSv1.2_2021",
    )
