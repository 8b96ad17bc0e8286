"""The consent page: which client asks for access, to what, and where it redirects."""

import re
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlsplit

from runtime.http.event import Response
from runtime.http.loopback import is_loopback
from runtime.login.pages.markup import Markup, fill, join, plain_text
from runtime.login.pages.page import NOTHING, Pages, hidden_field, unordered_list
from runtime.login.request import AuthorizationRequest
from runtime.oauth.clients.redirect_uri import scheme_and_authority
from runtime.oauth.remote.url import RemoteUrl
from runtime.oauth.scope import OFFLINE_ACCESS
from runtime.records.login import Session

PORT = re.compile(r":[0-9]*$")
NAMELESS = "An application without a name"
HEADING = '<span class="name"><bdi>$name</bdi></span> wants to access $server on your behalf'
CONTENT = """$website<section aria-labelledby="where">
<h2 id="where">Where you will be redirected</h2>
$destination
</section>
<section aria-labelledby="what">
<h2 id="what">What it will be able to do</h2>
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
<p class="quiet">The application chose its own name, and this server has not verified it. Approve only a request that
you started yourself. You can revoke access at any time on <a href="$account_url">your account page</a>.</p>"""
WEBSITE = """<p>The application is published at <span class="host"><bdi>$host</bdi></span></p>
"""
HOST = '<p>The website <span class="host"><bdi>$host</bdi></span></p>'
APPLICATION = '<p>An application on this device that opens links to <span class="host"><bdi>$prefix</bdi></span></p>'
DEVICE = '<p>A program on this device <span class="host"><bdi>$host</bdi></span></p>'
WARNING = """<p class="warning" role="note"><strong>Be careful.</strong> Any program on your device can claim to be this
application. Continue only if you have just started it yourself.</p>"""
SCOPE = "$description <code>$scope</code>"


class Wording(NamedTuple):
    """What the page says about this server: its name, its scopes by description, and the issuer of the provider."""

    server_name: str
    scopes: Mapping[str, str]
    provider: str


def consent_page(
    pages: Pages, request: AuthorizationRequest, signed: str, wording: Wording, session: Session | None
) -> Response:
    """Return the consent page. ``signed`` is the signed request, which its form sends back."""
    name = plain_text(request.client_name) or NAMELESS
    content = fill(
        CONTENT,
        website=_website(request.client_id),
        destination=_destination(request.redirect_uri),
        scopes=_scopes(request, wording.scopes),
        account=_account(wording.provider, session),
        action=f"{pages.public_url}/consent",
        fields=hidden_field("request", signed),
        account_url=f"{pages.public_url}/account",
    )
    heading = fill(HEADING, name=name, server=wording.server_name)
    return pages.page(heading, content, title=f"{name} wants to access {wording.server_name}")


def _website(client_id: str) -> Markup:
    """Return the host of a client whose id is a URL: that much about the client is verified."""
    url = RemoteUrl.parse(client_id)
    return fill(WEBSITE, host=url.authority) if url else NOTHING


def _destination(redirect_uri: str) -> Markup:
    """MCP 2026-07-28, Localhost Redirect URI Risks: show the host, and warn of loopback."""
    scheme, authority = scheme_and_authority(redirect_uri)
    if scheme not in {"http", "https"}:
        prefix = f"{scheme}:" if authority is None else f"{scheme}://{authority}"
        return join(fill(APPLICATION, prefix=prefix), Markup(WARNING))
    if is_loopback(PORT.sub("", authority or "")):
        return join(fill(DEVICE, host=authority or ""), Markup(WARNING))
    return fill(HOST, host=authority or "")


def _scopes(request: AuthorizationRequest, descriptions: Mapping[str, str]) -> Markup:
    known = {**descriptions, OFFLINE_ACCESS: "Keep this access while you are away"}
    lines = (fill(SCOPE, description=known.get(scope, scope), scope=scope) for scope in request.scopes_to_approve)
    return unordered_list(*lines)


def _account(provider: str, session: Session | None) -> Markup:
    host = urlsplit(provider).netloc
    if session is None:
        return fill("You will be asked to sign in at <strong>$host</strong>.", host=host)
    who = plain_text(session.email or session.name or session.subject)
    return fill("You are signed in as <strong><bdi>$who</bdi></strong> by $host.", who=who, host=host)
