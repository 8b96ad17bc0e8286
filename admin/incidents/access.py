"""Who has access to what: users by client, and machine clients."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from admin.incidents.clients import is_current
from admin.incidents.user_data import Who
from admin.text import moment
from runtime.prefixes import CLIENTS, GRANTS, SESSIONS, USERS
from runtime.records.oauth import Grant
from runtime.scopes import scope_list
from runtime.storage.clients import client_from_item, is_disabled
from runtime.storage.grants import read_grant
from runtime.storage.table import Item

# The kinds of records to read.
KINDS: Final = (CLIENTS, GRANTS, SESSIONS, USERS)
HEADS: Final = ("WHO", "CLIENT", "NAME", "SCOPE", "SINCE", "LAST USED", "EXPIRES", "STATE")
MACHINE: Final = "client_credentials"


@dataclass(slots=True)
class Access:
    """Collects grants, clients and addresses from items, in any order.

    ``identity_provider`` is the issuer whose users count, ``None`` if it is not known and all count. ``cutoff`` is the
    moment before which everything is revoked.
    """

    identity_provider: str | None
    now: float
    cutoff: int
    grants: dict[tuple[Who, str], list[Grant]] = field(default_factory=dict)
    clients: dict[str, Item] = field(default_factory=dict)
    emails: dict[Who, str] = field(default_factory=dict)

    def collect(self, items: Iterable[Item]) -> None:
        """Remember what the items say of access."""
        for item in items:
            pk = item["pk"]
            if pk.startswith(CLIENTS) and is_current(item, self.now):
                self.clients[pk.removeprefix(CLIENTS)] = item
            elif pk.startswith(GRANTS):
                self._collect_grant(item)
            elif item.get("email"):
                # The record of a user of an earlier version names nobody.
                self.emails[Who(item["identity_provider"], item["subject"])] = item["email"]

    def users(self) -> Iterator[dict[str, Any]]:
        """Return one line for each user and client with a grant that still works, or would if it were enabled."""
        for (who, client_id), grants in sorted(self.grants.items(), key=lambda entry: str(entry[0])):
            if client_id.startswith("https://") or client_id in self.clients:
                yield self._line(who, client_id, grants)

    def machines(self) -> Iterator[dict[str, Any]]:
        """Return one line for each client that may act for itself, with the scopes that it is registered for."""
        for client_id, item in sorted(self.clients.items()):
            if client_id.startswith("https://"):
                continue
            client = client_from_item(item)
            if MACHINE in client.metadata["grant_types"]:
                yield {
                    "user": None,
                    "client_id": client_id,
                    "client_name": client.metadata.get("client_name", ""),
                    "scope": client.metadata["scope"],
                    "stated_scope": client.stated_scope,
                    "invited": client.invited,
                    "since": moment(client.issued_at),
                    "last_used_at": moment(client.last_used_at) if client.last_used_at else None,
                    "expires_at": moment(client.expires_at) if client.expires_at else None,
                    "disabled": is_disabled(item),
                }

    def _collect_grant(self, item: Item) -> None:
        issuer = item.get("identity_provider")
        grant = read_grant(item, issuer, self.now, self.cutoff)
        if grant is not None and self.identity_provider in {None, issuer}:
            self.grants.setdefault((Who(issuer, grant.subject), grant.client_id), []).append(grant)

    def _line(self, who: Who, client_id: str, grants: list[Grant]) -> dict[str, Any]:
        newest = max(grants, key=lambda grant: grant.created_at)
        return {
            "user": {**who._asdict(), "email": self.emails.get(who)},
            "client_id": client_id,
            "client_name": newest.client_name,
            "scope": " ".join(dict.fromkeys(scope for grant in grants for scope in scope_list(grant.scope))),
            "grants": len(grants),
            "since": moment(min(grant.created_at for grant in grants)),
            "last_used_at": moment(max(max(grant.created_at, grant.rotated_at) for grant in grants)),
            "expires_at": moment(max(grant.expires_at for grant in grants)),
            "disabled": is_disabled(self.clients.get(client_id)),
        }


def access_row(line: Mapping[str, Any]) -> tuple[str, ...]:
    """Return a line as a row below ``HEADS``."""
    user = line["user"]
    who = f"{user['email'] or ''} {user['subject']}".strip() if user else "(machine)"
    times = (line[name] or "-" for name in ("since", "last_used_at", "expires_at"))
    state = "disabled" if line["disabled"] else "enabled"
    return (who, line["client_id"], line["client_name"], line["scope"], *times, state)
