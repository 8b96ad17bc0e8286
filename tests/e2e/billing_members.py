"""Tools in a function of their own, with a library that nothing else imports."""

import decimal
import json
import os
import time

import boto3
import yaml
from botocore.exceptions import BotoCoreError, ClientError

from runtime.authoring import Context, ToolError, tool

SURE = {"type": "object", "properties": {"sure": {"type": "boolean"}}, "required": ["sure"]}


@tool(function="billing")
def there(context: Context) -> dict[str, str]:
    """Say which function this is, who calls, and what a library says."""
    return {
        "function": os.environ["AWS_LAMBDA_FUNCTION_NAME"],
        "ledger": os.environ["LEDGER"],
        "client": context.client_id,
        "request": context.request_id,
        "left": f"{context.time_left:.0f}",
        "yaml": yaml.safe_dump({"total": 1}).strip(),
    }


@tool(function="billing", task="optional")
def charge(cents: int, context: Context) -> str:
    """Charge an account after its owner confirms it."""
    context.progress(1, 2)
    answer = context.elicit(f"Charge {decimal.Decimal(cents) / 100}?", SURE)
    context.progress(2, 2)
    return f"charged {cents}" if answer.content and answer.content["sure"] else "not charged"


@tool(function="billing")
def fail(how: str) -> str:
    """Fail: with a message, an exception, at the end of the time, or of the process."""
    if how == "message":
        raise ToolError("there is no such account")
    if how == "sleep":
        time.sleep(10)
    if how == "exit":
        os._exit(1)
    raise RuntimeError("internal detail")


@tool(function="billing")
def reach(service: str, operation: str, parameters: str) -> str:
    """Call AWS."""
    try:
        getattr(boto3.client(service), operation)(**json.loads(parameters))
    except (BotoCoreError, ClientError) as error:
        return str(error)
    return "allowed"
