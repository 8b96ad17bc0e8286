"""The table of an OpenAPI document in an archive, in place of the document."""

import zipfile
from pathlib import Path

import pulumi
import pytest

from components.packaging.openapi_calls import find_calls
from components.packaging.openapi_tables import package_tables
from runtime.openapi.table import Choice, decode_table
from tests.infra.packaging.trees import build, write

DOCUMENT = """\
openapi: 3.1.0
info: {title: Tickets, version: "1"}
servers: [{url: "https://api.example.com"}]
paths:
  /tickets:
    get: {operationId: list, responses: {"200": {$ref: "shared.yaml#/ok"}}}
    post:
      operationId: upload
      requestBody: {content: {multipart/form-data: {schema: {type: object}}}}
      responses: {"200": {$ref: "shared.yaml#/ok"}}
"""
MODULE = 'from runtime.openapi import openapi_tools\n\ntools = openapi_tools("api.yaml", operations=["* /tickets"])\n'


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    root = tmp_path / "tree"
    write(root, "shop/__init__.py", "")
    write(root, "shop/entry.py", MODULE)
    write(root, "shop/api.yaml", DOCUMENT)
    write(root, "shop/shared.yaml", "ok: {description: ok}\n")
    write(root, "shop/notes.yaml", "a: b\n")
    write(root, "runtime/__init__.py", "")
    write(root, "runtime/openapi.py", "def openapi_tools(document, operations=()):\n    return ()\n")
    return root


def test_an_archive_has_the_table_and_not_the_document(tree: Path) -> None:
    name = Choice(("* /tickets",)).table_name("api.yaml")
    with zipfile.ZipFile(build(tree)) as archive:
        files = {file for file in archive.namelist() if file.startswith("shop/") and not file.endswith(".pyc")}
        table = decode_table(archive.read(f"shop/{name}"))
    assert files == {"shop/__init__.py", "shop/entry.py", "shop/notes.yaml", f"shop/{name}"}
    assert [operation.name for operation in table.operations] == ["list"]
    # Who deploys was told.
    assert table.skipped == ()


def test_a_changed_document_makes_another_archive(tree: Path) -> None:
    before = build(tree)
    assert build(tree) == before
    write(tree, "shop/shared.yaml", "ok: {description: ok, content: {application/json: {schema: {type: object}}}}\n")
    assert build(tree) != before


def test_nothing_of_it_is_packaged_for_a_module_that_has_no_document(tree: Path) -> None:
    write(tree, "shop/entry.py", "handler = None\n")
    with zipfile.ZipFile(build(tree)) as archive:
        assert "shop/api.yaml" in archive.namelist()
        assert not [name for name in archive.namelist() if name.endswith(".json")]


@pytest.mark.parametrize(
    "source",
    [
        "from runtime.openapi import openapi_tools as make\ntools = make('api.yaml', prefix='p_', operations=('a',))\n",
        "import runtime.openapi\ntools = runtime.openapi.openapi_tools('api.yaml', prefix='p_', operations=['a'])\n",
        "from runtime import openapi as o\nt = o.openapi_tools(document='api.yaml', operations=['a'], prefix='p_')\n",
    ],
)
def test_a_call_is_found_however_the_function_is_imported(tmp_path: Path, source: str) -> None:
    write(tmp_path, "tools.py", source)
    assert list(find_calls(tmp_path / "tools.py")) == [(tmp_path / "api.yaml", Choice(("a",), "p_"))]


@pytest.mark.parametrize(
    "call",
    [
        "openapi_tools(NAME)",
        "openapi_tools('api.yaml', operations=NAMES)",
        "openapi_tools('api.yaml', operations='list')",
        "openapi_tools('api.yaml', prefix=f'{NAME}_')",
        "openapi_tools(*NAMES)",
        "openapi_tools('api.yaml', **OPTIONS)",
        "openapi_tools(1)",
        "functools.partial(openapi_tools, 'api.yaml')",
    ],
)
def test_a_call_that_is_not_written_out_is_an_error_that_names_the_line(tmp_path: Path, call: str) -> None:
    write(tmp_path, "tools.py", f"from runtime.openapi import openapi_tools\n\ntools = {call}\n")
    with pytest.raises(pulumi.RunError, match=r"tools\.py:3: call openapi_tools with a document"):
        list(find_calls(tmp_path / "tools.py"))


@pytest.mark.parametrize(
    ("document", "reason"),
    [(None, "there is no file api.yaml beside it"), ("swagger: '2.0'", r"api\.yaml: OpenAPI 3\.0 or 3\.1 is needed")],
)
def test_a_document_that_cannot_be_used_is_an_error_that_names_it(
    tree: Path, document: str | None, reason: str
) -> None:
    (tree / "shop/api.yaml").unlink()
    if document:
        write(tree, "shop/api.yaml", document)
    with pytest.raises(pulumi.RunError, match=reason):
        package_tables([tree / "shop/entry.py"], tree.parent / "cache")
