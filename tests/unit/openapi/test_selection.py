"""Which operations become tools, and what they are called."""

import pytest

from openapi.document import DocumentError
from runtime.openapi.selection import MOST_UNSELECTED
from tests.unit.openapi.conftest import MakeTable, answer, document

PATHS = {
    "/tickets": {
        "get": {"operationId": "listTickets", "tags": ["read"], "responses": answer()},
        "post": {"operationId": "createTicket", "responses": answer()},
    },
    "/tickets/{id}": {
        "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}],
        "get": {"tags": ["read"], "responses": answer()},
    },
}


@pytest.mark.parametrize(
    ("selectors", "names"),
    [
        ([], ["listTickets", "createTicket", "get_tickets_id"]),
        (["createTicket"], ["createTicket"]),
        (["tag:read"], ["listTickets", "get_tickets_id"]),
        (["GET /tickets/{id}"], ["get_tickets_id"]),
        (["GET *"], ["listTickets", "get_tickets_id"]),
        (["* /tickets"], ["listTickets", "createTicket"]),
        (["GET /tickets/{id}", "listTickets"], ["listTickets", "get_tickets_id"]),
    ],
)
def test_operations_are_chosen_by_id_by_tag_and_by_method_and_path(
    table_of: MakeTable, selectors: list[str], names: list[str]
) -> None:
    assert [one.name for one in table_of(document(PATHS), *selectors).operations] == names


@pytest.mark.parametrize("selector", ["closeTicket", "tag:write", "PUT /tickets", "get /tickets", "/tickets", "list*"])
def test_a_selector_that_names_nothing_is_an_error(table_of: MakeTable, selector: str) -> None:
    with pytest.raises(ValueError, match="has no operation"):
        table_of(document(PATHS), "listTickets", selector)


def test_a_large_document_needs_a_selection(table_of: MakeTable) -> None:
    paths = {f"/{number}": {"get": {"responses": answer()}} for number in range(MOST_UNSELECTED + 1)}
    with pytest.raises(ValueError, match=r"51 operations, and 50 at most .*operations=\[\.\.\.\]"):
        table_of(document(paths))
    assert len(table_of(document(paths), "* *").operations) == MOST_UNSELECTED + 1


@pytest.mark.parametrize(
    ("stated", "name"),
    [
        ("repos/list-for-org", "repos_list-for-org"),
        ("List all Tickets!", "List_all_Tickets"),
        ("tickets.list", "tickets_list"),
        ("__x__", "x"),
        ("créer", "cr_er"),
        ("", "get_a_id_b"),
        ("日本", "get"),
    ],
)
def test_a_name_has_only_characters_that_every_client_takes(table_of: MakeTable, stated: str, name: str) -> None:
    parameter = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
    operation = {"responses": answer(), "parameters": [parameter], **({"operationId": stated} if stated else {})}
    [found] = table_of(document({"/a/{id}/b": {"get": operation}})).operations
    assert found.name == name


def test_names_that_would_be_equal_or_too_long_end_with_a_hash_that_no_selection_changes(table_of: MakeTable) -> None:
    paths = {
        "/a": {"get": {"operationId": "a/b", "responses": answer()}},
        "/b": {"get": {"operationId": "a.b", "responses": answer()}},
        "/c": {"get": {"operationId": "x" * 80, "responses": answer()}},
    }
    names = [one.name for one in table_of(document(paths)).operations]
    assert len(set(names)) == 3
    assert all(len(name) <= 64 for name in names)
    assert names[0].startswith("a_b_")
    assert [one.name for one in table_of(document(paths), "GET /b").operations] == [names[1]]


def test_a_prefix_counts_towards_the_length(table_of: MakeTable) -> None:
    paths = {"/c": {"get": {"operationId": "x" * 64, "responses": answer()}}}
    [found] = table_of(document(paths), prefix="crm_").operations
    assert found.name.startswith("crm_xxx")
    assert len(found.name) == 64
    with pytest.raises(DocumentError, match="prefix"):
        table_of(document(paths), prefix="c r m")


def test_an_operation_that_cannot_be_a_tool_is_an_error_by_its_name_and_is_left_out_of_a_group(
    table_of: MakeTable,
) -> None:
    upload = {"content": {"multipart/form-data": {"schema": {"type": "object"}}}}
    paths = {**PATHS, "/files": {"post": {"operationId": "upload", "requestBody": upload, "responses": answer()}}}
    with pytest.raises(DocumentError, match=r"POST /files: its body is multipart/form-data"):
        table_of(document(paths), "upload")
    table = table_of(document(paths), "POST *")
    assert [one.name for one in table.operations] == ["createTicket"]
    assert [(one.operation, "multipart" in one.reason) for one in table.skipped] == [("POST /files", True)]
    with pytest.raises(DocumentError, match="none of its operations can be a tool"):
        table_of(document(paths), "* /files")
