"""Two functions that a company has already, as tools. Neither was changed for it."""

from runtime.authoring import ToolAnnotations
from runtime.authoring.lambda_tool import lambda_tool
from runtime.authoring.proxy_event import ProxyEvent

CUSTOMER = {"type": "string", "description": "The customer's short name.", "examples": ["acme"]}

# Called as other functions call it: the event is the object of arguments.
open_invoices = lambda_tool(
    environment="INVOICES_FUNCTION",
    name="open_invoices",
    title="Open invoices",
    description="List the invoices that a customer has not paid, and what they add up to.",
    input_schema={"type": "object", "properties": {"customer": CUSTOMER}, "required": ["customer"]},
    output_schema="open_invoices.output.json",
    annotations=ToolAnnotations(read_only=True),
    shown_errors=["CustomerNotFound"],
)

# Written for API Gateway: its event is an HTTP request, and its answer a response.
orders = lambda_tool(
    environment="ORDERS_FUNCTION",
    name="orders",
    title="Orders",
    description="List the orders of a customer, the latest first.",
    input_schema={
        "type": "object",
        "properties": {"customer": CUSTOMER, "limit": {"type": "integer", "minimum": 1, "maximum": 100}},
        "required": ["customer"],
    },
    payload=ProxyEvent("GET", "/customers/{customer}/orders"),
    annotations=ToolAnnotations(read_only=True),
)
