"""Browsers and sessions, identified by two cookies that scripts cannot read and no other host can set."""

import re
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import urlsplit

from runtime.http.event import Request
from runtime.login.errors import CrossSite, RepeatedCookie
from runtime.oauth.credentials import digest, new_credential
from runtime.records.login import Session, SessionStore

# RFC 6265bis 4.1.3.2: browsers store a cookie with this prefix only if it is Secure, host-only and has the path "/".
BROWSER, SESSION = "__Host-browser", "__Host-session"
CREDENTIAL = re.compile(r"[A-Za-z0-9_-]{43}")


class Browser(NamedTuple):
    """One browser, identified by the value of its cookie. ``is_new`` if that cookie is still to be set."""

    value: str
    is_new: bool

    @property
    def hash(self) -> str:
        """The hash of the cookie, which is all that is stored."""
        return digest(self.value)

    @property
    def cookies(self) -> tuple[str, ...]:
        """The ``Set-Cookie`` values for the response: one for a new browser, otherwise none."""
        return (cookie(BROWSER, self.value),) if self.is_new else ()


class OpenSession(NamedTuple):
    """A session, and the hash of its cookie."""

    hash: str
    session: Session


def get_or_create_browser(request: Request) -> Browser:
    """Return the browser that sent a request, or a new one if it sent no cookie that this server could have set.

    Raises ``RepeatedCookie``, as do ``find_browser`` and ``find_session``.
    """
    return find_browser(request) or Browser(new_credential(), is_new=True)


def find_browser(request: Request) -> Browser | None:
    """Return the browser that sent a request, ``None`` if it sent no cookie that this server could have set."""
    value = _cookie_value(request, BROWSER)
    return Browser(value, is_new=False) if value else None


def find_session(request: Request, sessions: SessionStore, clock: Callable[[], float]) -> OpenSession | None:
    """Return the session of a request, ``None`` if it has none."""
    value = _cookie_value(request, SESSION)
    if value is None:
        return None
    session = sessions.get(digest(value), int(clock()))
    return OpenSession(digest(value), session) if session else None


def check_cookies(request: Request) -> None:
    """Raise ``RepeatedCookie`` for a request that has one of this server's cookies twice."""
    for name in (BROWSER, SESSION):
        _cookie_value(request, name)


def _cookie_value(request: Request, name: str) -> str | None:
    """Return the value of a cookie, ``None`` if there is none that this server could have set."""
    values = request.cookies.get(name, ())
    if len(values) > 1:
        # RFC 6265 4.2.2: servers should not rely on the order of cookies with one name.
        raise RepeatedCookie(name)
    return values[0] if values and CREDENTIAL.fullmatch(values[0]) else None


def cookie(name: str, value: str, max_age: int | None = None) -> str:
    """Return a ``Set-Cookie`` value: for this host alone, over HTTPS, ``SameSite=Lax`` (RFC 6265bis 4.1.2).

    ``max_age`` is in seconds; without it the browser deletes the cookie when it closes.
    """
    lifetime = "" if max_age is None else f"; Max-Age={max_age}"
    return f"{name}={value}; Path=/; Secure; HttpOnly; SameSite=Lax{lifetime}"


def check_same_site(request: Request, public_url: str) -> None:
    """Raise ``CrossSite`` for a form that another site sent, as far as the browser says where it came from.

    An old browser sends neither header. Its form is still bound to its cookie by the signature.
    """
    own = urlsplit(public_url)
    origin, site = request.headers.get("origin"), request.headers.get("sec-fetch-site")
    if origin not in {None, f"{own.scheme}://{own.netloc}"} or site not in {None, "same-origin"}:
        raise CrossSite("the form was sent by another site")
