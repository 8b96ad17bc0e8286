"""What is read: YAML and JSON, several files, and nothing from elsewhere."""

from pathlib import Path

import pytest

from openapi.compiler import make
from openapi.document import Document, DocumentError
from runtime.openapi.table import Choice, Table

ROOT = """\
openapi: 3.0.3
info: {title: Tickets, version: 2026-01-01}
servers: [{url: "https://{region}.example.com", variables: {region: {default: eu, enum: [eu, us]}}}]
paths:
  /tickets: {$ref: "paths/tickets.yaml"}
"""
TICKETS = """\
get:
  operationId: list
  parameters:
    - {$ref: "../shared.yaml#/state"}
  responses:
    200: {description: ok}
"""
SHARED = """\
state: {name: state, in: query, schema: {type: string, enum: [no, on, 2026-01-01]}}
"""


@pytest.fixture
def files(tmp_path: Path) -> Path:
    folder = tmp_path / "app"
    (folder / "paths").mkdir(parents=True)
    (folder / "api.yaml").write_text(ROOT)
    (folder / "paths" / "tickets.yaml").write_text(TICKETS)
    (folder / "shared.yaml").write_text(SHARED)
    return folder


def _make(folder: Path) -> Table:
    return make(folder / "api.yaml", Choice(), folder.parent / "cache").table


def test_references_lead_to_files_beside_the_document_and_values_have_the_types_of_json(files: Path) -> None:
    [operation] = _make(files).operations
    # YAML 1.1 reads them as false, true and a date.
    assert operation.input_schema["properties"]["state"]["enum"] == ["no", "on", "2026-01-01"]


def test_the_server_has_its_variables(files: Path) -> None:
    server = _make(files).server
    assert server is not None
    assert (server.variables, server.choices) == ({"region": "eu"}, {"region": ("eu", "us")})


def test_a_table_is_made_anew_when_a_file_of_the_document_changes(files: Path) -> None:
    before = _make(files)
    assert _make(files) == before
    (files / "shared.yaml").write_text(SHARED.replace("[no", "[maybe"))
    assert _make(files).operations[0].input_schema["properties"]["state"]["enum"][0] == "maybe"


@pytest.mark.parametrize(
    "reference",
    [
        "https://example.com/shared.yaml#/state",
        "file:///etc/passwd",
        "../../outside.yaml#/state",
        "../missing.yaml#/state",
        "../shared.yaml#/other",
        "../paths",
    ],
)
def test_a_reference_to_elsewhere_is_an_error(files: Path, reference: str) -> None:
    (files.parent / "outside.yaml").write_text(SHARED)
    (files / "paths" / "tickets.yaml").write_text(TICKETS.replace("../shared.yaml#/state", reference))
    with pytest.raises(DocumentError, match="leads nowhere"):
        _make(files)


def test_a_link_to_another_place_is_elsewhere(files: Path) -> None:
    (files.parent / "outside.yaml").write_text(SHARED)
    (files / "shared.yaml").unlink()
    (files / "shared.yaml").symlink_to(files.parent / "outside.yaml")
    with pytest.raises(DocumentError, match="leads nowhere"):
        _make(files)


def test_references_in_a_circle_are_an_error(files: Path) -> None:
    (files / "shared.yaml").write_text('state: {$ref: "#/other"}\nother: {$ref: "#/state"}\n')
    with pytest.raises(DocumentError, match="refers to itself"):
        _make(files)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("swagger: '2.0'", "it is something else"),
        ("openapi: 3.2.0", "it is version 3.2.0"),
        ("- a", "it is something else"),
        ("a: [", "is neither YAML nor JSON"),
        ("? [a]\n: b", "must be text"),
        ("a: !!python/object/apply:os.system [ls]", "is neither YAML nor JSON"),
    ],
)
def test_another_format_is_an_error(tmp_path: Path, text: str, reason: str) -> None:
    (tmp_path / "api.yaml").write_text(text)
    with pytest.raises(ValueError, match=reason):
        Document(tmp_path / "api.yaml")


def test_a_fault_is_named_by_its_pointer_and_counts_only_for_operations_that_need_it(files: Path) -> None:
    (files / "api.yaml").write_text(f"{ROOT}  /broken: {{get: {{operationId: broken, responses: {{200: {{}}}}}}}}\n")
    table = _make(files)
    assert [one.name for one in table.operations] == ["list"]
    [skipped] = table.skipped
    assert skipped.reason.startswith("it is not valid OpenAPI: /paths/~1broken/get/responses/200")
