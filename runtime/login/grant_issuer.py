"""Issuing a grant, with its authorization code, once a user has approved a client and logged in."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from runtime.audit import AuditEvent
from runtime.login.errors import TooManyApplications
from runtime.login.provider.identity import User
from runtime.login.request import AuthorizationRequest
from runtime.login.users import (
    MOST_CLIENTS,
    Access,
    change_for_grant,
    grants_to_revoke,
    list_accesses,
    without_access,
)
from runtime.oauth.clients.lifetimes import SECONDS_PER_DAY
from runtime.oauth.grants.code import AuthorizationCode
from runtime.records.login import UserRecord, UserStore
from runtime.records.oauth import Grant, GrantStore
from runtime.settings import LoginSettings

CODE_SECONDS: Final = 60
# How many clients, starting with the one that was authorized longest ago, are tried to make room for another.
MOST_CANDIDATES: Final = 20


class IssuedGrant(NamedTuple):
    """The code of a new grant, and the audit events of the grants that it displaced."""

    code: AuthorizationCode
    events: tuple[AuditEvent, ...]


@dataclass(frozen=True, slots=True)
class GrantIssuer:
    """Issues grants. ``clock`` reads seconds since the epoch."""

    settings: LoginSettings
    users: UserStore
    grants: GrantStore
    clock: Callable[[], float]

    def issue_grant(self, request: AuthorizationRequest, who: User) -> IssuedGrant:
        """Store a new grant together with the user's consent. Raises ``TooManyApplications``."""
        now, subject = int(self.clock()), who.subject
        keep_until = now + self.settings.refresh_token_days * SECONDS_PER_DAY
        code = AuthorizationCode.new(secrets.token_urlsafe(16))
        grant = self._new_grant(request, subject, code, now, keep_until)
        user = self._make_room(subject, request.client_id, now)
        change = change_for_grant(user, request, grant, now, keep_until)
        displaced = grants_to_revoke(user, change, now)
        # A grant that the user cannot see any more must not work any more.
        for grant_id in displaced:
            self.grants.revoke(grant_id)
        self.users.add_grant(grant, replace(change, email=who.email))
        facts = {"subject": subject, "client_id": request.client_id}
        events = (AuditEvent("grant_displaced", {**facts, "grant_id": grant_id}) for grant_id in displaced)
        return IssuedGrant(code, tuple(events))

    def _make_room(self, subject: str, client_id: str, now: int) -> UserRecord:
        """Return the user's record, with room for this client; raises ``TooManyApplications``.

        If the record is full, remove one client whose grants have all ended and which only has a consent left.
        """
        user = self.users.get(subject)
        listed = list_accesses(user, now)
        if len(listed) < MOST_CLIENTS or any(one.client_id == client_id for one in listed):
            return user
        for candidate in reversed(listed[-MOST_CANDIDATES:]):
            if not self._is_live(candidate):
                self.users.remove(subject, candidate.consents, candidate.grant_ids)
                return without_access(user, candidate)
        raise TooManyApplications(
            f"you have given {MOST_CLIENTS} applications access, which is the maximum; "
            "revoke some of it on your account page"
        )

    def _is_live(self, access: Access) -> bool:
        """Whether one of a client's grants still works. The user's record does not say that a grant was revoked."""
        return any(self.grants.get(grant_id) is not None for grant_id in access.grant_ids)

    def _new_grant(
        self, request: AuthorizationRequest, subject: str, code: AuthorizationCode, now: int, keep_until: int
    ) -> Grant:
        # Without a refresh token, the grant is useless once its only access token has expired.
        single_token_end = now + CODE_SECONDS + self.settings.access_token_lifetime
        return Grant(
            grant_id=code.grant_id,
            client_id=request.client_id,
            client_name=request.client_name,
            subject=subject,
            scope=request.scope,
            resource=request.resource,
            redirect_uri=request.redirect_uri,
            code_challenge=request.code_challenge,
            code_hash=code.hash,
            code_expires_at=now + CODE_SECONDS,
            created_at=now,
            absolute_expires_at=keep_until if request.lasting else min(single_token_end, keep_until),
            expires_at=now + CODE_SECONDS,
        )
