"""The errors of the authorization endpoint, and how they travel back to the client."""

from typing import NamedTuple
from urllib.parse import urlencode

from runtime.http.errors import Problem
from runtime.oauth.errors import OAuthError


class ReturnAddress(NamedTuple):
    """Where the answer to an authorization request goes: a redirect URI that was checked, and the request's state."""

    redirect_uri: str
    state: str | None
    issuer: str

    def url(self, **parameters: str) -> str:
        """The redirect URI with the parameters of a response, the state and the issuer (RFC 9207 2) added.

        RFC 6749 3.1.2: a query that the redirect URI has already is kept.
        """
        answer = parameters | ({"state": self.state} if self.state is not None else {}) | {"iss": self.issuer}
        joint = "&" if "?" in self.redirect_uri else "?"
        return f"{self.redirect_uri}{joint}{urlencode(answer)}"

    def error_url(self, error: Problem) -> str:
        """The redirect URI with an error response (RFC 6749 4.1.2.1)."""
        return self.url(error=error.code, error_description=error.error_description)


class ReturnedError(Problem):
    """RFC 6749 4.1.2.1: the client is told of an error, by sending the browser back to it."""

    status = 302
    code = "returned"

    def __init__(self, address: ReturnAddress, error: Problem) -> None:
        super().__init__(error.reason, pointer=error.pointer, headers={"Location": address.error_url(error)})
        self.error = error

    @property
    def outcome(self) -> str:
        """What the log calls this refusal."""
        return self.error.code


class LoginFailed(Problem):
    """A login that ends with a page; the client can be told from there, by a link, where it is known."""

    code = "login_failed"

    def __init__(self, error: Problem, address: ReturnAddress | None) -> None:
        super().__init__(error.reason, headers=error.headers)
        self.status = error.status
        self.error = error
        self.back = address.error_url(error) if address else None

    @property
    def outcome(self) -> str:
        """What the log calls this refusal."""
        return self.error.code


class AccessDenied(OAuthError):
    """RFC 6749 4.1.2.1: the user said no."""

    code = "access_denied"


class LoginRequired(OAuthError):
    """OpenID Connect Core 1.0, 3.1.2.6: ``prompt=none``, and nobody is logged in."""

    code = "login_required"


class ConsentRequired(OAuthError):
    """OpenID Connect Core 1.0, 3.1.2.6: ``prompt=none``, and somebody has to approve."""

    code = "consent_required"


class TooManyApplications(Problem):
    """A user has given access to as many clients as are kept; none of them makes room for another."""

    status = 403
    code = "access_denied"


class RequestNotSupported(OAuthError):
    """OpenID Connect Core 1.0, 3.1.2.6: request objects are not read here."""

    code = "request_not_supported"


class InvalidRequestUri(OAuthError):
    """RFC 9101 7: the reference of a pushed request is unknown, has expired, was used, or is another client's."""

    code = "invalid_request_uri"


class Lapsed(Problem):
    """A form or a login that is not this browser's, not whole, or no longer good: it starts again at the client."""

    status = 400
    code = "lapsed"


class CrossSite(Problem):
    """A form that another site has sent (Fetch Metadata, ``Sec-Fetch-Site``; RFC 6454 7)."""

    status = 403
    code = "cross_site"


class RepeatedCookie(Problem):
    """A request with one of this server's cookies twice: at most one of them it has set (RFC 6265bis 4.1.3.2)."""

    status = 400
    code = "repeated_cookie"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"your browser sent two cookies with the name {name}, of which this server set at most one; "
            "delete the cookies of this website and of its parent domain"
        )
