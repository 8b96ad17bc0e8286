"""The error codes of the OAuth specifications."""

from runtime.http.errors import Problem
from runtime.validation.schemas import SchemaViolation

# How soon it is worth asking again for what another server did not serve.
UNREACHABLE_SECONDS = 30


class OAuthError(Problem):
    """An error response of RFC 6749 section 5.2."""

    status = 400

    @classmethod
    def of(cls, violation: SchemaViolation) -> "OAuthError":
        """This error for a value that its schema refuses.

        RFC 6749 5.2: a description holds no backslash, and a pattern without its backslashes is another one.
        """
        reason = "has characters that it may not have" if "\\" in violation.reason else violation.reason
        return cls(reason, pointer=violation.pointer)


class InvalidRequest(OAuthError):
    """RFC 6749 5.2: a parameter is missing, unsupported or repeated, or two ways to authenticate are mixed."""

    code = "invalid_request"


class InvalidClient(OAuthError):
    """RFC 6749 5.2: client authentication failed."""

    status = 401
    code = "invalid_client"


class InvalidGrant(OAuthError):
    """RFC 6749 5.2: what the client presents is invalid, expired or revoked, or was issued to another client."""

    code = "invalid_grant"


class UnauthorizedClient(OAuthError):
    """RFC 6749 5.2: the client is not authorized to use this grant type."""

    code = "unauthorized_client"


class UnsupportedGrantType(OAuthError):
    """RFC 6749 5.2."""

    code = "unsupported_grant_type"


class UnsupportedResponseType(OAuthError):
    """RFC 6749 4.1.2.1."""

    code = "unsupported_response_type"


class InvalidScope(OAuthError):
    """RFC 6749 5.2: the scope exceeds what the client may have, or is malformed."""

    code = "invalid_scope"


class InvalidTarget(OAuthError):
    """RFC 8707 2: the resource is not one that tokens are issued for here."""

    code = "invalid_target"


class InvalidRedirectUri(OAuthError):
    """RFC 7591 3.2.2."""

    code = "invalid_redirect_uri"


class InvalidClientMetadata(OAuthError):
    """RFC 7591 3.2.2."""

    code = "invalid_client_metadata"


class UninvitedMachine(InvalidClientMetadata):
    """A client wants to act for itself, and was not registered with an initial access token, which that needs."""


class InvalidSoftwareStatement(OAuthError):
    """RFC 7591 3.2.2."""

    code = "invalid_software_statement"


class UnapprovedSoftwareStatement(OAuthError):
    """RFC 7591 3.2.2: no issuer whom this server trusts has signed it."""

    code = "unapproved_software_statement"


class TooManyRequests(OAuthError):
    """RFC 6585 4, with the seconds after which it is worth trying again."""

    status = 429
    code = "temporarily_unavailable"

    def __init__(self, seconds: int) -> None:
        super().__init__("too many requests; try again later", headers={"Retry-After": str(seconds)})


class ClientUnavailable(OAuthError):
    """Who the client is cannot be told as long as its own server does not answer.

    Not ``invalid_client``: whoever is told that throws its tokens away. RFC 6749 5.2: 400, "unless specified
    otherwise"; a 5xx would ring this server's alarms for a server that any stranger may name.
    """

    status = 400
    code = "temporarily_unavailable"

    def __init__(self) -> None:
        super().__init__(
            "a document of the client, or its keys, cannot be fetched now; try again later",
            headers={"Retry-After": str(UNREACHABLE_SECONDS)},
        )


class RegistrationClosed(OAuthError):
    """RFC 7591 1.2 leaves registration to the server's policy, and this one's is that nobody registers."""

    status = 403
    code = "access_denied"


class InvalidInitialToken(OAuthError):
    """RFC 6750 3.1 for the initial access token of RFC 7591 3."""

    status = 401
    code = "invalid_token"

    def __init__(self, description: str = "the initial access token is missing, expired or revoked") -> None:
        super().__init__(
            description,
            headers={"WWW-Authenticate": 'Bearer error="invalid_token"'},
        )


class InvalidRegistrationToken(OAuthError):
    """RFC 6750 3.1 for the registration access token of RFC 7592; also what a client that is gone gets."""

    status = 401
    code = "invalid_token"

    def __init__(self) -> None:
        super().__init__(
            "the registration access token is missing, or not this client's",
            headers={"WWW-Authenticate": 'Bearer error="invalid_token"'},
        )
