"""Ending a user's access everywhere, and deleting what is stored about them."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from admin.errors import CommandFailed
from admin.incidents.scan import Scan
from admin.incidents.user_data import BELONGS, Who, belongs_to
from runtime.prefixes import GRANTS, SESSIONS, USERS
from runtime.storage.table import Item, Table
from runtime.storage.users import user_from_item, user_key

# A user who can still sign in could do so again and again.
ATTEMPTS: Final = 3


def find_by_email(items: Iterable[Item], email: str) -> Who:
    """Return the user whose record or session has this address; raises ``CommandFailed`` unless there is exactly one.

    The address is what the identity provider states; nobody else has checked it.
    """
    wanted = email.casefold()
    found = {
        Who(item["identity_provider"], item["subject"])
        for item in items
        if (item.get("email") or "").casefold() == wanted
    }
    if not found:
        raise CommandFailed("no user with this address has signed in; name one with --subject")
    if len(found) > 1:
        listed = "; ".join(f"{who.subject} of {who.identity_provider}" for who in sorted(found, key=str))
        raise CommandFailed(
            f"several users have this address, so name one with --subject and --identity-provider: {listed}"
        )
    return found.pop()


# The kinds of records that have an address.
WITH_EMAIL: Final = (USERS, SESSIONS)


@dataclass(frozen=True, slots=True)
class Offboarding:
    """Removes one user from a table."""

    table: Table
    scan: Scan
    who: Who

    def list_grants(self) -> dict[str, str]:
        """Return the clients of the user's grants, by grant. Grants that were revoked are among them."""
        item = self.table.get(self._key, "get user") or {}
        return {grant_id: grant.client_id for grant_id, grant in user_from_item(item).grants.items()}

    def remove(self) -> Counter[str]:
        """End the user's access at once, then delete everything else that is theirs. Return how much, by kind.

        The record of a user lists their grants, so these end first, before the table is read. A sign-in that ended
        meanwhile is found in a new record. Raises ``CommandFailed`` if the user keeps signing in.
        """
        deleted = self._end_grants()
        for item in self.scan.items(BELONGS):
            if belongs_to(item, self.who):
                self._delete(item["pk"], deleted)
        for _ in range(ATTEMPTS):
            again = self._end_grants()
            if not again:
                return deleted
            deleted += again
        raise CommandFailed("the user signs in again and again: first take their access at the identity provider")

    def _end_grants(self) -> Counter[str]:
        """Delete the user's record, then the grants that it listed at that moment.

        A sign-in at the same time writes its grant into the record that is deleted, or into a new one.
        """
        deleted: Counter[str] = Counter()
        record = self._delete(self._key, deleted) or {}
        for grant_id in user_from_item(record).grants:
            self._delete(f"{GRANTS}{grant_id}", deleted)
        return deleted

    def _delete(self, pk: str, deleted: Counter[str]) -> Item | None:
        item = self.table.delete(pk, "delete what a user owns")
        if item is not None:
            deleted[pk.partition("#")[0]] += 1
        return item

    @property
    def _key(self) -> str:
        return user_key(self.who.identity_provider, self.who.subject)
