"""An app whose tools run as tasks, served from outside ``runtime``."""

import os
import sys
import time
from typing import Any

import boto3
from botocore.exceptions import ClientError

from runtime.authoring import App, Context, tool

FORM = {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]}


@tool(task="optional")
def slow_sum(numbers: list[int], seconds: float = 0) -> int:
    """Add numbers, in no less time than asked for."""
    time.sleep(seconds)
    return sum(numbers)


@tool(task="required")
def welcome(context: Context) -> str:
    """Ask for a name and welcome its owner."""
    answer = context.elicit("Who are you?", FORM, key="name")
    return f"Hello, {answer.content['name']}!" if answer.content else "Hello!"


@tool(task="required")
def crash() -> None:
    """Take the whole function down."""
    os._exit(1)


@tool(task="optional")
def attempt(service: str, operation: str, parameters: dict[str, Any]) -> str:
    """What an AWS call under the function's own role comes to: the code of the error, or ``allowed``."""
    try:
        getattr(boto3.client(service), operation)(**parameters)
    except ClientError as error:
        return str(error.response["Error"]["Code"])
    return "allowed"


app = App(modules=[sys.modules[__name__]])
