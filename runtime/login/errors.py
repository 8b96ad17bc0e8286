"""The errors of the authorization endpoint, and how the client learns of them."""

from typing import NamedTuple
from urllib.parse import urlencode

from runtime.http.errors import Problem
from runtime.oauth.errors import OAuthError


class ReturnAddress(NamedTuple):
    """Where the response to an authorization request goes: a verified redirect URI, and the request's state."""

    redirect_uri: str
    state: str | None
    issuer: str

    def url(self, **parameters: str) -> str:
        """Return the redirect URI with the parameters of a response, the state and the issuer (RFC 9207 2).

        RFC 6749 3.1.2: the redirect URI keeps its own query.
        """
        answer = parameters | ({"state": self.state} if self.state is not None else {}) | {"iss": self.issuer}
        joint = "&" if "?" in self.redirect_uri else "?"
        return f"{self.redirect_uri}{joint}{urlencode(answer)}"

    def error_url(self, error: Problem) -> str:
        """Return the redirect URI with an error response (RFC 6749 4.1.2.1)."""
        return self.url(error=error.code, error_description=error.error_description)


class ReturnedError(Problem):
    """RFC 6749 4.1.2.1: an error that redirects the browser to the client."""

    status = 302
    code = "returned"

    def __init__(self, address: ReturnAddress, error: Problem) -> None:
        super().__init__(error.reason, pointer=error.pointer, headers={"Location": address.error_url(error)})
        self.error = error

    @property
    def outcome(self) -> str:
        """The error code for the log."""
        return self.error.code


class LoginFailed(Problem):
    """A login that ends with an error page. The page links back to the client, if the client is known."""

    code = "login_failed"

    def __init__(self, error: Problem, address: ReturnAddress | None) -> None:
        super().__init__(error.reason, headers=error.headers)
        self.status = error.status
        self.error = error
        self.back = address.error_url(error) if address else None

    @property
    def outcome(self) -> str:
        """The error code for the log."""
        return self.error.code


class AccessDenied(OAuthError):
    """RFC 6749 4.1.2.1: the user denied the request."""

    code = "access_denied"


class LoginRequired(OAuthError):
    """OpenID Connect Core 1.0, 3.1.2.6: ``prompt=none``, but the user is not logged in."""

    code = "login_required"


class ConsentRequired(OAuthError):
    """OpenID Connect Core 1.0, 3.1.2.6: ``prompt=none``, but the user has to approve."""

    code = "consent_required"


class TooManyApplications(Problem):
    """The user has given access to the maximum number of clients, and none of these accesses has ended."""

    status = 403
    code = "access_denied"


class RequestNotSupported(OAuthError):
    """OpenID Connect Core 1.0, 3.1.2.6: request objects are not supported."""

    code = "request_not_supported"


class InvalidRequestUri(OAuthError):
    """RFC 9101 7: the request URI is unknown, expired, used, or belongs to another client."""

    code = "invalid_request_uri"


class Lapsed(Problem):
    """A form or login that has expired, was changed, or belongs to another browser. The user starts again."""

    status = 400
    code = "lapsed"


class CrossSite(Problem):
    """A form that another site sent (Fetch Metadata, ``Sec-Fetch-Site``; RFC 6454 7)."""

    status = 403
    code = "cross_site"


class RepeatedCookie(Problem):
    """A request with two cookies of one name, of which this server set at most one (RFC 6265bis 4.1.3.2)."""

    status = 400
    code = "repeated_cookie"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"your browser sent two cookies with the name {name}; "
            "delete the cookies of this website and of its parent domain, then try again"
        )
