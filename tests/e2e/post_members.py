"""A tool whose function cannot start: it has no variable that says which ledger."""

import os

from runtime.authoring import tool

LEDGER = os.environ["LEDGER"]


@tool(function="post")
def never() -> str:
    """Never run."""
    return LEDGER
