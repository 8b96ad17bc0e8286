"""The DNS records of a domain name."""

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws


def declare_records(
    name: str,
    domain_name: str,
    hosted_zone_id: str,
    types: Sequence[str],
    alias: aws.route53.RecordAliasArgs,
    opts: pulumi.ResourceOptions,
) -> None:
    """Declare one alias record of each of ``types`` (``A`` for IPv4, ``AAAA`` for IPv6) in the hosted zone."""
    for kind in types:
        aws.route53.Record(
            f"{name}-{kind.lower()}", zone_id=hosted_zone_id, name=domain_name, type=kind, aliases=[alias], opts=opts
        )
