"""The web ACL in front of the server."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.config import StackConfig
from components.edge.checks import CLOUDFRONT, CLOUDFRONT_REGION
from components.encryption import Encryption
from components.firewall.addresses import of_version
from components.firewall.answers import BLOCKED, OUTSIDE, TOO_MANY, body
from components.firewall.checks import CREATE, NONE
from components.firewall.logging import LogArgs, declare_log
from components.firewall.rules import Rule, admission, number_rules, protection
from components.location import Location
from runtime.routes import Route


@dataclass(frozen=True, slots=True, kw_only=True)
class FirewallArgs:
    """The arguments of ``Firewall``."""

    config: StackConfig
    location: Location
    encryption: Encryption
    routes: Sequence[Route]
    tags: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class WebAcl:
    """A web ACL, if there is one. ``log_group`` is the name of its log group, if that is in the region of the stack."""

    arn: pulumi.Output[str] | None
    log_group: pulumi.Output[str] | None = None


def declare_firewall(name: str, args: FirewallArgs, opts: pulumi.ResourceOptions | None = None) -> WebAcl:
    """Return the web ACL that the configuration asks for, and declare it if it is not somebody else's.

    With edge ``cloudfront``, the networks that may connect are one of its rules, so it exists for them alone, too. The
    other edges have them in the policy of the API.
    """
    config = args.config
    if config.firewall == CREATE or (config.edge == CLOUDFRONT and config.allowed_cidrs):
        firewall = Firewall(name, args, opts)
        return WebAcl(firewall.arn, firewall.log_group)
    return WebAcl(None if config.firewall == NONE else pulumi.Output.from_input(config.firewall))


class Firewall(pulumi.ComponentResource):
    """A web ACL, its IP sets and its log.

    It is where the addresses of clients are seen: behind a distribution, only the distribution sees them. AWS WAF keeps
    what belongs to CloudFront in one region.
    """

    arn: pulumi.Output[str]
    log_group: pulumi.Output[str] | None

    def __init__(self, name: str, args: FirewallArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("remote-mcp:aws:Firewall", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        at_edge = args.config.edge == CLOUDFRONT
        self._region = CLOUDFRONT_REGION if at_edge else None
        self._scope = "CLOUDFRONT" if at_edge else "REGIONAL"
        rules: list[Rule] = []
        if at_edge:
            rules += admission(self._declare_ip_sets(name, args, child))
        if args.config.firewall == CREATE:
            # A request to the endpoint of the API has the stage in its path. AWS does not document whether one to a
            # custom domain has, so both are the same path here. CloudFront adds the stage only behind the firewall.
            rules += protection(args.config, args.routes, None if at_edge else args.config.stage_name)
        acl = aws.wafv2.WebAcl(
            name,
            description="Remote MCP server",
            scope=self._scope,
            region=self._region,
            default_action=aws.wafv2.WebAclDefaultActionArgs(allow=aws.wafv2.WebAclDefaultActionAllowArgs()),
            custom_response_bodies=[body(answer) for answer in (BLOCKED, OUTSIDE, TOO_MANY)],
            rules=number_rules(name, rules),
            visibility_config=aws.wafv2.WebAclVisibilityConfigArgs(
                cloudwatch_metrics_enabled=True, metric_name=name, sampled_requests_enabled=False
            ),
            tags=args.tags,
            opts=child,
        )
        self.arn = acl.arn
        # What encrypts and exports the logs of the stack does so in its own region.
        near = not at_edge or args.location.place.region() == CLOUDFRONT_REGION
        log = LogArgs(
            web_acl_arn=acl.arn,
            region=self._region,
            location=args.location,
            retention_days=args.config.log_retention_days,
            kms_key_arn=args.encryption.key_arn if near else None,
            tags=args.tags,
        )
        log_group = declare_log(name, log, child)
        self.log_group = log_group if near else None
        self.register_outputs({"arn": self.arn})

    def _declare_ip_sets(self, name: str, args: FirewallArgs, opts: pulumi.ResourceOptions) -> list[pulumi.Output[str]]:
        """Declare a set for each version of IP in which networks may connect, and return the ARNs."""
        versions = {version: of_version(args.config.allowed_cidrs, version) for version in (4, 6)}
        return [
            aws.wafv2.IpSet(
                f"{name}-ipv{version}",
                description="Networks that may connect",
                scope=self._scope,
                region=self._region,
                ip_address_version=f"IPV{version}",
                addresses=networks,
                tags=args.tags,
                opts=opts,
            ).arn
            for version, networks in versions.items()
            if networks
        ]
