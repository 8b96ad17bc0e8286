"""The route table: which HTTP request goes to which function. The program and the runtime read it."""

from typing import NamedTuple


class Route(NamedTuple):
    """One method on one path.

    ``schema`` is the file under ``schemas/`` that the request must match (without ``.json``; a folder for ``/mcp``,
    where the JSON-RPC method selects the file), ``None`` if there is nothing to validate. ``protected`` routes need an
    access token. A ``page`` is for a user's browser: scripts of other sites may not call it, but may call the rest.
    The response of a ``cached`` route is the same for everybody, and says itself how long an edge may keep it. A
    ``free_text`` route takes URIs or text of a client's choice, which a firewall would mistake for an attack.
    """

    method: str
    path: str
    function: str
    schema: str | None
    protected: bool
    page: bool = False
    cached: bool = False
    free_text: bool = False


ROUTES: tuple[Route, ...] = (
    Route("POST", "/mcp", "mcp", "mcp", protected=True, free_text=True),
    Route("GET", "/mcp", "mcp", None, protected=True),
    Route("POST", "/dcr", "oauth", "oauth/registration", protected=False, free_text=True),
    Route("GET", "/clients/{clientId}", "oauth", None, protected=False),
    Route("PUT", "/clients/{clientId}", "oauth", "oauth/client-update", protected=False, free_text=True),
    Route("DELETE", "/clients/{clientId}", "oauth", None, protected=False),
    Route("GET", "/authorize", "login", "oauth/authorization", protected=False, page=True, free_text=True),
    Route("POST", "/par", "login", "oauth/pushed-authorization", protected=False, free_text=True),
    Route("POST", "/consent", "login", "oauth/consent", protected=False, page=True, free_text=True),
    Route("GET", "/callback", "login", "oauth/callback", protected=False, page=True, free_text=True),
    Route("GET", "/account", "login", None, protected=False, page=True),
    Route("POST", "/account", "login", "oauth/account", protected=False, page=True),
    Route("GET", "/style.css", "login", None, protected=False, page=True, cached=True),
    Route("POST", "/token", "oauth", "oauth/token", protected=False, free_text=True),
    Route("POST", "/revoke", "oauth", "oauth/revocation", protected=False),
    Route("POST", "/introspect", "oauth", "oauth/introspection", protected=False),
    Route("GET", "/.well-known/oauth-protected-resource", "oauth", None, protected=False, cached=True),
    Route("GET", "/.well-known/oauth-protected-resource/mcp", "oauth", None, protected=False, cached=True),
    Route("GET", "/.well-known/oauth-authorization-server", "oauth", None, protected=False, cached=True),
    Route("GET", "/.well-known/openid-configuration", "oauth", None, protected=False, cached=True),
    Route("GET", "/.well-known/jwks.json", "oauth", None, protected=False, cached=True),
)
