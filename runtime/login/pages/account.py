"""The account page: which clients have access, and the buttons to revoke it."""

import time
from collections.abc import Sequence

from runtime.http.event import Response
from runtime.login.pages.consent import NAMELESS
from runtime.login.pages.markup import Markup, fill, join, plain_text
from runtime.login.pages.page import Pages, hidden_field
from runtime.login.users import Access
from runtime.records.login import Session

SIGN_IN = """<p>Sign in to see which applications have access to your account, and to revoke it.</p>
<form method="post" action="$action">
$fields
<div class="actions"><button class="main" type="submit" name="action" value="sign_in">Sign in</button></div>
</form>"""
SIGNED_IN = """<p>You are signed in as <strong><bdi>$who</bdi></strong>.</p>
<h2>Applications with access</h2>
$accesses
<form method="post" action="$action">
$fields
<div class="actions">
$revoke_all<button type="submit" name="action" value="sign_out">Sign out</button>
</div>
</form>"""
REVOKE_ALL = """<button class="danger" type="submit" name="action" value="revoke_all">Revoke all access</button>
"""
ACCESS = """<li>
<h3 class="name" id="client-$index"><bdi>$name</bdi></h3>
<dl>
<dt>Permissions</dt><dd>$scopes</dd>
<dt>Redirects to</dt><dd>$destinations</dd>
<dt>First approved</dt><dd>$since</dd>
<dt>Last approved</dt><dd>$last</dd>
<dt>Client ID</dt><dd><code>$client_id</code></dd>
</dl>
<form method="post" action="$action">
$fields
<button class="danger" type="submit" name="action" value="revoke" aria-describedby="client-$index">Revoke</button>
</form>
</li>"""
DESTINATION = "<div><code><bdi>$uri</bdi></code></div>"
NO_ACCESS = "<p>No application has access to your account.</p>"


def sign_in_page(pages: Pages, proof: str) -> Response:
    """Return the page for a browser without a session. ``proof`` is the signed content of its form."""
    content = fill(SIGN_IN, action=f"{pages.public_url}/account", fields=hidden_field("proof", proof))
    return pages.page("Your account", content)


def account_page(pages: Pages, session: Session, accesses: Sequence[Access], proof: str) -> Response:
    """Return the page of a user. ``proof`` is the signed content that each of its forms sends."""
    action = f"{pages.public_url}/account"
    listed = [_access(index, one, action, proof) for index, one in enumerate(accesses)]
    content = fill(
        SIGNED_IN,
        who=plain_text(session.email or session.name or session.subject),
        accesses=join(Markup('<ul class="clients">'), *listed, Markup("</ul>")) if listed else Markup(NO_ACCESS),
        action=action,
        fields=hidden_field("proof", proof),
        revoke_all=Markup(REVOKE_ALL) if listed else Markup(),
    )
    return pages.page("Your account", content)


def _access(index: int, access: Access, action: str, proof: str) -> Markup:
    return fill(
        ACCESS,
        index=str(index),
        name=access.client_name or NAMELESS,
        scopes=", ".join(access.scopes),
        destinations=join(*(fill(DESTINATION, uri=uri) for uri in access.redirect_uris)),
        since=_day(access.since),
        last=_day(access.last),
        client_id=access.client_id,
        action=action,
        fields=join(hidden_field("proof", proof), hidden_field("client_id", access.client_id)),
    )


def _day(seconds: int) -> str:
    """Return a day as text, such as 5 March 2026, in UTC."""
    moment = time.gmtime(seconds)
    return f"{moment.tm_mday} {time.strftime('%B %Y', moment)}"
