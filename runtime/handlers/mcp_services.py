"""The stores of the mcp function, imported and created when first needed: boto3 costs 0.2 s of a cold start."""

import functools
import time
from typing import Any

from runtime.mcp.call import Services
from runtime.settings import McpSettings


def services(settings: McpSettings) -> Services:
    """Return the services on AWS."""
    table = functools.cache(functools.partial(_table, settings.table_name))
    return Services(
        time.time,
        functools.cache(lambda: _documents().exchange_store(table())),
        functools.cache(lambda: _levels(table())),
        functools.cache(lambda: _documents().task_store(table())),
        functools.cache(lambda: _worker(settings.worker_name)),
        settings.worker_seconds,
        functools.cache(functools.partial(_function, settings)),
    )


def _table(name: str) -> Any:
    from runtime.storage.table import DynamoDBTable

    return DynamoDBTable(name)


def _documents() -> Any:
    from runtime.storage import documents

    return documents


def _levels(table: Any) -> Any:
    from runtime.storage.levels import DynamoDBLevels

    return DynamoDBLevels(table)


def _function(settings: McpSettings, name: str) -> Any:
    from runtime.handlers.tool_functions import find_tool_function

    return find_tool_function(settings.tool_functions, settings.tool_seconds, name)


def _worker(name: str) -> Any:
    from runtime.storage.worker import LambdaWorker

    return LambdaWorker(name)
