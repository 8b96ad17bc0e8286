"""A Lambda function as a tool, for the tests of its definition and of its calls."""

from typing import Any

from runtime.authoring.lambda_tool import lambda_tool
from runtime.authoring.tool import Tool

ORDER = {"type": "object", "properties": {"order": {"type": "integer"}}, "required": ["order"]}
TOTAL = {"type": "object", "properties": {"total": {"type": "number"}}, "required": ["total"]}
ARN = "arn:aws:lambda:us-east-1:210987654321:function:billing"


def billing(**options: Any) -> Tool:
    stated = {"name": "bill", "description": "Bill an order.", "input_schema": ORDER, "function": "billing"}
    return lambda_tool(**{**stated, **options})
