"""The component as a package for programs in every language of Pulumi."""

import json
from collections.abc import Sequence
from typing import Any

import pulumi
from pulumi.provider import ConstructResult, main
from pulumi.provider.experimental.component import ComponentProvider
from pulumi.provider.server import ComponentInitError

from components.server.server import RemoteMcpServer
from runtime.version import VERSION

PACKAGE = "remote-mcp"
ABOUT = {
    "displayName": "Remote MCP server",
    "description": "A remote MCP server with its own OAuth 2.1 authorization server on AWS.",
    "license": "Apache-2.0",
    "keywords": ["category/cloud", "kind/component", "mcp", "oauth", "aws"],
}


class RemoteMcpProvider(ComponentProvider):
    """What ``pulumi.provider.experimental.component_provider_host`` hosts, with errors that name an argument.

    The host of the SDK takes an error of a component for a crash, and shows its stack trace.
    """

    def __init__(self) -> None:
        super().__init__([RemoteMcpServer], PACKAGE, version=VERSION)
        self.schema = json.dumps({**json.loads(self.schema or "{}"), **ABOUT})

    def construct(
        self,
        name: str,
        resource_type: str,
        inputs: Any,
        options: pulumi.ResourceOptions | None = None,
    ) -> ConstructResult:
        """Declare the component. Raise ``pulumi.InputPropertiesError`` for arguments that are not valid."""
        try:
            return super().construct(name, resource_type, inputs, options)
        except ComponentInitError as error:
            if isinstance(error.inner, pulumi.RunError):
                raise _explain(error.inner) from error
            raise


def package_schema() -> dict[str, Any]:
    """Return the schema from which Pulumi generates the package for each language."""
    return dict(json.loads(RemoteMcpProvider().schema or "{}"))


def schema_text() -> str:
    """Return the text of ``schemas/pulumi-package.json``, which `make docs` writes."""
    return json.dumps(package_schema(), indent=2, sort_keys=True) + "\n"


def serve(arguments: Sequence[str]) -> None:
    """Serve the package until the engine ends it. The first of ``arguments`` is the address of the engine."""
    main(RemoteMcpProvider(), list(arguments))


def _explain(error: pulumi.RunError) -> pulumi.InputPropertiesError:
    """Return what the engine shows: a title, and for each argument what is wrong with it."""
    title, *problems = str(error).split("\n  ")
    return pulumi.InputPropertiesError(
        title, [{"property_path": problem.split(" ", 1)[0], "reason": problem} for problem in problems]
    )
