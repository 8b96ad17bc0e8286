"""The REST API before any route exists."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.api_part import ApiPart
from components.edge.tls import Tls
from components.location import Location


@dataclass(frozen=True, slots=True, kw_only=True)
class RestApiArgs:
    """The arguments of ``RestApi``. ``tls`` is what its own endpoint accepts, unless it is not ``reachable``."""

    location: Location
    tls: Tls
    reachable: bool
    deletion_protection: bool
    tags: Mapping[str, str]


class RestApi(pulumi.ComponentResource):
    """A regional REST API without routes, the host name of its own endpoint, and what of it a deployment puts in force.

    The edge needs the API, the functions need the URL of the edge, and the routes need the functions. So the API comes
    first and its routes last.
    """

    api: aws.apigateway.RestApi
    host: pulumi.Output[str]
    part: ApiPart

    def __init__(self, name: str, args: RestApiArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("remote-mcp:aws:Endpoint", name, {}, opts)
        self.api = aws.apigateway.RestApi(
            name,
            description="Remote MCP server",
            endpoint_configuration=aws.apigateway.RestApiEndpointConfigurationArgs(types="REGIONAL"),
            security_policy=args.tls.security_policy,
            endpoint_access_mode=args.tls.access_mode,
            disable_execute_api_endpoint=not args.reachable,
            tags=args.tags,
            # Its id is in the URL that clients know.
            opts=pulumi.ResourceOptions(parent=self, protect=args.deletion_protection),
        )
        # API Gateway, Disable the default endpoint: the change takes effect with the next deployment.
        in_force = aws.apigateway.RestApiArgs(disable_execute_api_endpoint=not args.reachable)
        self.part = ApiPart(self.api, in_force)
        self.host = pulumi.Output.format(
            "{0}.execute-api.{1}.{2}", self.api.id, args.location.region, args.location.dns_suffix
        )
        self.register_outputs({"rest_api_id": self.api.id, "host": self.host})
