"""The limits of a user's record: no client ends the grants of another one."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from runtime.login.stores import LoginStores
from runtime.login.users import MOST_CLIENTS, SHARE_BYTES
from runtime.records.login import Consent, UserChange, UserGrant
from runtime.records.oauth import Grant
from tests.memory.audit_log import MemoryAuditLog
from tests.memory.table import MemoryTable
from tests.support.login import PUBLIC, Browser, approve, asking, come_back, forward_url, log_in
from tests.unit.conftest import NOW, Clock, Send

Give = Callable[..., None]
DAY = 86_400
END = NOW + 90 * DAY
ITEM_BYTES = 400 * 1024
# What says whose record it is: the subject has 255 characters (OpenID Connect Core 1.0, 2), an address 254 (RFC 5321).
WHO_BYTES = 1024


@pytest.fixture
def give(login_stores: LoginStores) -> Give:
    """Add a grant of a client to Alice's record, issued at a time."""

    def add_grant(grant_id: str, client_id: str, at: int) -> None:
        login_stores.users.add_grant(
            Grant(grant_id, client_id, "", "alice", "mcp", "", "", "", "", 0, at, END, END),
            UserChange({}, {grant_id: UserGrant(client_id, at, END)}, (), (), END),
        )

    return add_grant


@pytest.fixture
def give_many(login_stores: LoginStores) -> Callable[[Sequence[str]], None]:
    """Add a client with a live grant and a consent for each name, one second after the other."""

    def add_grants(names: Sequence[str]) -> None:
        for number, name in enumerate(names):
            at = NOW - DAY + number
            consent = Consent(name, name, "https://app.example/", "mcp", at, END)
            login_stores.users.add_grant(
                Grant(name, name, "", "alice", "mcp", "", "", "", "", 0, at, END, END),
                UserChange({name: consent}, {name: UserGrant(name, at, END)}, (), (), END),
            )

    return add_grants


def grant_id(answer: dict[str, str]) -> str:
    return answer["code"].partition(".")[0]


def displacement_events(audit: MemoryAuditLog) -> list[dict[str, Any]]:
    return [event for event in audit.events if event["event"] == "grant_displaced"]


def test_a_client_that_asks_again_and_again_pushes_out_its_own_grants_only(
    audit: MemoryAuditLog,
    browser: Browser,
    lasting: dict[str, Any],
    login_stores: LoginStores,
    give: Give,
    clock: Clock,
) -> None:
    """An approved client can request access again without asking the user, as often as it likes."""
    give("other", "another client", NOW - DAY)
    first = grant_id(log_in(browser, lasting))
    for number in range(18):
        give(f"own {number}", lasting["client_id"], NOW + 1)
    clock.now += 60
    for expected in (20, 20):
        come_back(browser, browser.get("/authorize", asking(lasting))["headers"]["Location"])
        kept = login_stores.users.get("alice").grants
        assert len([one for one in kept.values() if one.client_id == lasting["client_id"]]) == expected
    assert "other" in kept
    assert login_stores.grants.get("other") is not None
    # What has left the list is good for nothing, and that is told.
    assert first not in kept
    assert login_stores.grants.get(first) is None
    [event] = displacement_events(audit)
    assert (event["grant_id"], event["client_id"]) == (first, lasting["client_id"])


def test_clients_that_have_all_they_can_have_leave_room_for_others(
    audit: MemoryAuditLog, browser: Browser, lasting: dict[str, Any], login_stores: LoginStores, give: Give
) -> None:
    """Five clients with twenty grants each must not fill the record for all others."""
    for number in range(120):
        give(str(number), f"client {number // 20}", NOW - DAY + number)
    latest = grant_id(log_in(browser, lasting))
    kept = login_stores.users.get("alice").grants
    assert set(kept) == {latest, *map(str, range(120))}
    assert all(login_stores.grants.get(str(number)) for number in range(120))
    assert displacement_events(audit) == []


def test_a_client_for_which_there_is_no_room_is_refused_and_nobody_makes_any(
    audit: MemoryAuditLog,
    browser: Browser,
    lasting: dict[str, Any],
    login_stores: LoginStores,
    give_many: Callable[[Sequence[str]], None],
    users_send: Send,
) -> None:
    """RFC 6749 4.1.2.1: access_denied, by a link. The page first tells the user what to do."""
    give_many([f"client {number}" for number in range(MOST_CLIENTS)])
    answer = _approve_and_log_in(browser, lasting)
    assert (answer["statusCode"], "revoke some of it on your account page" in answer["body"]) == (403, True)
    assert "error=access_denied" in answer["body"]
    user = login_stores.users.get("alice")
    assert len(user.grants) == len(user.consents) == MOST_CLIENTS
    assert audit.events[-1]["event"] == "login_refused"
    # One that is on the list already goes on.
    known = users_send("POST", "/dcr", json=PUBLIC)["json"]
    login_stores.users.remove("alice", ["client 0"], ["client 0"])
    assert log_in(browser, known)["code"]
    assert log_in(browser, known, prompt="consent")["code"]
    assert _approve_and_log_in(browser, lasting)["statusCode"] == 403


def test_a_client_whose_grants_have_all_ended_makes_room(
    audit: MemoryAuditLog,
    browser: Browser,
    lasting: dict[str, Any],
    login_stores: LoginStores,
    give_many: Callable[[Sequence[str]], None],
) -> None:
    """The record does not say that a grant was revoked, or has expired because it was not used."""
    give_many([f"client {number}" for number in range(MOST_CLIENTS)])
    login_stores.grants.revoke("client 7")
    made = grant_id(log_in(browser, lasting))
    user = login_stores.users.get("alice")
    assert set(user.grants) == {made} | {f"client {number}" for number in range(MOST_CLIENTS) if number != 7}
    assert "client 7" not in user.consents
    # It had ended before.
    assert displacement_events(audit) == []


def test_the_largest_list_fits_into_an_item_of_the_table(table: MemoryTable, login_stores: LoginStores) -> None:
    """An item holds 400 KB at most. Each client has the longest possible id, name, redirect URI and scopes."""
    subject, email = "a" * 255, "e" * 254
    client_id, name, uri, scope = "https://" + "c" * 1016, "🎉" * 80, "u" * 199 + "…", "s" * 2000
    consent, given = Consent(client_id, name, uri, scope, NOW, END), UserGrant(client_id, NOW, END)
    login_stores.users.add_grant(
        Grant("g", client_id, name, subject, "mcp", "", "", "", "", 0, NOW, END, END),
        UserChange({"k" * 64: consent}, {"g" * 22: given}, (), (), END, email),
    )
    assert _bytes(table) <= SHARE_BYTES + WHO_BYTES
    assert SHARE_BYTES * MOST_CLIENTS + WHO_BYTES < ITEM_BYTES


def test_a_client_keeps_to_its_own_share_whatever_it_says_of_itself(
    table: MemoryTable, browser: Browser, login_stores: LoginStores, clock: Clock, users_send: Send
) -> None:
    """The oldest consents go first: without them the user sees one more page, but no grant ends."""
    uris = [f"https://app.example/{number}?a={'x' * 1900}" for number in range(8)]
    asked = {**PUBLIC, "client_name": "🎉" * 80, "redirect_uris": uris}
    client = users_send("POST", "/dcr", json=asked)["json"]
    for uri in uris:
        clock.now += 60
        log_in(browser, client, redirect_uri=uri)
    user = login_stores.users.get("alice")
    assert (len(user.grants), len(user.consents)) == (8, 5)
    assert _bytes(table) < SHARE_BYTES + WHO_BYTES
    # The newest is among them.
    assert browser.get("/authorize", asking(client, redirect_uri=uris[-1]))["statusCode"] == 302
    assert browser.get("/authorize", asking(client, redirect_uri=uris[0]))["statusCode"] == 200


def test_a_grant_without_a_refresh_token_ends_with_its_access_token(
    browser: Browser, client: dict[str, Any], lasting: dict[str, Any], login_stores: LoginStores
) -> None:
    """The code is valid for a minute and the access token for an hour, but the consent lasts as for other clients."""
    for asker, end in ((client, NOW + 60 + 3600), (lasting, NOW + 90 * DAY)):
        made = grant_id(log_in(browser, asker))
        grant = login_stores.grants.get(made)
        assert grant is not None
        user = login_stores.users.get("alice")
        assert (grant.absolute_expires_at, user.grants[made].expires) == (end, end)
        assert user.expires_at == NOW + 90 * DAY


def test_logins_that_nobody_is_asked_about_count_too(browser: Browser, client: dict[str, Any], clock: Clock) -> None:
    """RFC 6585 4: each one writes to the table, and issues a grant."""
    log_in(browser, client)
    answers = [browser.get("/authorize", asking(client))["statusCode"] for _ in range(5)]
    assert answers == [302] * 4 + [429]
    clock.now += 60
    assert browser.get("/authorize", asking(client))["statusCode"] == 302


def _approve_and_log_in(browser: Browser, client: dict[str, Any]) -> dict[str, Any]:
    """Approve a client, log in, and return the response to the user."""
    return come_back(browser, forward_url(approve(browser, browser.get("/authorize", asking(client)))))


def _bytes(table: MemoryTable) -> int:
    """Return the size of Alice's item as DynamoDB counts it: names and values in UTF-8, and a few bytes for each."""
    [item] = [item for item in list(table.items.values()) if item["pk"][:7] == "person#"]
    return _size(item)


def _size(value: Any) -> int:
    if isinstance(value, dict):
        return 3 + sum(len(name.encode()) + _size(one) + 1 for name, one in value.items())
    return len(value.encode()) if isinstance(value, str) else 21
