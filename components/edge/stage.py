"""The edges without resources of their own: the stage itself, and a CDN or proxy of somebody else."""

import pulumi

from components.edge.edge import Edge, EdgeArgs, url_of

WARNING = (
    "edge is none: clients that look for metadata at the root of the host cannot connect to the URL of a stage,"
    " claude.ai, Claude Code and old versions of mcp-remote among them. Set edge to cloudfront or domain."
)


class BareStage(Edge):
    """The stage of API Gateway, whose name is the first path segment of every URL."""

    def __init__(self, name: str, args: EdgeArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("remote-mcp:aws:BareStage", name, {}, opts)
        pulumi.log.warn(WARNING)
        root = args.config.public_url or url_of(args.rest_api.host)
        self.public_url = pulumi.Output.concat(root, "/", args.config.stage_name)
        self.register_outputs({"public_url": self.public_url})

    def open(self, stage_name: pulumi.Input[str]) -> None:
        """Declare nothing: the stage is open."""


class ExternalEdge(Edge):
    """A CDN or proxy that this program does not declare, and whose URL is configured."""

    def __init__(self, name: str, args: EdgeArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("remote-mcp:aws:ExternalEdge", name, {}, opts)
        self.public_url = pulumi.Output.from_input(args.config.public_url or "")
        self.register_outputs({"public_url": self.public_url})

    def open(self, stage_name: pulumi.Input[str]) -> None:
        """Declare nothing: what leads to the stage is configured elsewhere."""
