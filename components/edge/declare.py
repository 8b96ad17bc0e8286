"""The edge that the configuration asks for."""

from collections.abc import Mapping

import pulumi

from components.edge.checks import CLOUDFRONT, DOMAIN, EXTERNAL, NONE
from components.edge.custom_domain import CustomDomain
from components.edge.distribution import Distribution
from components.edge.edge import Edge, EdgeArgs
from components.edge.stage import BareStage, ExternalEdge

KINDS: Mapping[str, type[Distribution | CustomDomain | ExternalEdge | BareStage]] = {
    CLOUDFRONT: Distribution,
    DOMAIN: CustomDomain,
    EXTERNAL: ExternalEdge,
    NONE: BareStage,
}


def declare_edge(name: str, args: EdgeArgs, opts: pulumi.ResourceOptions | None = None) -> Edge:
    """Declare the configured edge."""
    return KINDS[args.config.edge](name, args, opts)
