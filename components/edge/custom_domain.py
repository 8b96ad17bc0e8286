"""A custom domain of API Gateway in the region of the stack."""

import pulumi
import pulumi_aws as aws

from components.edge.edge import Edge, EdgeArgs, url_of
from components.edge.records import declare_records
from components.edge.tls import endpoint_tls


class CustomDomain(Edge):
    """A regional custom domain whose root is the stage, with mutual TLS if there is a truststore."""

    def __init__(self, name: str, args: EdgeArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("remote-mcp:aws:CustomDomain", name, {}, opts)
        config = args.config
        host = config.domain_name or ""
        tls = endpoint_tls(config)
        child = pulumi.ResourceOptions(parent=self)
        self._name = name
        self._rest_api_id = args.rest_api.api.id
        self._domain = aws.apigateway.DomainName(
            name,
            domain_name=host,
            regional_certificate_arn=config.certificate_arn,
            endpoint_configuration=aws.apigateway.DomainNameEndpointConfigurationArgs(types="REGIONAL"),
            security_policy=tls.security_policy,
            endpoint_access_mode=tls.access_mode,
            mutual_tls_authentication=_mutual_tls(config.truststore_uri),
            tags=args.tags,
            opts=child,
        )
        self.public_url = pulumi.Output.from_input(config.public_url) if config.public_url else url_of(host)
        self.target = self._domain.regional_domain_name
        if config.hosted_zone_id:
            alias = aws.route53.RecordAliasArgs(
                name=self._domain.regional_domain_name,
                zone_id=self._domain.regional_zone_id,
                evaluate_target_health=False,
            )
            declare_records(f"{name}-record", host, config.hosted_zone_id, ["A"], alias, child)
        self.register_outputs({"public_url": self.public_url, "target": self.target})

    def open(self, stage_name: pulumi.Input[str]) -> None:
        """Map the root of the domain to the stage."""
        aws.apigateway.BasePathMapping(
            f"{self._name}-mapping",
            domain_name=self._domain.domain_name,
            rest_api=self._rest_api_id,
            stage_name=stage_name,
            opts=pulumi.ResourceOptions(parent=self),
        )


def _mutual_tls(truststore_uri: str | None) -> aws.apigateway.DomainNameMutualTlsAuthenticationArgs | None:
    if truststore_uri is None:
        return None
    return aws.apigateway.DomainNameMutualTlsAuthenticationArgs(truststore_uri=truststore_uri)
