"""The error codes of the OAuth specifications."""

from runtime.http.errors import Problem
from runtime.validation.schemas import SchemaViolation

# When to retry a request that failed because another server did not respond.
UNREACHABLE_SECONDS = 30


class OAuthError(Problem):
    """An error response of RFC 6749 section 5.2."""

    status = 400

    @classmethod
    def from_violation(cls, violation: SchemaViolation) -> "OAuthError":
        """Return this error for a value that does not match its schema.

        RFC 6749 5.2: a description has no backslash. A pattern is not quoted then: without them it is another pattern.
        """
        reason = "has characters that it may not have" if "\\" in violation.reason else violation.reason
        return cls(reason, pointer=violation.pointer)


class InvalidRequest(OAuthError):
    """RFC 6749 5.2: a parameter is missing, unsupported or repeated, or the client authenticates in two ways."""

    code = "invalid_request"


class InvalidClient(OAuthError):
    """RFC 6749 5.2: client authentication failed."""

    status = 401
    code = "invalid_client"


class InvalidGrant(OAuthError):
    """RFC 6749 5.2: the code or token is invalid, expired or revoked, or was issued to another client."""

    code = "invalid_grant"


class UnauthorizedClient(OAuthError):
    """RFC 6749 5.2: the client is not authorized to use this grant type."""

    code = "unauthorized_client"


class UnsupportedGrantType(OAuthError):
    """RFC 6749 5.2: this server does not support the grant type."""

    code = "unsupported_grant_type"


class UnsupportedResponseType(OAuthError):
    """RFC 6749 4.1.2.1: this server does not support the response type."""

    code = "unsupported_response_type"


class InvalidScope(OAuthError):
    """RFC 6749 5.2: the scope exceeds what the client may have, or is malformed."""

    code = "invalid_scope"


class InvalidTarget(OAuthError):
    """RFC 8707 2: this server issues no tokens for the resource."""

    code = "invalid_target"


class InvalidRedirectUri(OAuthError):
    """RFC 7591 3.2.2: a redirect URI is invalid."""

    code = "invalid_redirect_uri"


class InvalidClientMetadata(OAuthError):
    """RFC 7591 3.2.2: a member of the client metadata is invalid."""

    code = "invalid_client_metadata"


class UninvitedMachine(InvalidClientMetadata):
    """A client wants to act on its own behalf, which needs an initial access token at registration."""


class InvalidSoftwareStatement(OAuthError):
    """RFC 7591 3.2.2: the software statement is invalid."""

    code = "invalid_software_statement"


class UnapprovedSoftwareStatement(OAuthError):
    """RFC 7591 3.2.2: no issuer that this server trusts has signed it."""

    code = "unapproved_software_statement"


class TooManyRequests(OAuthError):
    """RFC 6585 4, with the seconds after which to retry."""

    status = 429
    code = "temporarily_unavailable"

    def __init__(self, seconds: int) -> None:
        super().__init__("too many requests; try again later", headers={"Retry-After": str(seconds)})


class ClientUnavailable(OAuthError):
    """The client cannot be identified while the server of its document or keys does not respond.

    Not ``invalid_client``, which makes clients discard their tokens. RFC 6749 5.2: 400, "unless specified otherwise"; a
    5xx would raise this server's alarms for the failure of a server that any client may name.
    """

    status = 400
    code = "temporarily_unavailable"

    def __init__(self) -> None:
        super().__init__(
            "a document of the client, or its keys, cannot be fetched now; try again later",
            headers={"Retry-After": str(UNREACHABLE_SECONDS)},
        )


class RegistrationClosed(OAuthError):
    """RFC 7591 1.2: the server's policy decides who may register, and this server allows no registration."""

    status = 403
    code = "access_denied"


class InvalidInitialToken(OAuthError):
    """RFC 6750 3.1: the initial access token (RFC 7591 3) is missing or invalid."""

    status = 401
    code = "invalid_token"

    def __init__(self, description: str = "the initial access token is missing, expired or revoked") -> None:
        super().__init__(
            description,
            headers={"WWW-Authenticate": 'Bearer error="invalid_token"'},
        )


class InvalidRegistrationToken(OAuthError):
    """RFC 6750 3.1: the registration access token (RFC 7592) is missing or wrong, or the client was deleted."""

    status = 401
    code = "invalid_token"

    def __init__(self) -> None:
        super().__init__(
            "the registration access token is missing, or not this client's",
            headers={"WWW-Authenticate": 'Bearer error="invalid_token"'},
        )
