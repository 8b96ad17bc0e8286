"""Rate limits of registrations by source address, and of failed authentications by client."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from runtime.http.network import network
from runtime.oauth.rate_limit import HOUR, MINUTE
from runtime.records.errors import StoreUnavailable
from runtime.storage.counters import DynamoDBCounters
from tests.memory.table import MemoryTable
from tests.unit.conftest import NOW, Clock, Send, basic

MACHINE = {"grant_types": ["client_credentials"]}
SendTo = Callable[..., Send]


def counters(table: MemoryTable) -> dict[str, tuple[int, int]]:
    """Return the count and the end of each counter in the table."""
    items = list(table.items.values())
    return {
        str(item["pk"]): (int(str(item["events"])), int(str(item["expires_at"])))
        for item in items
        if str(item["pk"]).startswith("rate#")
    }


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def ask(send: Send, client_id: str, secret: str) -> dict[str, Any]:
    return send("POST", "/token", form={"grant_type": "client_credentials"}, headers=basic(client_id, secret))


def test_a_source_registers_as_often_as_allowed_and_then_waits_for_the_next_hour(send_to: SendTo, clock: Clock) -> None:
    """RFC 6585 4."""
    send = send_to(registrations_per_hour=2)
    clock.now = NOW - NOW % HOUR + 600
    statuses = [send("POST", "/dcr", json=MACHINE)["statusCode"] for _ in range(3)]
    assert statuses == [201, 201, 429]
    answer = send("POST", "/dcr", json=MACHINE)
    assert answer["headers"]["Retry-After"] == str(HOUR - 600)
    assert answer["json"]["error"] == "temporarily_unavailable"
    assert send("POST", "/dcr", json=MACHINE, source_ip="198.51.100.1")["statusCode"] == 201
    clock.now += HOUR - 600
    assert send("POST", "/dcr", json=MACHINE)["statusCode"] == 201


def test_a_registration_that_is_refused_is_not_counted(table: MemoryTable, send_to: SendTo) -> None:
    send = send_to(registrations_per_hour=1)
    assert send("POST", "/dcr", json={"grant_types": ["password"]})["statusCode"] == 400
    assert counters(table) == {}
    assert send("POST", "/dcr", json=MACHINE)["statusCode"] == 201
    [(key, (events, end))] = counters(table).items()
    assert key.startswith("rate#registration#")
    assert (events, end % HOUR) == (1, 0)
    assert NOW < end <= NOW + HOUR


def test_an_update_counts_like_a_registration(send_to: SendTo) -> None:
    """RFC 7592 2.2: it writes as much."""
    send = send_to(registrations_per_hour=2)
    client = send("POST", "/dcr", json=MACHINE)["json"]

    def update(token: str, **members: Any) -> dict[str, Any]:
        body = {"client_id": client["client_id"], **MACHINE, **members}
        path = {"clientId": client["client_id"]}
        return send("PUT", "/clients/{clientId}", json=body, headers=bearer(token), path_parameters=path)

    assert update(client["registration_access_token"], client_name=5)["statusCode"] == 400
    updated = update(client["registration_access_token"])
    assert updated["statusCode"] == 200
    late = update(updated["json"]["registration_access_token"], client_name="late")
    assert (late["statusCode"], late["json"]["error"]) == (429, "temporarily_unavailable")
    assert send("POST", "/dcr", json=MACHINE)["statusCode"] == 429


@pytest.mark.parametrize(
    ("address", "source"),
    [
        ("203.0.113.9", "203.0.113.9/32"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("", ""),
    ],
)
def test_a_source_is_an_ipv4_address_or_an_ipv6_network(address: str, source: str) -> None:
    assert network(address) == source


def test_a_client_that_fails_too_often_is_told_to_wait_until_the_next_minute(send_to: SendTo, clock: Clock) -> None:
    send = send_to(failed_authentications_per_minute=3)
    clock.now = NOW - NOW % MINUTE + 50
    client = send("POST", "/dcr", json=MACHINE)["json"]
    other = send("POST", "/dcr", json=MACHINE)["json"]
    statuses = [ask(send, client["client_id"], "wrong")["statusCode"] for _ in range(4)]
    assert statuses == [401, 401, 401, 429]
    assert ask(send, client["client_id"], "wrong")["headers"]["Retry-After"] == "10"
    assert ask(send, other["client_id"], "wrong")["statusCode"] == 401
    clock.now += 10
    assert ask(send, client["client_id"], "wrong")["statusCode"] == 401


def test_failures_with_its_id_do_not_lock_a_client_out(send_to: SendTo) -> None:
    send = send_to(failed_authentications_per_minute=1)
    client = send("POST", "/dcr", json=MACHINE)["json"]
    for _ in range(3):
        ask(send, client["client_id"], "wrong")
    assert ask(send, client["client_id"], client["client_secret"])["statusCode"] == 200


def test_an_unknown_client_is_limited_like_a_known_one(send_to: SendTo) -> None:
    send = send_to(failed_authentications_per_minute=1)
    client = send("POST", "/dcr", json=MACHINE)["json"]
    known = [ask(send, client["client_id"], "wrong") for _ in range(2)]
    unknown = [ask(send, "x" * 3000, "wrong") for _ in range(2)]
    assert [answer["body"] for answer in known] == [answer["body"] for answer in unknown]
    assert [answer["statusCode"] for answer in known] == [401, 429]


def test_an_authentication_that_succeeds_writes_nothing(table: MemoryTable, send: Send) -> None:
    """Except for the first: a client that gets a token is renewed for more than a day."""
    client = send("POST", "/dcr", json=MACHINE)["json"]
    assert ask(send, client["client_id"], client["client_secret"])["statusCode"] == 200
    before = copy.deepcopy(table.items)
    assert ask(send, client["client_id"], client["client_secret"])["statusCode"] == 200
    assert table.items == before


def test_an_unavailable_table_is_a_failure(table: MemoryTable) -> None:
    table.is_away = True
    with pytest.raises(StoreUnavailable):
        DynamoDBCounters(table).count("somebody", NOW, 1)
