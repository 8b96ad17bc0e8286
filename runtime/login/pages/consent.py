"""What a user is shown before a client gets anything: who asks, where the answer goes, and what for."""

import re
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlsplit

from runtime.http.event import Response
from runtime.http.loopback import is_loopback
from runtime.login.pages.markup import Markup, fill, joined, plain
from runtime.login.pages.page import NOTHING, Pages, hidden, items
from runtime.login.request import AuthorizationRequest
from runtime.oauth.clients.redirect_uri import scheme_and_authority
from runtime.oauth.remote.url import RemoteUrl
from runtime.oauth.scope import OFFLINE_ACCESS
from runtime.records.login import Session

PORT = re.compile(r":[0-9]*$")
NAMELESS = "An application without a name"
CONTENT = """<p>It wants to act for you at <strong>$server</strong>.</p>
$website<section aria-labelledby="where">
<h2 id="where">Where you are sent afterwards</h2>
$destination
</section>
<section aria-labelledby="what">
<h2 id="what">What it would be able to do</h2>
$scopes
</section>
<section aria-labelledby="who">
<h2 id="who">Your account</h2>
<p>$account</p>
</section>
<form method="post" action="$action">
$fields
<div class="actions">
<button type="submit" name="decision" value="deny">Deny</button>
<span class="later"><button class="main" type="submit" name="decision" value="approve">Approve</button></span>
</div>
</form>
<p class="quiet">The name above is what the application calls itself; nobody has checked it. Approve only what you
have just started yourself. You can take back what you approve on <a href="$account_url">your account page</a>.</p>"""
WEBSITE = """<p>It is published at <span class="host"><bdi>$host</bdi></span></p>
"""
HOST = '<p>The website <span class="host"><bdi>$host</bdi></span></p>'
APPLICATION = '<p>An application on this device that answers to <span class="host"><bdi>$prefix</bdi></span></p>'
DEVICE = '<p>This device <span class="host"><bdi>$host</bdi></span></p>'
WARNING = """<p class="warning" role="note"><strong>Be careful.</strong> This leads to a program on your own device, and
any program there could claim to be this application. Continue only if you have just started it yourself.</p>"""
SCOPE = "$description <code>$scope</code>"


class Wording(NamedTuple):
    """What the page says that the request does not: the server's name, its scopes, and the provider's issuer."""

    server_name: str
    scopes: Mapping[str, str]
    provider: str


def consent_page(
    pages: Pages, request: AuthorizationRequest, signed: str, wording: Wording, session: Session | None
) -> Response:
    """The page that asks for approval; ``signed`` is the request in the form that comes back."""
    name = plain(request.client_name) or NAMELESS
    content = fill(
        CONTENT,
        server=wording.server_name,
        website=_website(request.client_id),
        destination=_destination(request.redirect_uri),
        scopes=_scopes(request, wording.scopes),
        account=_account(wording.provider, session),
        action=f"{pages.public_url}/consent",
        fields=hidden("request", signed),
        account_url=f"{pages.public_url}/account",
    )
    heading = fill('<span class="name"><bdi>$name</bdi></span> asks for access', name=name)
    return pages.page(heading, content, title=f"{name} asks for access")


def _website(client_id: str) -> Markup:
    """Where a client whose id is a URL is published: that much is certain about it."""
    url = RemoteUrl.parse(client_id)
    return fill(WEBSITE, host=url.authority) if url else NOTHING


def _destination(redirect_uri: str) -> Markup:
    """MCP 2026-07-28, Localhost Redirect URI Risks: the host is displayed, and loopback is warned of."""
    scheme, authority = scheme_and_authority(redirect_uri)
    if scheme not in {"http", "https"}:
        prefix = f"{scheme}:" if authority is None else f"{scheme}://{authority}"
        return joined(fill(APPLICATION, prefix=prefix), Markup(WARNING))
    if is_loopback(PORT.sub("", authority or "")):
        return joined(fill(DEVICE, host=authority or ""), Markup(WARNING))
    return fill(HOST, host=authority or "")


def _scopes(request: AuthorizationRequest, descriptions: Mapping[str, str]) -> Markup:
    known = {**descriptions, OFFLINE_ACCESS: "Keep this access while you are away"}
    return items(*(fill(SCOPE, description=known.get(scope, scope), scope=scope) for scope in request.shown))


def _account(provider: str, session: Session | None) -> Markup:
    host = urlsplit(provider).netloc
    if session is None:
        return fill("You will be asked to sign in at <strong>$host</strong>.", host=host)
    who = plain(session.email or session.name or session.subject)
    return fill("You are signed in as <strong><bdi>$who</bdi></strong>, by $host.", who=who, host=host)
