"""Documents of real services: a form, several servers, many files; every tool in the form that strict clients take."""

import json
import warnings
from pathlib import Path

import pytest

from openapi.compiler import make
from runtime.authoring import CompatibilityWarning
from runtime.authoring.compatibility import warn_of_refusals
from runtime.openapi.base_url import BaseUrl, server_url
from runtime.openapi.request import build_request
from runtime.openapi.table import Choice, Table

HERE = Path(__file__).parent / "documents"
EVERYTHING = Choice(("* *",))
BASE = BaseUrl.parse("https://api.example.com")


def _table(tmp_path: Path, name: str) -> Table:
    return make(HERE / name, EVERYTHING, tmp_path).table


@pytest.mark.parametrize(
    ("name", "tools", "skipped"),
    [("twilio.json", 4, 0), ("box.json", 5, 1), ("digitalocean/api.yaml", 6, 0)],
)
def test_every_tool_has_a_name_and_schemas_that_strict_clients_take(
    tmp_path: Path, name: str, tools: int, skipped: int
) -> None:
    table = _table(tmp_path, name)
    assert (len(table.operations), len(table.skipped)) == (tools, skipped)
    with warnings.catch_warnings():
        warnings.simplefilter("error", CompatibilityWarning)
        for operation in table.operations:
            warn_of_refusals(_table, operation.name, operation.input_schema, operation.output_schema)
            assert len(json.dumps(operation.input_schema)) < 20_000


def test_a_message_is_sent_as_the_form_that_twilio_takes(tmp_path: Path) -> None:
    [create] = [one for one in _table(tmp_path, "twilio.json").operations if one.id == "CreateMessage"]
    assert create.input_schema["required"] == ["AccountSid", "To"]
    arguments = {"AccountSid": "AC1", "To": "+15551234", "Body": "Hi & bye", "MediaUrl": ["https://a", "https://b"]}
    request = build_request(create, BASE, arguments)
    assert request.target == "/2010-04-01/Accounts/AC1/Messages.json"
    assert request.body == b"To=%2B15551234&Body=Hi%20%26%20bye&MediaUrl=https%3A%2F%2Fa&MediaUrl=https%3A%2F%2Fb"


def test_dates_of_twilio_have_operators_in_their_names_and_arguments_have_not(tmp_path: Path) -> None:
    [listing] = [one for one in _table(tmp_path, "twilio.json").operations if one.id == "ListMessage"]
    names = {parameter.name: parameter.argument for parameter in listing.parameters}
    assert names["DateSent"] == "DateSent"
    assert {names["DateSent<"], names["DateSent>"]} == {"query_DateSent", "query_2_DateSent"}


def test_uploads_of_box_go_to_their_own_server(tmp_path: Path) -> None:
    [upload] = [one for one in _table(tmp_path, "box.json").operations if one.path == "/files/upload_sessions"]
    assert upload.server is not None
    assert server_url(upload.server, {}) == "https://upload.box.com/api/2.0"


def test_a_document_in_many_files_is_one(tmp_path: Path) -> None:
    table = _table(tmp_path, "digitalocean/api.yaml")
    [listing] = [one for one in table.operations if one.id == "tags_list"]
    assert list(listing.input_schema["properties"]) == ["per_page", "page"]
    assert listing.output_schema is not None
    assert set(listing.output_schema["properties"]) == {"tags", "links", "meta"}
    [assign] = [one for one in table.operations if one.id == "tags_assign_resources"]
    assert set(assign.input_schema["required"]) == {"tag_id", "resources"}
