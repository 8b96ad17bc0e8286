"""The paths and methods of the API and their integrations with functions."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.api_part import ApiPart
from components.function import Function
from components.preflight import declare_preflight
from runtime.routes import Route


@dataclass(frozen=True, slots=True)
class Path:
    """One path of the route table. ``protected`` paths need an access token; a ``page`` is for a user's browser."""

    path: str
    function: str
    protected: bool
    page: bool
    methods: tuple[str, ...]


def paths(routes: Sequence[Route]) -> list[Path]:
    """Return the distinct paths of ``routes``. Raise ``ValueError`` if its routes differ in more than the method."""
    grouped: dict[str, list[Route]] = {}
    for route in routes:
        grouped.setdefault(route.path, []).append(route)
    for path, members in grouped.items():
        if len({(route.function, route.protected, route.page) for route in members}) > 1:
            raise ValueError(f"the routes of {path} must have the same function, the same protection and the same kind")
    return [
        Path(path, members[0].function, members[0].protected, members[0].page, tuple(route.method for route in members))
        for path, members in grouped.items()
    ]


@dataclass(frozen=True, slots=True)
class Methods:
    """Declares the methods of paths on one REST API. With ``key_required``, each of them needs an API key."""

    name: str
    rest_api: aws.apigateway.RestApi
    authorizer_id: pulumi.Input[str]
    functions: Mapping[str, Function]
    key_required: bool
    opts: pulumi.ResourceOptions

    def declare(self, served: Sequence[Path]) -> Iterator[ApiPart]:
        """Declare every method of the paths in ``served``.

        Each path also gets ANY, so that the function answers an undeclared method (405). A path that is not a page gets
        OPTIONS for CORS preflights.
        """
        resource_ids = self._declare_resources(served)
        for path in served:
            for method in (*path.methods, "ANY"):
                yield from self._declare_proxy(path, method, resource_ids[path.path])
            if not path.page:
                yield from declare_preflight(
                    f"{self.name}{_slug(path.path)}-options",
                    self.rest_api.id,
                    resource_ids[path.path],
                    path.methods,
                    self.opts,
                    key_required=self.key_required,
                )

    def _declare_resources(self, served: Sequence[Path]) -> dict[str, pulumi.Output[str]]:
        """Declare one resource per path segment. Return the resource ids of all paths and of their prefixes."""
        ids = {"": self.rest_api.root_resource_id}
        for path in served:
            prefix = ""
            for segment in path.path.strip("/").split("/"):
                parent_id, prefix = ids[prefix], f"{prefix}/{segment}"
                if prefix not in ids:
                    resource = aws.apigateway.Resource(
                        f"{self.name}{_slug(prefix)}",
                        rest_api=self.rest_api.id,
                        parent_id=parent_id,
                        path_part=segment,
                        opts=self.opts,
                    )
                    ids[prefix] = resource.id
        return ids

    def _declare_proxy(self, path: Path, method: str, resource_id: pulumi.Output[str]) -> Iterator[ApiPart]:
        name = f"{self.name}{_slug(path.path)}-{method.lower()}"
        method_args = aws.apigateway.MethodArgs(
            rest_api=self.rest_api.id,
            resource_id=resource_id,
            http_method=method,
            authorization="CUSTOM" if path.protected else "NONE",
            authorizer_id=self.authorizer_id if path.protected else None,
            api_key_required=self.key_required,
        )
        declared = aws.apigateway.Method(name, method_args, self.opts)
        yield ApiPart(declared, method_args)
        integration_args = aws.apigateway.IntegrationArgs(
            rest_api=self.rest_api.id,
            resource_id=resource_id,
            http_method=declared.http_method,
            type="AWS_PROXY",
            integration_http_method="POST",
            uri=self.functions[path.function].invoke_arn,
        )
        yield ApiPart(aws.apigateway.Integration(f"{name}-integration", integration_args, self.opts), integration_args)


def _slug(path: str) -> str:
    """Return a path as part of a resource name: ``-clients-clientId`` for ``/clients/{clientId}``."""
    return path.replace("/", "-").replace("{", "").replace("}", "")
