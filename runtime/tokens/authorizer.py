"""Whether a request may reach the MCP endpoint, as an IAM policy for API Gateway."""

import base64
import logging
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from runtime.http.event import headers_from_event
from runtime.http.header_values import bearer_token
from runtime.http.network import network
from runtime.records.oauth import ClientStore, GrantStore, RevocationStore
from runtime.scopes import expanded
from runtime.tokens.access_tokens import AccessToken, InvalidToken, Tokens
from runtime.tokens.denials import Denials
from runtime.tokens.key_ring import KeyRing

logger = logging.getLogger(__name__)

# As in schemas/audit-event.json: the URL of a metadata document can be longer.
MOST_CHARACTERS = 256


class Lookups(NamedTuple):
    """Where it is looked up whether a token still counts."""

    clients: ClientStore
    revocations: RevocationStore
    grants: GrantStore


class TokenEnded(InvalidToken):
    """A genuine token that no longer counts. ``client_id`` is the client that it was issued to."""

    def __init__(self, reason: str, token: AccessToken) -> None:
        super().__init__(reason)
        self.client_id = token.client_id


class Authorizer:
    """Verifies access tokens, and looks up their client, their grant, and whether they were revoked.

    A bad token is denied, not raised: an exception would count as a failure of this function, and an alarm that
    rings for every stranger with a made-up token is an alarm that nobody hears. The gateway turns the denial into 401.
    """

    def __init__(
        self,
        tokens: Tokens,
        keys: KeyRing,
        lookups: Lookups,
        scope_implies: Mapping[str, Sequence[str]],
        denials: Denials,
    ) -> None:
        self._tokens = tokens
        self._keys = keys
        self._clients, self._revocations, self._grants = lookups
        self._scope_implies = scope_implies
        self._denials = denials

    def authorize(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """The policy for one request. Raises ``StoreUnavailable``, which the gateway answers with 500."""
        request_id = event["requestContext"].get("requestId")
        try:
            token = self._verified(event)
        except InvalidToken as reason:
            logger.info("authorization", extra={"outcome": "denied", "reason": str(reason), "request_id": request_id})
            self._denials.count(str(reason), _circumstances(event, reason))
            return _policy("Deny", event, "nobody", {})
        logger.info("authorization", extra={"outcome": "ok", "client_id": token.client_id, "request_id": request_id})
        return _policy("Allow", event, token.subject, self._context(token))

    def _context(self, token: AccessToken) -> dict[str, str]:
        """What the mcp function learns of the caller; API Gateway carries strings only.

        The scope is that of the token with all that it implies: here is where a hierarchy counts, so that whoever asks
        further on whether a scope is there gets one answer. The sign keys let it trust what this principal carries for
        it, without access to any secret.
        """
        keys = self._keys.derived(f"sign\0{token.client_id}\0{token.subject}")
        return {
            "clientId": token.client_id,
            "subject": token.subject,
            "scope": " ".join(sorted(expanded(token.scopes, self._scope_implies))),
            "expiresAt": str(token.expires_at),
            "sealKeys": " ".join(base64.urlsafe_b64encode(key).decode() for key in keys),
        }

    def _verified(self, event: Mapping[str, Any]) -> AccessToken:
        """The access token, not revoked, of a client that is still registered; raises ``InvalidToken``."""
        # Two of them are joined to what is no token: which one API Gateway caches the verdict for, it does not say.
        token = bearer_token(headers_from_event(event).get("authorization", ""))
        if token is None:
            raise InvalidToken("not a bearer token")
        verified = self._tokens.verify(token)
        self._check_client(verified)
        if verified.grant_id is not None and self._grants.get(verified.grant_id) is None:
            raise TokenEnded("grant is gone", verified)
        # By itself and not in one batch with the client: a batch may answer in part, and a revocation that is missing
        # from an answer would pass for one that was never made.
        if self._revocations.is_revoked(verified.token_id):
            raise TokenEnded("revoked", verified)
        return verified

    def _check_client(self, token: AccessToken) -> None:
        """Raises ``InvalidToken`` for the token of a client that was deleted or has expired.

        A client whose id is the URL of its metadata document is registered nowhere: what it may do is what users have
        granted it.
        """
        if token.grant_id is not None and token.client_id.startswith("https://"):
            return
        if self._clients.get(token.client_id) is None:
            raise TokenEnded("client is gone", token)


def _circumstances(event: Mapping[str, Any], reason: InvalidToken) -> dict[str, str | None]:
    """What is told of a denied request."""
    context = event["requestContext"]
    return {
        "request_id": context.get("requestId"),
        "network": network((context.get("identity") or {}).get("sourceIp") or ""),
        "claimed_client_id": reason.client_id[:MOST_CHARACTERS] if isinstance(reason, TokenEnded) else None,
    }


def _policy(effect: str, event: Mapping[str, Any], principal: str, context: Mapping[str, str]) -> dict[str, Any]:
    """A policy for every method of this stage, since API Gateway reuses it for all requests with the same token."""
    api, stage = event["methodArn"].split("/")[:2]
    statement = {"Action": "execute-api:Invoke", "Effect": effect, "Resource": f"{api}/{stage}/*"}
    return {
        "principalId": principal,
        "policyDocument": {"Version": "2012-10-17", "Statement": [statement]},
        "context": dict(context),
    }
