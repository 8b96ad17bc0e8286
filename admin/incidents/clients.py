"""What an operator sees of a client: its registration and its state, never a secret or a hash of one."""

from collections.abc import Mapping
from typing import Any, Final

from admin.text import moment
from runtime.prefixes import CLIENTS
from runtime.storage.clients import client_from_item
from runtime.storage.table import Item

# A signed statement about the client. Its members are among the others.
LEFT_OUT: Final = ("software_statement",)
HEADS: Final = ("CLIENT", "NAME", "GRANT TYPES", "SCOPE", "ISSUED", "LAST USED", "EXPIRES", "STATE")


def is_current(item: Item, now: float) -> bool:
    """Whether a client has not expired. DynamoDB deletes expired items late."""
    return not 0 < item.get("expires_at", 0) <= now


def describe_client(item: Item) -> dict[str, Any]:
    """Return what is known of the client in an item, with times in UTC."""
    client_id = item["pk"].removeprefix(CLIENTS)
    disabled_at = moment(int(item["disabled_at"])) if "disabled_at" in item else None
    if client_id.startswith("https://"):
        return {"client_id": client_id, "registered": False, "disabled_at": disabled_at}
    client = client_from_item(item)
    metadata = {name: value for name, value in client.metadata.items() if name not in LEFT_OUT}
    return {
        "client_id": client_id,
        "registered": True,
        "disabled_at": disabled_at,
        "issued_at": moment(client.issued_at),
        "last_used_at": moment(client.last_used_at) if client.last_used_at else None,
        "expires_at": moment(client.expires_at) if client.expires_at else None,
        "secret_expires_at": moment(client.secret_expires_at) if client.secret_expires_at else None,
        "has_secret": client.secret_hash is not None,
        "invited": client.invited,
        "metadata": metadata,
    }


def client_row(client: Mapping[str, Any]) -> tuple[str, ...]:
    """Return a client as a row below ``HEADS``."""
    metadata = client.get("metadata", {})
    grant_types = " ".join(metadata.get("grant_types", ())) or "(metadata document)"
    times = (client.get(name) or "-" for name in ("issued_at", "last_used_at", "expires_at"))
    state = f"disabled {client['disabled_at']}" if client["disabled_at"] else "enabled"
    name, scope = str(metadata.get("client_name", "")), str(metadata.get("scope", ""))
    return (client["client_id"], name, grant_types, scope, *times, state)
