"""How much a person's list holds, and who makes room: what a client never uses ends nobody else's access."""

from collections.abc import Callable
from typing import Any

import pytest

from runtime.login.stores import LoginStores
from runtime.storage.login_records import GivenGrant, PersonChange
from runtime.storage.records import Grant
from tests.unit.browser.journey import Browser, asking, come_back, log_in
from tests.unit.conftest import NOW, Clock

Give = Callable[[str, str, int], None]
DAY = 86_400


@pytest.fixture
def give(login_stores: LoginStores) -> Give:
    """Adds a grant of a client to Alice's list, at a time."""

    def given(grant_id: str, client_id: str, at: int) -> None:
        end = NOW + 90 * DAY
        login_stores.people.give(
            Grant(grant_id, client_id, "", "alice", "mcp", "", "", "", "", 0, at, end, end),
            PersonChange({}, {grant_id: GivenGrant(client_id, "", "mcp", at, end)}, (), (), end),
        )

    return given


def grant_id(answer: dict[str, str]) -> str:
    return answer["code"].partition(".")[0]


def test_a_client_that_asks_again_and_again_pushes_out_its_own_grants_only(
    browser: Browser, lasting: dict[str, Any], login_stores: LoginStores, give: Give, clock: Clock
) -> None:
    """A client that was approved once comes back without asking anybody, as often as it likes."""
    give("other", "another client", NOW - DAY)
    first = grant_id(log_in(browser, lasting))
    for number in range(18):
        give(f"own {number}", lasting["client_id"], NOW + 1)
    clock.now += 60
    for expected in (20, 20):
        come_back(browser, browser.get("/authorize", asking(lasting))["headers"]["Location"])
        kept = login_stores.people.get("alice").grants
        assert len([one for one in kept.values() if one.client_id == lasting["client_id"]]) == expected
    assert "other" in kept
    assert login_stores.grants.get("other") is not None
    # What has left the list is good for nothing.
    assert first not in kept
    assert login_stores.grants.get(first) is None


def test_on_a_full_list_the_same_clients_oldest_grant_makes_room(
    browser: Browser, lasting: dict[str, Any], login_stores: LoginStores, give: Give
) -> None:
    give("own", lasting["client_id"], NOW - 1)
    for number in range(99):
        give(str(number), f"client {number // 10}", NOW - DAY + number)
    latest = grant_id(log_in(browser, lasting))
    kept = login_stores.people.get("alice").grants
    assert set(kept) == {latest, *map(str, range(99))}


def test_a_client_that_is_new_to_a_full_list_ends_the_oldest_grant(
    browser: Browser, lasting: dict[str, Any], login_stores: LoginStores, give: Give
) -> None:
    for number in range(100):
        give(str(number), f"client {number // 10}", NOW - DAY + number)
    log_in(browser, lasting)
    kept = login_stores.people.get("alice").grants
    assert (len(kept), "0" in kept, "1" in kept) == (100, False, True)
    assert login_stores.grants.get("0") is None


def test_a_grant_without_a_refresh_token_ends_with_its_access_token(
    browser: Browser, client: dict[str, Any], lasting: dict[str, Any], login_stores: LoginStores
) -> None:
    """A code counts for a minute, and the token of the stack for an hour; the consent lasts, as it does for others."""
    for asker, end in ((client, NOW + 60 + 3600), (lasting, NOW + 90 * DAY)):
        made = grant_id(log_in(browser, asker))
        grant = login_stores.grants.get(made)
        assert grant is not None
        person = login_stores.people.get("alice")
        assert (grant.absolute_expires_at, person.grants[made].expires) == (end, end)
        assert person.expires_at == NOW + 90 * DAY


def test_logins_that_nobody_is_asked_about_count_too(browser: Browser, client: dict[str, Any], clock: Clock) -> None:
    """RFC 6585 4: each is a write, and a grant."""
    log_in(browser, client)
    answers = [browser.get("/authorize", asking(client))["statusCode"] for _ in range(5)]
    assert answers == [302] * 4 + [429]
    clock.now += 60
    assert browser.get("/authorize", asking(client))["statusCode"] == 302
