"""The REST API before any route exists, and its public URL."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.location import Location


@dataclass(frozen=True, slots=True, kw_only=True)
class RestApiArgs:
    """The arguments of ``RestApi``. ``public_url`` is the URL of the domain or CDN in front of the API, if any."""

    stage_name: str
    location: Location
    public_url: str | None
    deletion_protection: bool
    tags: Mapping[str, str]


class RestApi(pulumi.ComponentResource):
    """A regional REST API without routes, and the public URL from which all published URLs derive.

    The functions need the URL and the routes need the functions, so the API comes first and its routes last.
    """

    api: aws.apigateway.RestApi
    public_url: pulumi.Output[str]

    def __init__(self, name: str, args: RestApiArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("remote-mcp:aws:Endpoint", name, {}, opts)
        self.api = aws.apigateway.RestApi(
            name,
            description="Remote MCP server",
            endpoint_configuration=aws.apigateway.RestApiEndpointConfigurationArgs(types="REGIONAL"),
            tags=args.tags,
            # Its id is in the URL that clients know.
            opts=pulumi.ResourceOptions(parent=self, protect=args.deletion_protection),
        )
        self.public_url = (
            pulumi.Output.from_input(args.public_url)
            if args.public_url
            else pulumi.Output.format(
                "https://{0}.execute-api.{1}.{2}/{3}",
                self.api.id,
                args.location.region,
                args.location.dns_suffix,
                args.stage_name,
            )
        )
        self.register_outputs({"rest_api_id": self.api.id, "public_url": self.public_url})
