"""How much a user's list holds, and who makes room: no client ends what another one was granted."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from runtime.login.stores import LoginStores
from runtime.login.users import MOST_CLIENTS, SHARE_BYTES
from runtime.records.login import Consent, UserChange, UserGrant
from runtime.records.oauth import Grant
from tests.memory.audit_log import MemoryAuditLog
from tests.memory.table import MemoryTable
from tests.support.login import PUBLIC, Browser, approve, asking, come_back, leads_to, log_in
from tests.unit.conftest import NOW, Clock, Send

Give = Callable[..., None]
DAY = 86_400
END = NOW + 90 * DAY
ITEM_BYTES = 400 * 1024


@pytest.fixture
def give(login_stores: LoginStores) -> Give:
    """Adds a grant of a client to Alice's list, at a time."""

    def given(grant_id: str, client_id: str, at: int) -> None:
        login_stores.users.add_grant(
            Grant(grant_id, client_id, "", "alice", "mcp", "", "", "", "", 0, at, END, END),
            UserChange({}, {grant_id: UserGrant(client_id, at, END)}, (), (), END),
        )

    return given


@pytest.fixture
def give_many(login_stores: LoginStores) -> Callable[[Sequence[str]], None]:
    """Adds a client with a grant and a consent for each name, one second after the other; the grants are all alive."""

    def given(names: Sequence[str]) -> None:
        for number, name in enumerate(names):
            at = NOW - DAY + number
            consent = Consent(name, name, "https://app.example/", "mcp", at, END)
            login_stores.users.add_grant(
                Grant(name, name, "", "alice", "mcp", "", "", "", "", 0, at, END, END),
                UserChange({name: consent}, {name: UserGrant(name, at, END)}, (), (), END),
            )

    return given


def grant_id(answer: dict[str, str]) -> str:
    return answer["code"].partition(".")[0]


def displaced(audit: MemoryAuditLog) -> list[dict[str, Any]]:
    return [event for event in audit.events if event["event"] == "grant_displaced"]


def test_a_client_that_asks_again_and_again_pushes_out_its_own_grants_only(
    audit: MemoryAuditLog,
    browser: Browser,
    lasting: dict[str, Any],
    login_stores: LoginStores,
    give: Give,
    clock: Clock,
) -> None:
    """A client that was approved once comes back without asking anybody, as often as it likes."""
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
    [event] = displaced(audit)
    assert (event["grant_id"], event["client_id"]) == (first, lasting["client_id"])


def test_clients_that_have_all_they_can_have_leave_room_for_others(
    audit: MemoryAuditLog, browser: Browser, lasting: dict[str, Any], login_stores: LoginStores, give: Give
) -> None:
    """Five clients of twenty grants each, once, filled the list for everybody."""
    for number in range(120):
        give(str(number), f"client {number // 20}", NOW - DAY + number)
    latest = grant_id(log_in(browser, lasting))
    kept = login_stores.users.get("alice").grants
    assert set(kept) == {latest, *map(str, range(120))}
    assert all(login_stores.grants.get(str(number)) for number in range(120))
    assert displaced(audit) == []


def test_a_client_for_which_there_is_no_room_is_refused_and_nobody_makes_any(
    audit: MemoryAuditLog,
    browser: Browser,
    lasting: dict[str, Any],
    login_stores: LoginStores,
    give_many: Callable[[Sequence[str]], None],
    users_send: Send,
) -> None:
    """RFC 6749 4.1.2.1: access_denied, by a link; the user is told first what they can do."""
    give_many([f"client {number}" for number in range(MOST_CLIENTS)])
    answer = _approved(browser, lasting)
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
    assert _approved(browser, lasting)["statusCode"] == 403


def test_a_client_whose_grants_have_all_ended_makes_room(
    audit: MemoryAuditLog,
    browser: Browser,
    lasting: dict[str, Any],
    login_stores: LoginStores,
    give_many: Callable[[Sequence[str]], None],
) -> None:
    """Of a grant that was revoked, or that nobody has used for long, the list does not know."""
    give_many([f"client {number}" for number in range(MOST_CLIENTS)])
    login_stores.grants.revoke("client 7")
    made = grant_id(log_in(browser, lasting))
    user = login_stores.users.get("alice")
    assert set(user.grants) == {made} | {f"client {number}" for number in range(MOST_CLIENTS) if number != 7}
    assert "client 7" not in user.consents
    # It had ended before.
    assert displaced(audit) == []


def test_the_largest_list_fits_into_an_item_of_the_table(table: MemoryTable, login_stores: LoginStores) -> None:
    """DynamoDB takes 400 KB. Each client has the longest id, name, redirect URI and scopes that there can be."""
    client_id, name, uri, scope = "https://" + "c" * 1016, "🎉" * 80, "u" * 199 + "…", "s" * 2000
    consent, given = Consent(client_id, name, uri, scope, NOW, END), UserGrant(client_id, NOW, END)
    login_stores.users.add_grant(
        Grant("g", client_id, name, "alice", "mcp", "", "", "", "", 0, NOW, END, END),
        UserChange({"k" * 64: consent}, {"g" * 22: given}, (), (), END),
    )
    assert _bytes(table) <= SHARE_BYTES
    assert SHARE_BYTES * MOST_CLIENTS < ITEM_BYTES


def test_a_client_keeps_to_its_own_share_whatever_it_says_of_itself(
    table: MemoryTable, browser: Browser, login_stores: LoginStores, clock: Clock, users_send: Send
) -> None:
    """Its oldest consents go first: they cost a page more, and end nothing."""
    uris = [f"https://app.example/{number}?a={'x' * 1900}" for number in range(8)]
    asked = {**PUBLIC, "client_name": "🎉" * 80, "redirect_uris": uris}
    client = users_send("POST", "/dcr", json=asked)["json"]
    for uri in uris:
        clock.now += 60
        log_in(browser, client, redirect_uri=uri)
    user = login_stores.users.get("alice")
    assert (len(user.grants), len(user.consents)) == (8, 5)
    assert _bytes(table) < SHARE_BYTES
    # The newest is among them.
    assert browser.get("/authorize", asking(client, redirect_uri=uris[-1]))["statusCode"] == 302
    assert browser.get("/authorize", asking(client, redirect_uri=uris[0]))["statusCode"] == 200


def test_a_grant_without_a_refresh_token_ends_with_its_access_token(
    browser: Browser, client: dict[str, Any], lasting: dict[str, Any], login_stores: LoginStores
) -> None:
    """A code counts for a minute, and the token of the stack for an hour; the consent lasts, as it does for others."""
    for asker, end in ((client, NOW + 60 + 3600), (lasting, NOW + 90 * DAY)):
        made = grant_id(log_in(browser, asker))
        grant = login_stores.grants.get(made)
        assert grant is not None
        user = login_stores.users.get("alice")
        assert (grant.absolute_expires_at, user.grants[made].expires) == (end, end)
        assert user.expires_at == NOW + 90 * DAY


def test_logins_that_nobody_is_asked_about_count_too(browser: Browser, client: dict[str, Any], clock: Clock) -> None:
    """RFC 6585 4: each is a write, and a grant."""
    log_in(browser, client)
    answers = [browser.get("/authorize", asking(client))["statusCode"] for _ in range(5)]
    assert answers == [302] * 4 + [429]
    clock.now += 60
    assert browser.get("/authorize", asking(client))["statusCode"] == 302


def _approved(browser: Browser, client: dict[str, Any]) -> dict[str, Any]:
    """What the user is shown who has approved a client and logged in."""
    return come_back(browser, leads_to(approve(browser, browser.get("/authorize", asking(client)))))


def _bytes(table: MemoryTable) -> int:
    """What Alice's item takes, as DynamoDB counts: names and values in UTF-8, and a few bytes for each of them."""
    [item] = [item for item in list(table.items.values()) if item["pk"][:7] == "person#"]
    return _size(item)


def _size(value: Any) -> int:
    if isinstance(value, dict):
        return 3 + sum(len(name.encode()) + _size(one) + 1 for name, one in value.items())
    return len(value.encode()) if isinstance(value, str) else 21
