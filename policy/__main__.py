"""Serve the rules to the Pulumi engine: `pulumi preview --policy-pack policy/`."""

from pack import serve

serve()
