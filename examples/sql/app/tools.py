"""Tools that read a database."""

from typing import Annotated, Any

from msgspec import Meta
from runtime.app.database import Value, read

from runtime.authoring import ToolAnnotations, tool

TABLES = """
SELECT table_name, column_name, data_type FROM information_schema.columns
WHERE table_schema = :schema ORDER BY table_name, ordinal_position
"""


@tool(title="Tables", annotations=ToolAnnotations(read_only=True))
def list_tables(schema: str = "public") -> list[dict[str, Any]]:
    """List the tables of a schema with their columns."""
    rows: list[dict[str, Any]] = read(TABLES, {"schema": schema})
    return rows


@tool(title="Query", annotations=ToolAnnotations(read_only=True))
def query(
    sql: Annotated[str, Meta(description="One SELECT, with :name for each parameter", max_length=10_000)],
    parameters: dict[str, Value] | None = None,
    limit: Annotated[int, Meta(ge=1, le=200)] = 50,
) -> list[dict[str, Any]]:
    """Read rows of the database. It cannot change anything."""
    bounded = "\n".join(["SELECT * FROM (", sql, f") AS answer LIMIT {limit}"])
    rows: list[dict[str, Any]] = read(bounded, parameters or {})
    return rows
