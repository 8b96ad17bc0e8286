"""Deciding whether a request may reach the MCP endpoint, as an IAM policy for API Gateway."""

import base64
import hashlib
import hmac
import logging
from collections.abc import Mapping
from typing import Any

from runtime.deployment import CHALLENGE
from runtime.http.client_address import client_address
from runtime.http.client_certificate import certificate_subject
from runtime.http.event import headers_from_event
from runtime.http.header_values import bearer_token
from runtime.http.network import network
from runtime.records.oauth import TokenStatus, TokenStatusStore
from runtime.scopes import expand_scopes
from runtime.settings import AuthorizerSettings
from runtime.tokens.access_tokens import AccessToken, InvalidToken, Tokens
from runtime.tokens.denials import Denials
from runtime.tokens.key_ring import KeyRing

logger = logging.getLogger(__name__)

# The limit of schemas/audit-event.json: a client id that is a URL can be longer.
MOST_CHARACTERS = 256


class TokenEnded(InvalidToken):
    """A genuine token that is no longer valid. ``client_id`` is the client that it was issued to."""

    def __init__(self, reason: str, token: AccessToken) -> None:
        super().__init__(reason)
        self.client_id = token.client_id


class Unauthorized(Exception):
    """A denial as an exception: API Gateway turns this message into its 401 for a missing token."""

    def __init__(self) -> None:
        super().__init__("Unauthorized")


class Authorizer:
    """Verifies access tokens, and looks up their client, their grant, and whether they were revoked.

    For an invalid token the authorizer returns a Deny policy instead of raising an exception. An exception would count
    as a failure of this function and raise an alarm for every made-up token. The gateway turns the Deny into a 401 with
    the challenge in its context. A refusal by a policy of the API has the same type as a Deny, and must be a 403. So
    where there is such a policy, a denial is an exception nevertheless (``raises_denials``).
    """

    def __init__(
        self,
        tokens: Tokens,
        keys: KeyRing,
        statuses: TokenStatusStore,
        settings: AuthorizerSettings,
        denials: Denials,
    ) -> None:
        self._tokens = tokens
        self._keys = keys
        self._statuses = statuses
        self._settings = settings
        self._denials = denials

    def authorize(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """Return the policy for one request.

        Raises ``StoreUnavailable``, which the gateway turns into a 503, and for a denial ``Unauthorized``, if the
        settings say so.
        """
        request_id = event["requestContext"].get("requestId")
        try:
            token = self._verify_token(event)
        except InvalidToken as reason:
            facts = self._denial_facts(event, reason)
            line = {"outcome": "denied", "reason": str(reason), "request_id": request_id, "network": facts["network"]}
            logger.info("authorization", extra=line)
            self._denials.count(str(reason), facts)
            if self._settings.raises_denials:
                raise Unauthorized from reason
            return _policy("Deny", event, "nobody", {CHALLENGE: self._settings.challenge})
        logger.info("authorization", extra={"outcome": "ok", "client_id": token.client_id, "request_id": request_id})
        return _policy("Allow", event, token.subject, self._context(token))

    def _context(self, token: AccessToken) -> dict[str, str]:
        """Return what the mcp function learns about the caller. API Gateway carries strings only.

        ``scope`` includes all implied scopes, so the scope hierarchy is applied in this one place. The signer keys let
        the mcp function verify what it signed for this principal, without access to any secret. API Gateway may use
        its copy of this until ``servedUntil``, after ``expiresAt``.
        """
        keys = self._keys.derive_keys(f"sign\0{token.client_id}\0{token.subject}")
        return {
            "clientId": token.client_id,
            "subject": token.subject,
            "scope": " ".join(sorted(expand_scopes(token.scopes, self._settings.scope_implies))),
            "expiresAt": str(token.expires_at),
            "servedUntil": str(token.signed_until),
            "sealKeys": " ".join(base64.urlsafe_b64encode(key).decode() for key in keys),
        }

    def _verify_token(self, event: Mapping[str, Any]) -> AccessToken:
        """Return the access token if it is valid, not revoked, and its client and grant have not ended.

        Raises ``InvalidToken`` otherwise.
        """
        # Two Authorization headers are joined, which is not a token: it is undocumented which of them API Gateway uses
        # as the cache key.
        token = bearer_token(headers_from_event(event).get("authorization", ""))
        if token is None:
            raise InvalidToken("not a bearer token")
        access_token = self._tokens.verify(token)
        _check_status(
            access_token, self._statuses.get(access_token.token_id, access_token.client_id, access_token.grant_id)
        )
        return access_token

    def _denial_facts(self, event: Mapping[str, Any], reason: InvalidToken) -> dict[str, str | None]:
        """Return the facts of a denied request for the audit log."""
        headers = headers_from_event(event)
        # API Gateway checks the key of the edge only after this function has run, so a request that went around the
        # edge, and can have written X-Forwarded-For itself, gets this far.
        is_behind_proxy = self._settings.is_behind_proxy and self._came_through_edge(headers)
        address = client_address(event, headers, is_behind_proxy=is_behind_proxy)
        return {
            "request_id": event["requestContext"].get("requestId"),
            "network": network(address),
            "certificate_subject": certificate_subject(event),
            "claimed_client_id": reason.client_id[:MOST_CHARACTERS] if isinstance(reason, TokenEnded) else None,
        }

    def _came_through_edge(self, headers: Mapping[str, str]) -> bool:
        sent = hashlib.sha256(headers.get("x-api-key", "").encode()).hexdigest()
        return any(hmac.compare_digest(sent, expected) for expected in self._settings.edge_key_hashes)


def _check_status(token: AccessToken, status: TokenStatus) -> None:
    """Raise ``TokenEnded`` for a token that was revoked, or whose client or grant has ended.

    A client whose id is the URL of its metadata document is not registered: its grants alone give it access.
    """
    is_registered = token.grant_id is None or not token.client_id.startswith("https://")
    if status.is_client_disabled:
        raise TokenEnded("client is disabled", token)
    if is_registered and status.client is None:
        raise TokenEnded("client is gone", token)
    if status.is_revoked or token.issued_at < status.issued_before:
        raise TokenEnded("revoked", token)
    if token.grant_id is not None and status.grant is None:
        raise TokenEnded("grant is gone", token)


def _policy(effect: str, event: Mapping[str, Any], principal: str, context: Mapping[str, str]) -> dict[str, Any]:
    """Return a policy for the whole stage: API Gateway caches it for all requests with the same token."""
    api, stage = event["methodArn"].split("/")[:2]
    statement = {"Action": "execute-api:Invoke", "Effect": effect, "Resource": f"{api}/{stage}/*"}
    return {
        "principalId": principal,
        "policyDocument": {"Version": "2012-10-17", "Statement": [statement]},
        "context": dict(context),
    }
