"""What a user gives a client once they have approved it and logged in: a grant, and its code."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, NamedTuple

from runtime.audit import AuditEvent
from runtime.login.errors import TooManyApplications
from runtime.login.request import AuthorizationRequest
from runtime.login.users import MOST_CLIENTS, Access, accesses, displaced, with_grant, without_access
from runtime.oauth.clients.lifetimes import SECONDS_PER_DAY
from runtime.oauth.grants.code import AuthorizationCode
from runtime.records.login import UserRecord, UserStore
from runtime.records.oauth import Grant, GrantStore
from runtime.settings import LoginSettings

CODE_SECONDS: Final = 60
# How many of the clients that have not asked for longest are looked at, when one has to make room.
MOST_CANDIDATES: Final = 20


class Given(NamedTuple):
    """A new grant: its code, and what the audit log is told beside that."""

    code: AuthorizationCode
    events: tuple[AuditEvent, ...]


@dataclass(frozen=True, slots=True)
class GrantGiver:
    """Makes grants. ``clock`` reads seconds since the epoch."""

    settings: LoginSettings
    users: UserStore
    grants: GrantStore
    clock: Callable[[], float]

    def give_grant(self, request: AuthorizationRequest, subject: str) -> Given:
        """Give a grant, which is on the user's own list from the first moment. Raises ``TooManyApplications``."""
        now = int(self.clock())
        keep_until = now + self.settings.refresh_token_days * SECONDS_PER_DAY
        code = AuthorizationCode.new(secrets.token_urlsafe(16))
        grant = self._grant(request, subject, code, now, keep_until)
        user = self._make_room(subject, request.client_id, now)
        change = with_grant(user, request, grant, now, keep_until)
        pushed_out = displaced(user, change, now)
        # What leaves the list must no longer be good for anything.
        for grant_id in pushed_out:
            self.grants.revoke(grant_id)
        self.users.give(grant, change)
        facts = {"subject": subject, "client_id": request.client_id}
        return Given(code, tuple(AuditEvent("grant_displaced", {**facts, "grant_id": one}) for one in pushed_out))

    def _make_room(self, subject: str, client_id: str, now: int) -> UserRecord:
        """What is kept of a user, once there is room for a client; raises ``TooManyApplications``.

        Only a client goes whose grants have all ended already, and which is on the list for its consent alone.
        """
        user = self.users.get(subject)
        listed = accesses(user, now)
        if len(listed) < MOST_CLIENTS or any(one.client_id == client_id for one in listed):
            return user
        for candidate in reversed(listed[-MOST_CANDIDATES:]):
            if not self._is_live(candidate):
                self.users.forget(subject, candidate.consents, candidate.grant_ids)
                return without_access(user, candidate)
        raise TooManyApplications(
            f"you have given {MOST_CLIENTS} applications access, and there is no room for another; "
            "take some of it back on your account page"
        )

    def _is_live(self, access: Access) -> bool:
        """Whether a client could still get tokens, or has some. Its list does not tell that a grant was revoked."""
        return any(self.grants.get(grant_id) is not None for grant_id in access.grant_ids)

    def _grant(
        self, request: AuthorizationRequest, subject: str, code: AuthorizationCode, now: int, keep_until: int
    ) -> Grant:
        # Without a refresh token, nothing can come of it once the only access token has expired.
        brief = now + CODE_SECONDS + self.settings.access_token_lifetime
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
            absolute_expires_at=keep_until if request.lasting else min(brief, keep_until),
            expires_at=now + CODE_SECONDS,
        )
