"""Resources and resource templates: content that a client can read."""

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from runtime.authoring.content import Annotations, Icon, without_none
from runtime.authoring.context import Context
from runtime.authoring.definition import (
    DefinitionError,
    Function,
    Signature,
    call,
    check_members,
    find_description,
    signature_of,
)
from runtime.authoring.json_values import json_text
from runtime.authoring.options import read_options
from runtime.authoring.uri_template import UriTemplate

_KEYWORDS = ("name", "title", "description", "mime_type", "size", "annotations", "icons", "scopes", "meta")


class NoSuchResource(Exception):
    """Raise it in a resource if there is nothing at the URI. The client gets the error of its revision for that (MCP,
    Resources, Error Handling)."""


class Resource(msgspec.Struct, frozen=True, dict=True):
    """A function whose result clients can read at a URI, or at every URI of a template."""

    uri: str
    template: UriTemplate | None
    name: str
    title: str | None
    documentation: str
    mime_type: str
    size: int | None
    annotations: Annotations | None
    icons: Sequence[Icon]
    scopes: frozenset[str]
    function: Function
    signature: Signature
    meta: Mapping[str, Any] = {}

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the function itself, so that a resource is as easy to test as any function."""
        return self.function(*args, **kwargs)

    @functools.cached_property
    def listing(self) -> dict[str, Any]:
        """The resource as ``resources/list`` or ``resources/templates/list`` returns it."""
        return without_none(
            {
                "uriTemplate" if self.template else "uri": self.uri,
                "name": self.name,
                "title": self.title,
                # Variables have no descriptions of their own, so the docstring keeps its text about them.
                "description": self.documentation,
                "mimeType": self.mime_type,
                "size": self.size,
                "annotations": self.annotations.to_wire() if self.annotations else None,
                "icons": [icon.to_wire() for icon in self.icons] or None,
                "_meta": self.meta or None,
            }
        )

    def match(self, uri: str) -> Mapping[str, str] | None:
        """Return the variables of a URI of this resource, ``None`` for any other URI."""
        if self.template:
            return self.template.match(uri)
        return {} if uri == self.uri else None

    def read(self, variables: Mapping[str, str], context: Context) -> str | bytes:
        """Return the content: text or binary.

        Raise ``NoSuchResource``, also for a variable of the wrong type, or ``NotJson``.
        """
        try:
            typed = {
                name: msgspec.convert(value, type=self.signature.types[name], strict=False)
                for name, value in variables.items()
            }
        except msgspec.ValidationError as error:
            raise NoSuchResource from error
        content = call(self.function, self.signature, typed, context)
        return content if isinstance(content, str | bytes) else json_text(content)


def resource(
    uri: str,
    *,
    name: str | None = None,
    title: str | None = None,
    description: str | None = None,
    mime_type: str | None = None,
    size: int | None = None,
    annotations: Annotations | Mapping[str, Any] | None = None,
    icons: Sequence[Icon | Mapping[str, Any]] | None = (),
    scopes: Sequence[str] = (),
    meta: Mapping[str, Any] | None = None,
    **others: Any,
) -> Callable[[Function], Resource]:
    """Make a resource of a plain function that returns text, bytes, or a value that becomes JSON.

    A URI with expressions (RFC 6570: ``{var}``, ``{+var}``, ``{?a,b}``) is a template, whose variables are the
    function's parameters. Query variables need defaults. Raises ``DefinitionError``, at import time.
    """

    def define(target: Function) -> Resource:
        signature = signature_of(target)
        template = _template(target, uri, signature) if "{" in uri else None
        if template is None and signature.types:
            raise DefinitionError(target, "a resource without a template takes no parameters but the context")
        given = {"annotations": annotations, "icons": icons, "meta": meta, **others}
        shown = read_options(target, "resource", _KEYWORDS, given)
        resource = Resource(
            uri,
            template,
            name or target.__name__,
            title,
            find_description(target, description),
            mime_type or "text/plain",
            size,
            shown.get("annotations"),
            shown.get("icons", ()),
            frozenset(scopes),
            target,
            signature,
            shown.get("meta", {}),
        )
        check_members(target, resource=resource.listing, scopes=list(scopes))
        return resource

    return define


def _template(function: Function, uri: str, signature: Signature) -> UriTemplate:
    try:
        template = UriTemplate(uri)
    except ValueError as error:
        raise DefinitionError(function, str(error)) from error
    if set(template.variables) != set(signature.types):
        raise DefinitionError(function, f"its parameters must be the variables of {uri}")
    return template
