"""What a browser is known by: two cookies that no script reads and no other host can set."""

import re
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import urlsplit

from runtime.http.event import Request
from runtime.login.errors import CrossSite, RepeatedCookie
from runtime.oauth.credentials import digest, new_credential
from runtime.records.login import Session, SessionStore

# RFC 6265bis 4.1.3.2: with this prefix a cookie is host-only, Secure and of the whole host, or is not stored.
BROWSER, SESSION = "__Host-browser", "__Host-session"
CREDENTIAL = re.compile(r"[A-Za-z0-9_-]{43}")


class Browser(NamedTuple):
    """One browser, by the value of its cookie. ``is_new`` when it has not been given that yet."""

    value: str
    is_new: bool

    @property
    def hash(self) -> str:
        """What is kept of it."""
        return digest(self.value)

    @property
    def cookies(self) -> tuple[str, ...]:
        """The cookie to set, where one has to be."""
        return (cookie(BROWSER, self.value),) if self.is_new else ()


class OpenSession(NamedTuple):
    """A session, and the hash of the cookie that it is known by."""

    hash: str
    session: Session


def browser(request: Request) -> Browser:
    """The browser that a request comes from, a new one where it brings no cookie that this server could have set.

    Raises ``RepeatedCookie``, as do ``known_browser`` and ``open_session``.
    """
    known = known_browser(request)
    return known or Browser(new_credential(), is_new=True)


def known_browser(request: Request) -> Browser | None:
    """The browser that a request comes from, ``None`` where it brings no cookie."""
    value = _value(request, BROWSER)
    return Browser(value, is_new=False) if value else None


def open_session(request: Request, sessions: SessionStore, clock: Callable[[], float]) -> OpenSession | None:
    """The session of a request, ``None`` where there is none."""
    value = _value(request, SESSION)
    if value is None:
        return None
    found = sessions.get(digest(value), int(clock()))
    return OpenSession(digest(value), found) if found else None


def check_cookies(request: Request) -> None:
    """Raise ``RepeatedCookie`` for a request that has one of this server's cookies twice."""
    for name in (BROWSER, SESSION):
        _value(request, name)


def _value(request: Request, name: str) -> str | None:
    """The value of a cookie, ``None`` where there is none that this server could have set."""
    values = request.cookies.get(name, ())
    if len(values) > 1:
        # RFC 6265 4.2.2: nothing can be told from their order.
        raise RepeatedCookie(name)
    return values[0] if values and CREDENTIAL.fullmatch(values[0]) else None


def cookie(name: str, value: str, max_age: int | None = None) -> str:
    """A ``Set-Cookie`` value: it goes to this host alone, over a secure connection, and from other sites only along
    with a navigation (RFC 6265bis 4.1.2). ``max_age`` is in seconds; without it the browser forgets it when it closes.
    """
    lifetime = "" if max_age is None else f"; Max-Age={max_age}"
    return f"{name}={value}; Path=/; Secure; HttpOnly; SameSite=Lax{lifetime}"


def check_same_site(request: Request, public_url: str) -> None:
    """Raise ``CrossSite`` for a form that was not sent by a page of this server, as far as the browser says.

    A browser that says neither is an old one; what it sends is still bound to its cookie by the sign of the form.
    """
    own = urlsplit(public_url)
    origin, site = request.headers.get("origin"), request.headers.get("sec-fetch-site")
    if origin not in {None, f"{own.scheme}://{own.netloc}"} or site not in {None, "same-origin"}:
        raise CrossSite("the form was sent by another site")
