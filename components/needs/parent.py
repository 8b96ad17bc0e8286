"""The parent of what a needs file declares."""

from collections.abc import Iterator
from contextlib import contextmanager

import pulumi
from pulumi.runtime.settings import get_root_resource, set_root_resource


class App(pulumi.ComponentResource):
    """What the owner of an app declares for it."""

    def __init__(self, name: str, opts: pulumi.ResourceOptions | None = None) -> None:
        given = pulumi.ResourceOptions(transformations=[self._give_providers])
        super().__init__("remote-mcp:aws:App", name, {}, pulumi.ResourceOptions.merge(opts, given))
        self.register_outputs({})

    @contextmanager
    def as_default_parent(self) -> Iterator[None]:
        """Make this component the parent of each resource that is declared without one, and its providers theirs.

        In a plugin such a resource would have no parent at all, because a plugin does not know the stack.
        """
        root = get_root_resource()
        set_root_resource(self)
        try:
            yield
        finally:
            set_root_resource(root)  # type: ignore[arg-type]  # None is what it starts with

    def _give_providers(self, args: pulumi.ResourceTransformationArgs) -> pulumi.ResourceTransformationResult | None:
        """Give a resource without a parent the providers that it would inherit from this one."""
        if args.resource is self or args.opts.parent is not None or args.opts.provider is not None:
            return None
        found = (self.get_provider(args.type_), self.get_provider("aws:index:Provider"))
        providers = {provider.package: provider for provider in found if provider is not None}
        opts = pulumi.ResourceOptions.merge(pulumi.ResourceOptions(providers=providers), args.opts)
        return pulumi.ResourceTransformationResult(args.props, opts)
