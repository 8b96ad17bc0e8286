"""The example of a database, whose SQL a PostgreSQL runs."""

import json
from typing import Any

import pytest

from local.stack import find_running
from tests.examples.conftest import Example
from tests.examples.permissions import check_that_each_is_needed

pytestmark = pytest.mark.stack

ORDERS = [(1, "Ada", "19.90"), (2, "Bob", "5.00"), (3, "Ada", "100%")]


@pytest.fixture(scope="module")
def shop(example: Example) -> Example:
    """The example, with a table in its database."""
    [cluster] = [
        entry.outputs
        for entry in find_running(example.stack.directory).resources.values()
        if entry.type == "aws:rds/cluster:Cluster"
    ]
    target = {
        "resourceArn": cluster["arn"],
        "secretArn": cluster["masterUserSecrets"][0]["secretArn"],
        "database": "shop",
    }
    data = example.stack.client("rds-data")
    data.execute_statement(**target, sql="CREATE TABLE IF NOT EXISTS orders (id int, customer text, total text)")
    data.execute_statement(**target, sql="DELETE FROM orders")
    for number, customer, total in ORDERS:
        data.execute_statement(
            **target,
            sql="INSERT INTO orders VALUES (:id, :customer, :total)",
            parameters=[
                {"name": "id", "value": {"longValue": number}},
                {"name": "customer", "value": {"stringValue": customer}},
                {"name": "total", "value": {"stringValue": total}},
            ],
        )
    return example


def rows(answer: Any) -> Any:
    return json.loads(answer) if isinstance(answer, str) else answer.get("result", answer)


def test_the_tables_and_their_rows_are_read(shop: Example) -> None:
    columns = [(each["table_name"], each["column_name"]) for each in rows(shop.call("list_tables"))]
    assert ("orders", "customer") in columns
    found = rows(shop.call("query", sql="SELECT id, total FROM orders ORDER BY id", limit=2))
    assert found == [{"id": 1, "total": "19.90"}, {"id": 2, "total": "5.00"}]


def test_values_are_bound_and_never_become_sql(shop: Example) -> None:
    sql = "SELECT id FROM orders WHERE customer = :customer AND total LIKE '%\\%'"
    assert rows(shop.call("query", sql=sql, parameters={"customer": "Ada"})) == [{"id": 3}]
    assert rows(shop.call("query", sql=sql, parameters={"customer": "Ada' OR '1'='1"})) == []


@pytest.mark.parametrize(
    "sql", ["DELETE FROM orders RETURNING id", "SELECT 1) AS x; DROP TABLE orders; SELECT * FROM (SELECT 1"]
)
def test_nothing_can_be_changed(shop: Example, sql: str) -> None:
    assert "The database refuses this" in shop.fail("query", sql=sql)
    assert len(rows(shop.call("query", sql="SELECT id FROM orders"))) == len(ORDERS)


def test_a_large_answer_is_refused(shop: Example) -> None:
    assert "100000 bytes" in shop.fail("query", sql="SELECT repeat('x', 1000) FROM generate_series(1, 200)", limit=200)


@pytest.mark.proof
def test_each_permission_is_needed(shop: Example) -> None:
    def query() -> None:
        shop.call("query", sql="SELECT 1 AS one")

    calls = ("BeginTransaction", "ExecuteStatement", "RollbackTransaction")
    check_that_each_is_needed(
        shop, {**{f"rds-data:{call}": query for call in calls}, "secretsmanager:GetSecretValue": query}
    )
