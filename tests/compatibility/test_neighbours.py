"""This version and the one before it understand each other's items, tokens and signed values.

During a release, each request may meet either version. A failure here means that a release would log users out, lose
requests in progress, or break clients. Write the old member as well for one more version, or read both.
"""

import json
from dataclasses import fields
from typing import Any

import pytest

from runtime import prefixes
from runtime.login.request import AuthorizationRequest
from tests.compatibility import carried, stored
from tests.compatibility.recording import Recording, table_of
from tests.compatibility.shape import contradicted, lost

BEFORE = Recording.load()
SIGNED = ("state", "form", "session", "cursor", "context", "token of a client", "token of a user")


@pytest.fixture(scope="module")
def now() -> Recording:
    return Recording.make()


@pytest.mark.parametrize("name", BEFORE.records)
def test_this_version_reads_what_the_one_before_has_stored(name: str) -> None:
    assert not list(contradicted(BEFORE.records[name], stored.read(table_of(BEFORE.items))[name]))


@pytest.mark.parametrize("name", BEFORE.values)
def test_this_version_reads_what_the_one_before_has_sent_along(name: str) -> None:
    read = carried.read(table_of(BEFORE.items), BEFORE.carried)
    assert not list(contradicted(BEFORE.values[name], read[name]))


@pytest.mark.parametrize("key", BEFORE.items)
def test_the_version_before_finds_each_member_that_it_reads_in_an_item(key: str, now: Recording) -> None:
    assert key in now.items, "the version before looks for this key"
    assert not list(lost(BEFORE.items[key], now.items[key]))


@pytest.mark.parametrize(
    "name", ["state", "form", "session", "cursor", "context", "token of a client", "token of a user"]
)
def test_the_version_before_finds_each_member_that_it_reads_in_a_signed_value(name: str, now: Recording) -> None:
    assert not list(lost(opened(BEFORE.carried[name]), opened(now.carried[name])))


@pytest.mark.parametrize("name", ["code", "refresh token"])
def test_a_credential_has_the_same_parts(name: str, now: Recording) -> None:
    assert [len(part) for part in BEFORE.carried[name].split(".")] == [
        len(part) for part in now.carried[name].split(".")
    ]


def test_this_version_ignores_what_a_next_one_adds_to_an_item(now: Recording) -> None:
    """So that the next version can add members."""
    richer = {key: extended(key, item) for key, item in now.items.items()}
    assert stored.read(table_of(richer)) == now.records


def test_this_version_ignores_what_a_next_one_adds_to_a_request_or_a_context(now: Recording) -> None:
    request = AuthorizationRequest.from_dict(stored.REQUEST)
    assert AuthorizationRequest.from_dict({**stored.REQUEST, "ofTheNextVersion": 1}) == request
    context = {**now.carried["context"], "ofTheNextVersion": "1"}
    assert carried.read_caller(context) == carried.read_caller(now.carried["context"])


def test_each_kind_of_item_is_recorded() -> None:
    kinds = {value for name, value in vars(prefixes).items() if name.isupper()}
    assert {key.partition("#")[0] + "#" for key in BEFORE.items} == kinds, "add the new kind to stored.py, and record"


def test_the_authorization_request_is_recorded_in_full() -> None:
    assert stored.REQUEST.keys() == {field.name for field in fields(AuthorizationRequest)}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda item: item.pop("secret_hash"), ["/secret_hash is missing"]),
        (lambda item: item.update(issued_at={"S": "1"}), ["/issued_at/N is missing"]),
        (lambda item: item.update(metadata={"S": "{}"}), ["/metadata/S/client_name is missing"]),
        (lambda item: item.update(added={"S": "new"}), []),
    ],
    ids=["renamed", "another type", "renamed in a document", "added"],
)
def test_a_member_that_is_renamed_or_has_another_type_is_found(change: Any, said: list[str]) -> None:
    before = BEFORE.items["client#client-1"]
    after = json.loads(json.dumps(before))
    change(after)
    found = list(lost(before, after))
    assert found[: len(said)] == said
    assert bool(found) is bool(said)


def opened(value: Any) -> Any:
    """Return what a signed value or a token says, without its signature."""
    if not isinstance(value, str):
        return value
    parts = value.split(".")
    return [json.loads(carried.decode(part)) for part in parts[:-1]]


def extended(key: str, item: dict[str, Any]) -> dict[str, Any]:
    """Return an item with one attribute more, and with one member more in a document of this server's own."""
    richer = {**item, "of_the_next_version": {"M": {}}}
    if key.startswith((prefixes.EXCHANGES, prefixes.TASKS)):
        document = json.loads(item["document"]["S"])
        richer["document"] = {"S": json.dumps({**document, "of_the_next_version": {}})}
    return richer
