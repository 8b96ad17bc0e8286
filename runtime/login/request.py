"""Authorization requests (RFC 6749 4.1.1) and their validation."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Self

from runtime.login.errors import RequestNotSupported, ReturnAddress
from runtime.oauth import pkce
from runtime.oauth.clients.redirect_uri import is_claimed_https
from runtime.oauth.errors import (
    InvalidRequest,
    UnauthorizedClient,
    UnsupportedResponseType,
)
from runtime.oauth.resource import check_resource
from runtime.oauth.scope import OFFLINE_ACCESS, asks_for_refresh_token, resource_scopes, scope_within
from runtime.records.oauth import Client
from runtime.settings import LoginSettings

# OpenID Connect Core 1.0, 3.1.2.1.
PROMPTS = ("none", "login", "consent", "select_account")


@dataclass(frozen=True, slots=True)
class AuthorizationRequest:
    """A valid authorization request.

    ``provable`` is whether only this client can use the code (RFC 8252 8.6): it authenticates, or its redirect URI is
    https and not on loopback. ``lasting`` is whether the client gets refresh tokens. ``pushed`` is the hash of the
    request URI for a pushed request (RFC 9126).
    """

    client_id: str
    client_name: str
    redirect_uri: str
    state: str | None
    scope: str
    resource: str
    code_challenge: str
    prompt: str
    provable: bool
    lasting: bool
    pushed: str | None = None

    @classmethod
    def from_dict(cls, value: Mapping[str, Any]) -> Self:
        """Return the request that ``dataclasses.asdict`` turned into ``value``.

        During a release, the next version may have written it, with members that this one does not know.
        """
        return cls(**{member.name: value[member.name] for member in fields(cls) if member.name in value})

    def without_reference(self) -> Self:
        """Return the same request without its request URI, which has been consumed."""
        return replace(self, pushed=None)

    @property
    def scopes_to_approve(self) -> tuple[str, ...]:
        """The scopes on the consent page, with ``offline_access`` if and only if the client gets refresh tokens."""
        of_resource = resource_scopes(self.scope)
        return (*of_resource, OFFLINE_ACCESS) if self.lasting else tuple(of_resource)

    @property
    def prompts(self) -> frozenset[str]:
        """The values of the prompt parameter."""
        return frozenset(filter(None, self.prompt.split(" ")))

    def return_address(self, issuer: str) -> ReturnAddress:
        """Return where the response goes."""
        return ReturnAddress(self.redirect_uri, self.state, issuer)


def validate_request(
    parameters: Mapping[str, str], client: Client, redirect_uri: str, settings: LoginSettings
) -> AuthorizationRequest:
    """Return the valid request in ``parameters``, which already match their schema.

    ``redirect_uri`` is registered for the client. Raises the errors of RFC 6749 4.1.2.1 and OpenID Connect Core 1.0,
    3.1.2.6, and ``InvalidTarget`` (RFC 8707 2).
    """
    if "request" in parameters:
        raise RequestNotSupported("request objects are not supported", pointer="/request")
    _check_response(parameters, client)
    check_resource(parameters.get("resource"), settings.resource)
    method = client.metadata["token_endpoint_auth_method"]
    return AuthorizationRequest(
        client_id=client.client_id,
        client_name=client_name(client),
        redirect_uri=redirect_uri,
        state=parameters.get("state"),
        scope=_scope_to_request(parameters.get("scope"), client, settings),
        resource=settings.resource,
        code_challenge=_code_challenge(parameters),
        prompt=_prompt(parameters.get("prompt", "")),
        provable=method != "none" or is_claimed_https(redirect_uri),
        lasting="refresh_token" in client.metadata["grant_types"],
    )


def client_name(client: Client) -> str:
    """Return the name that a client gave itself, which may be empty."""
    return str(client.metadata.get("client_name", ""))


def _check_response(parameters: Mapping[str, str], client: Client) -> None:
    if "response_type" not in parameters:
        raise InvalidRequest("is required", pointer="/response_type")
    if parameters["response_type"] != "code":
        raise UnsupportedResponseType("must be code", pointer="/response_type")
    if parameters.get("response_mode", "query") != "query":
        raise InvalidRequest("must be query", pointer="/response_mode")
    if "authorization_code" not in client.metadata["grant_types"]:
        raise UnauthorizedClient("the client is not registered for the authorization_code grant")


def _code_challenge(parameters: Mapping[str, str]) -> str:
    """RFC 7636 4.4.1, S256 only: OAuth 2.1 7.5.1 allows ``plain`` only to clients that cannot support S256."""
    if "code_challenge" not in parameters:
        raise InvalidRequest("is required", pointer="/code_challenge")
    if parameters.get("code_challenge_method") != pkce.METHOD:
        raise InvalidRequest(f"must be {pkce.METHOD}", pointer="/code_challenge_method")
    if not pkce.is_challenge(parameters["code_challenge"]):
        raise InvalidRequest("must be a base64url-encoded SHA-256", pointer="/code_challenge")
    return parameters["code_challenge"]


def _scope_to_request(asked: str | None, client: Client, settings: LoginSettings) -> str:
    """Return the requested scopes that the client may have, and ``offline_access`` if it asks for a refresh token.

    A client that registered without a scope may ask for every scope, as in MCP's step-up authorization: the user
    decides. Raises ``InvalidScope``.
    """
    held = client.metadata["scope"]
    if not client.stated_scope and resource_scopes(asked or ""):
        held = " ".join(settings.scopes)
    granted = scope_within(held, asked, settings.scope_implies)
    return f"{granted} {OFFLINE_ACCESS}" if asks_for_refresh_token(asked or "") else granted


def _prompt(asked: str) -> str:
    """OpenID Connect Core 1.0, 3.1.2.1: "none" with any other value is an error."""
    prompts = list(dict.fromkeys(filter(None, asked.split(" "))))
    if not set(prompts) <= set(PROMPTS) or ("none" in prompts and len(prompts) > 1):
        raise InvalidRequest(f"must be none alone, or values of {', '.join(PROMPTS[1:])}", pointer="/prompt")
    return " ".join(prompts)
