"""The refresh token grant (RFC 6749 6): a client goes on acting for a person, with a new refresh token each time."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from runtime.audit import AuditEvent
from runtime.oauth.credentials import matches
from runtime.oauth.errors import InvalidGrant
from runtime.oauth.grant_credential import RefreshToken
from runtime.oauth.grants.grant_type import required
from runtime.oauth.grants.person_tokens import PersonTokens
from runtime.oauth.lifetimes import Renewal
from runtime.oauth.resource import check_resource
from runtime.storage.records import Client, Grant, GrantStore, NotThere

# How long a client may come back with the token that it has just used, because the answer got lost.
GRACE_SECONDS = 10
REFUSED = "is not valid: unknown, expired, revoked, or issued to another client"
REUSED = "was used before; everything that was issued under the same grant is revoked"


@dataclass(frozen=True, slots=True)
class RefreshTokenGrant:
    """Rotates refresh tokens (RFC 9700 4.14.2)."""

    grants: GrantStore
    person_tokens: PersonTokens
    renew: Renewal

    def __call__(self, client: Client, parameters: Mapping[str, str]) -> dict[str, Any]:
        """RFC 6749 6. Raises ``InvalidRequest``, ``InvalidGrant``, ``InvalidScope`` or ``InvalidTarget``.

        An attempt that comes second between reading and writing looks again, and finds its token to be the previous
        one, or reused: of any number of attempts at once, the third at the latest ends the grant.
        """
        presented = RefreshToken.read(required(parameters, "refresh_token"))
        while True:
            grant = self._granted(presented, client)
            check_resource(parameters.get("resource"), grant.resource)
            # For this access token alone: RFC 6749 6, the refresh token stays as wide as it was.
            scope = self.person_tokens.scope(grant, parameters.get("scope"))
            previous_hash = self._previous_hash(grant, presented)
            self.renew(client)
            following = presented.following()
            response = self.person_tokens.response(grant, scope, following)
            expires_at = self.person_tokens.expiry(grant, refreshable=True)
            try:
                self.grants.rotate(grant, following.hash, previous_hash, expires_at)
            except NotThere:
                continue
            return response

    def _granted(self, presented: RefreshToken, client: Client) -> Grant:
        """The grant that the token is, or was, good for; raises ``InvalidGrant`` unless it is this client's."""
        grant = self.grants.get(presented.grant_id)
        genuine = matches(presented.family, grant.family_hash if grant else None)
        if grant is None or not genuine or not self.person_tokens.are_for(client, grant):
            raise InvalidGrant(REFUSED, pointer="/refresh_token")
        return grant

    def _previous_hash(self, grant: Grant, presented: RefreshToken) -> str | None:
        """What counts as the previous token once this one is rotated.

        After the one retry that is allowed there is none, so that the same token does not come a third time. Raises
        ``InvalidGrant`` for a token that was used before, and ends the grant: whether the thief came first or the
        client, what the thief holds is of no use from now on.
        """
        if matches(presented.secret, grant.refresh_hash):
            return presented.hash
        in_time = self.person_tokens.now() <= grant.rotated_at + GRACE_SECONDS
        if in_time and matches(presented.secret, grant.previous_refresh_hash):
            return None
        self.grants.revoke(grant.grant_id)
        reused = AuditEvent("refresh_token_reused", {"grant_id": grant.grant_id, "client_id": grant.client_id})
        raise InvalidGrant(REUSED, pointer="/refresh_token", audit=reused)
