"""A tool that runs in the function of the server."""

import os

from runtime.authoring import tool


@tool
def here() -> list[str]:
    """Say which function this is, and whether it may know the ledger."""
    return [os.environ["AWS_LAMBDA_FUNCTION_NAME"], os.environ.get("LEDGER", "no ledger")]
