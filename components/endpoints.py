"""Endpoints of a VPC: how functions in it reach AWS services without a way to the internet."""

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.iam import Statement, policy
from components.location import Location
from components.vpc import Vpc

# These two have an endpoint that is a route, and costs nothing. AWS bills every other by the hour.
GATEWAYS = frozenset({"dynamodb", "s3"})
HTTPS = 443


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointsArgs:
    """The AWS ``services`` to reach, by the last part of their names in PrivateLink, from the ``vpc`` of a function."""

    vpc: Vpc
    services: Sequence[str]
    location: Location
    tags: Mapping[str, str]


class Endpoints(pulumi.ComponentResource):
    """An endpoint for each service. ``resources`` are what must be there before a function can call one.

    The private DNS name of an interface endpoint holds in the whole VPC, so a VPC can have one endpoint for a service
    with it. Another one is refused by AWS: "there is already a conflicting DNS domain".
    """

    resources: Sequence[pulumi.Resource]

    def __init__(self, name: str, args: EndpointsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("remote-mcp:aws:Endpoints", name, {}, opts)
        _load_ec2()
        first = pulumi.Output.from_input(args.vpc.subnet_ids).apply(lambda subnets: subnets[0])
        subnet = aws.ec2.get_subnet_output(id=first, opts=pulumi.InvokeOutputOptions(parent=self))
        gateways = [service for service in args.services if service in GATEWAYS]
        interfaces = [service for service in args.services if service not in GATEWAYS]
        group = self._declare_group(name, args, subnet.vpc_id) if interfaces else None
        self.resources = [
            *(self._declare_gateway(name, service, args, subnet.vpc_id) for service in gateways),
            *(self._declare_interface(name, service, args, subnet.vpc_id, group) for service in interfaces),
        ]
        self.register_outputs({})

    def _declare_group(self, name: str, args: EndpointsArgs, vpc_id: pulumi.Output[str]) -> pulumi.CustomResource:
        """Let the functions in, and nothing out: an endpoint only answers."""
        from_functions = aws.ec2.SecurityGroupIngressArgs(
            description="HTTPS of the functions",
            protocol="tcp",
            from_port=HTTPS,
            to_port=HTTPS,
            security_groups=args.vpc.security_group_ids,
        )
        return aws.ec2.SecurityGroup(
            name,
            description="Endpoints of AWS services for the functions that run tools",
            vpc_id=vpc_id,
            ingress=[from_functions],
            tags=args.tags,
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _declare_gateway(
        self, name: str, service: str, args: EndpointsArgs, vpc_id: pulumi.Output[str]
    ) -> pulumi.CustomResource:
        return aws.ec2.VpcEndpoint(
            f"{name}-{service}",
            vpc_id=vpc_id,
            vpc_endpoint_type="Gateway",
            service_name=_service_name(service, args.location),
            route_table_ids=args.vpc.route_table_ids,
            # Others take the same route: what is kept in S3 for everybody, such as layers of images, stays in reach.
            policy=None if service == "s3" else _policy(args.location),
            tags=args.tags,
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _declare_interface(
        self,
        name: str,
        service: str,
        args: EndpointsArgs,
        vpc_id: pulumi.Output[str],
        group: pulumi.CustomResource | None,
    ) -> pulumi.CustomResource:
        return aws.ec2.VpcEndpoint(
            f"{name}-{service.replace('.', '-')}",
            vpc_id=vpc_id,
            vpc_endpoint_type="Interface",
            service_name=_service_name(service, args.location),
            subnet_ids=args.vpc.subnet_ids,
            security_group_ids=[group.id] if group else [],
            private_dns_enabled=True,
            ip_address_type="dualstack" if args.vpc.ipv6 else None,
            policy=_policy(args.location),
            tags=args.tags,
            opts=pulumi.ResourceOptions(parent=self),
        )


def _service_name(service: str, location: Location) -> pulumi.Output[str]:
    return pulumi.Output.format("com.amazonaws.{0}.{1}", location.region, service)


def _policy(location: Location) -> pulumi.Output[str]:
    """Let only principals of this account through, so that nobody else's credentials carry data out.

    What each of them may do is up to its own permissions.
    """
    own = {"StringEquals": {"aws:PrincipalAccount": location.account_id}}
    return policy(Statement(everybody=True, actions=["*"], resources=["*"], condition=own))


def _load_ec2() -> None:
    """Load the module for EC2, which takes a second, so only a stack with endpoints does."""
    with warnings.catch_warnings():
        # pulumi_aws 7.51.1 deprecates classes that its own ec2 module loads, and that nothing here uses.
        warnings.filterwarnings("ignore", message=r"(aws\.)?ec2[./]", category=DeprecationWarning)
        # The module is lazy: touching a member is what loads it.
        aws.ec2.VpcEndpoint  # noqa: B018
