"""What a company has: functions that know nothing of MCP, and a database that they reach."""

import json
from typing import Any

INVOICES = {
    "acme": [
        {"number": "2026-0117", "due": "2026-10-31", "amount": 420.0},
        {"number": "2026-0131", "due": "2026-11-30", "amount": 99.5},
    ],
    "initech": [],
}
ORDERS = {"acme": ["A-7", "A-6", "A-5"], "initech": ["I-1"]}


class CustomerNotFound(Exception):
    """There is no such customer."""


def invoices(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    """Answer other functions: the event names a customer."""
    customer = event["customer"]
    if customer == "broken":
        raise RuntimeError("could not connect to postgres://billing:hunter2@db.internal/billing")
    if customer not in INVOICES:
        raise CustomerNotFound("There is no such customer.")
    found = INVOICES[customer]
    return {"invoices": found, "total": sum(invoice["amount"] for invoice in found)}


def orders(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    """Answer API Gateway: ``GET /customers/{customer}/orders?limit=``."""
    customer = event["pathParameters"]["customer"]
    if customer not in ORDERS:
        return {"statusCode": 404, "body": json.dumps({"message": "no such customer"})}
    limit = int((event["queryStringParameters"] or {}).get("limit", 10))
    headers = {"Content-Type": "application/json"}
    return {"statusCode": 200, "headers": headers, "body": json.dumps(ORDERS[customer][:limit])}
