"""Client metadata documents for tests."""

import json
from typing import Any

from tests.memory.table import MemoryTable
from tests.support.tls_server import URL, response

DOCUMENT: dict[str, Any] = {
    "client_id": URL,
    "client_name": "Example",
    "redirect_uris": ["http://127.0.0.1/cb", "https://client.example.com/cb"],
}


def document_response(*headers: str, **members: Any) -> bytes:
    document = {name: value for name, value in {**DOCUMENT, **members}.items() if value != "left out"}
    return response(json.dumps(document).encode(), *headers)


def cached_documents(table: MemoryTable) -> list[dict[str, Any]]:
    items = list(table.items.values())
    return [item for item in items if str(item["pk"]).startswith("document#")]
