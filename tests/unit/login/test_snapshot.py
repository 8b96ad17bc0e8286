"""The stored items: their members outlive the code that wrote them, so renaming a class must not rename a member."""

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from runtime.oauth.stores import Stores
from runtime.records.oauth import FetchedDocument
from runtime.storage.cutoff import DynamoDBCutoff
from tests.memory.table import MemoryTable
from tests.support.login import VERIFIER, Browser, approve, asking, come_back, forward_url, redirect_parameters
from tests.unit.conftest import NOW, Clock, Send, basic
from tests.unit.mcp import test_tasks
from tests.unit.mcp.asking import ASKING, CAN
from tests.unit.mcp.conftest import Server, app_of

SNAPSHOT = Path(__file__).parent / "snapshot.json"
# What a member's name holds after this is an identifier.
IDENTIFIED = re.compile(r"^(consent#|grant#|)[0-9a-f]{32,}.*|^(grant#).*")


def shape(value: Any) -> Any:
    """Return the names and types of a value, without its contents."""
    if isinstance(value, str) and value[:1] in {"{", "["}:
        return {"json": shape(json.loads(value))}
    if isinstance(value, Mapping):
        return {IDENTIFIED.sub(r"\1\2*", name): shape(member) for name, member in value.items()}
    if isinstance(value, list):
        return [shape(item) for item in value[:1]]
    return (
        "number" if isinstance(value, int | float | Decimal) and not isinstance(value, bool) else type(value).__name__
    )


def shapes(table: MemoryTable) -> dict[str, Any]:
    """Return the shape of each kind of item: the union over all items of that kind."""
    kinds: dict[str, Any] = {}
    for item in table.items.values():
        kinds.setdefault(item["pk"].partition("#")[0], {}).update(shape(item))
    return kinds


def sign_in(browser: Browser, client: dict[str, Any], send: Send) -> None:
    """Push a request, approve it, log in, and get tokens twice."""
    pushed = browser.send("POST", "/par", form=asking(client))["json"]
    reference = {"client_id": client["client_id"], "request_uri": pushed["request_uri"]}
    page = browser.get("/authorize", reference)
    code = redirect_parameters(come_back(browser, forward_url(approve(browser, page))))["code"]
    named = {"client_id": client["client_id"]}
    form = {**named, "grant_type": "authorization_code", "code": code, "code_verifier": VERIFIER}
    issued = send("POST", "/token", form=form)["json"]
    renewal = {**named, "grant_type": "refresh_token", "refresh_token": issued["refresh_token"]}
    assert send("POST", "/token", form=renewal)["statusCode"] == 200
    # One more login stays unfinished.
    approve(browser, browser.get("/authorize", asking(client, prompt="consent")))


def revoke_a_token(send: Send) -> None:
    robot = send("POST", "/dcr", json={"grant_types": ["client_credentials"]})["json"]
    proof = basic(robot["client_id"], robot["client_secret"])
    token = send("POST", "/token", form={"grant_type": "client_credentials"}, headers=proof)["json"]["access_token"]
    assert send("POST", "/revoke", form={"token": token}, headers=proof)["statusCode"] == 200


def ask_and_work(table: MemoryTable, clock: Clock) -> None:
    """Store a question, a log level and a task."""
    server = Server(app_of(*ASKING, test_tasks.slow), clock, table)
    server.legacy("tools/call", {"name": "greet"}, headers=server.session(CAN))
    server.legacy("logging/setLevel", {"level": "error"})
    test_tasks.start(server, "slow")


def test_stored_items_keep_their_members(
    browser: Browser,
    users_send: Send,
    lasting: dict[str, Any],
    stores: Stores,
    table: MemoryTable,
    clock: Clock,
) -> None:
    sign_in(browser, lasting, users_send)
    revoke_a_token(users_send)
    ask_and_work(table, clock)
    stores.initial_tokens.add("hash", NOW + 60)
    stores.one_time.consume("client", "id", NOW + 60, NOW)
    fetched = FetchedDocument({"keys": []}, NOW, NOW + 60)
    stores.keys.put("hash", fetched)
    stores.documents.put("hash", fetched)
    DynamoDBCutoff(table).advance(NOW)
    assert shapes(table) == json.loads(SNAPSHOT.read_text())
