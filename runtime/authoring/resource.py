"""Resources and resource templates: content that a client may read."""

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
    documented,
    signature_of,
)
from runtime.authoring.json_values import json_text
from runtime.authoring.uri_template import UriTemplate


class NoSuchResource(Exception):
    """Raised by a resource where there is nothing at the URI. The caller gets the error that its revision has for it
    (MCP, Resources, Error Handling)."""


class Resource(msgspec.Struct, frozen=True, dict=True):
    """A function whose result can be read at a URI, or at every URI of a template."""

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

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the function itself, so that a resource is as easy to test as any function."""
        return self.function(*args, **kwargs)

    @functools.cached_property
    def shown(self) -> dict[str, Any]:
        """The resource as ``resources/list`` or ``resources/templates/list`` shows it."""
        return without_none(
            {
                "uriTemplate" if self.template else "uri": self.uri,
                "name": self.name,
                "title": self.title,
                # Variables have no descriptions of their own, so what the docstring says of them stays.
                "description": self.documentation,
                "mimeType": self.mime_type,
                "size": self.size,
                "annotations": self.annotations.shown() if self.annotations else None,
                "icons": [icon.shown() for icon in self.icons] or None,
            }
        )

    def match(self, uri: str) -> Mapping[str, str] | None:
        """The variables of a URI that this resource answers; ``None`` for any other URI."""
        if self.template:
            return self.template.match(uri)
        return {} if uri == self.uri else None

    def read(self, variables: Mapping[str, str], context: Context) -> str | bytes:
        """The content: text or binary.

        Raises ``NoSuchResource``, also for a variable of the wrong type, or ``NotJson``.
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
    mime_type: str = "text/plain",
    size: int | None = None,
    annotations: Annotations | None = None,
    icons: Sequence[Icon] = (),
    scopes: Sequence[str] = (),
) -> Callable[[Function], Resource]:
    """Make a resource of a plain function that returns text, bytes, or what is to be shown as JSON.

    A URI with expressions (RFC 6570: ``{var}``, ``{+var}``, ``{?a,b}``) is a template, whose variables are the
    function's parameters; those of a query need defaults. Raises ``DefinitionError``, at import time.
    """

    def define(target: Function) -> Resource:
        signature = signature_of(target)
        template = _template(target, uri, signature) if "{" in uri else None
        if template is None and signature.types:
            raise DefinitionError(target, "a resource without a template takes no parameters but the context")
        made = Resource(
            uri,
            template,
            name or target.__name__,
            title,
            documented(target, description),
            mime_type,
            size,
            annotations,
            icons,
            frozenset(scopes),
            target,
            signature,
        )
        check_members(target, resource=made.shown, scopes=list(scopes))
        return made

    return define


def _template(function: Function, uri: str, signature: Signature) -> UriTemplate:
    try:
        template = UriTemplate(uri)
    except ValueError as error:
        raise DefinitionError(function, str(error)) from error
    if set(template.variables) != set(signature.types):
        raise DefinitionError(function, f"its parameters must be the variables of {uri}")
    return template
