"""Access tokens that end within a test: shorter than the configuration allows."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

ALIAS = "live"
VARIABLE = "ACCESS_TOKEN_LIFETIME"


@contextmanager
def access_tokens_of(seconds: int, aws_lambda: Any) -> Iterator[None]:
    """Let the functions of a running stack issue tokens of this lifetime while in the context.

    ``aws_lambda`` is a boto3 client of the emulator. A new version has the shorter lifetime, and the alias moves there.
    """
    changed = [
        function["FunctionName"]
        for page in aws_lambda.get_paginator("list_functions").paginate()
        for function in page["Functions"]
        if VARIABLE in function.get("Environment", {}).get("Variables", {})
    ]
    before = {name: aws_lambda.get_function_configuration(FunctionName=name) for name in changed}
    versions = {name: aws_lambda.get_alias(FunctionName=name, Name=ALIAS)["FunctionVersion"] for name in changed}
    try:
        for name in changed:
            variables = {**before[name]["Environment"]["Variables"], VARIABLE: str(seconds)}
            aws_lambda.update_function_configuration(FunctionName=name, Environment={"Variables": variables})
            version = aws_lambda.publish_version(FunctionName=name)["Version"]
            aws_lambda.update_alias(FunctionName=name, Name=ALIAS, FunctionVersion=version)
        yield
    finally:
        for name in changed:
            aws_lambda.update_alias(FunctionName=name, Name=ALIAS, FunctionVersion=versions[name])
            aws_lambda.update_function_configuration(FunctionName=name, Environment=before[name]["Environment"])
