"""The account page: which clients have access, and the buttons that take it back."""

import time
from collections.abc import Sequence

from runtime.http.event import Response
from runtime.login.pages.consent import NAMELESS
from runtime.login.pages.markup import Markup, fill, joined, plain
from runtime.login.pages.page import Pages, hidden
from runtime.login.users import Access
from runtime.records.login import Session

SIGNED_OUT = """<p>Sign in to see which applications can act for you, and to take that back.</p>
<form method="post" action="$action">
$fields
<div class="actions"><button class="main" type="submit" name="action" value="sign_in">Sign in</button></div>
</form>"""
SIGNED_IN = """<p>You are signed in as <strong><bdi>$who</bdi></strong>.</p>
<h2>Applications that can act for you</h2>
$accesses
<form method="post" action="$action">
$fields
<div class="actions">
$revoke_all<button type="submit" name="action" value="sign_out">Sign out</button>
</div>
</form>"""
REVOKE_ALL = """<button class="danger" type="submit" name="action" value="revoke_all">Take back all access</button>
"""
ACCESS = """<li>
<h3 class="name" id="client-$index"><bdi>$name</bdi></h3>
<dl>
<dt>May use</dt><dd>$scopes</dd>
<dt>Its codes go to</dt><dd>$destinations</dd>
<dt>First approved</dt><dd>$since</dd>
<dt>Last approved</dt><dd>$last</dd>
<dt>Id</dt><dd><code>$client_id</code></dd>
</dl>
<form method="post" action="$action">
$fields
<button class="danger" type="submit" name="action" value="revoke" aria-describedby="client-$index">Take back</button>
</form>
</li>"""
DESTINATION = "<div><code><bdi>$uri</bdi></code></div>"
NOBODY = "<p>No application can.</p>"


def signed_out_page(pages: Pages, proof: str) -> Response:
    """The page of somebody without a session."""
    content = fill(SIGNED_OUT, action=f"{pages.public_url}/account", fields=hidden("proof", proof))
    return pages.page("Your account", content)


def account_page(pages: Pages, session: Session, accesses: Sequence[Access], proof: str) -> Response:
    """The page of a user; ``proof`` shows with each form that it comes from here."""
    action = f"{pages.public_url}/account"
    listed = [_access(index, one, action, proof) for index, one in enumerate(accesses)]
    content = fill(
        SIGNED_IN,
        who=plain(session.email or session.name or session.subject),
        accesses=joined(Markup('<ul class="clients">'), *listed, Markup("</ul>")) if listed else Markup(NOBODY),
        action=action,
        fields=hidden("proof", proof),
        revoke_all=Markup(REVOKE_ALL) if listed else Markup(),
    )
    return pages.page("Your account", content)


def _access(index: int, access: Access, action: str, proof: str) -> Markup:
    return fill(
        ACCESS,
        index=str(index),
        name=access.client_name or NAMELESS,
        scopes=", ".join(access.scopes),
        destinations=joined(*(fill(DESTINATION, uri=uri) for uri in access.redirect_uris)),
        since=_day(access.since),
        last=_day(access.last),
        client_id=access.client_id,
        action=action,
        fields=joined(hidden("proof", proof), hidden("client_id", access.client_id)),
    )


def _day(seconds: int) -> str:
    """A day as every reader understands it: 5 March 2026, in UTC."""
    moment = time.gmtime(seconds)
    return f"{moment.tm_mday} {time.strftime('%B %Y', moment)}"
