"""A ticket service over its OpenAPI document: a real HTTP server, which the functions of the local stack call."""

import importlib.util
import threading
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest

from local.program import ROOT
from tests.examples.conftest import Example

pytestmark = pytest.mark.stack


def _load_service() -> ModuleType:
    spec = importlib.util.spec_from_file_location("tickets_service", ROOT / "examples" / "tickets" / "service.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


SERVICE = _load_service()


@pytest.fixture(scope="module", autouse=True)
def service() -> Iterator[Any]:
    """The service, on the port where ``needs.schema.json`` says it is."""
    with SERVICE.Service() as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        yield running
        running.shutdown()
        thread.join(5)


def _set_key(example: Example) -> None:
    """Do what an operator does: ``python -m admin set-secret TICKETS_KEY``."""
    secrets = example.stack.client("secretsmanager")
    [name] = [one["Name"] for one in secrets.list_secrets()["SecretList"] if "TICKETS_KEY" in one["Name"]]
    secrets.put_secret_value(SecretId=name, SecretString=SERVICE.KEY)


def test_without_its_key_a_tool_says_what_an_operator_must_do(example: Example) -> None:
    assert "the secret TICKETS_KEY has no value" in example.fail("getTicket", number=1)


def test_the_tools_work_on_tickets_and_the_key_is_in_no_answer(example: Example) -> None:
    _set_key(example)
    first = example.call("listTickets", team="ops")
    assert [ticket["title"] for ticket in first["tickets"]] == ["Disk is full", "Renew the certificate"]
    opened = example.call("openTicket", team="ops", title="Cable is loose")
    assert (opened["number"], opened["state"]) == (4, "open")
    assert example.call("changeTicket", number=4, state="done")["state"] == "done"
    assert (
        example.fail("getTicket", number=9) == 'The API answered 404 Not Found: {"detail":"There is no such ticket."}'
    )
    assert "Invalid arguments" in example.fail("changeTicket", number=4, state="lost")
    assert SERVICE.KEY not in str(first)


def test_an_operation_that_was_not_chosen_is_no_tool(example: Example) -> None:
    assert "exportTickets" not in example.printed
    assert "listTickets" in example.printed
