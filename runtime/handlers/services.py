"""The stores behind the mcp function, made and imported when first needed: boto3 costs 0.2 s of a cold start."""

import functools
import time
from typing import TYPE_CHECKING

from runtime.mcp.services import Services
from runtime.settings import McpSettings
from runtime.storage.work import ExchangeStore, LevelStore, TaskStore, Worker

if TYPE_CHECKING:
    from runtime.storage.table import Table


def services(settings: McpSettings) -> Services:
    """The services on AWS."""

    @functools.cache
    def table() -> "Table":
        from runtime.storage.table import DynamoDBTable

        return DynamoDBTable(settings.table_name)

    @functools.cache
    def exchanges() -> ExchangeStore:
        from runtime.storage.documents import exchange_store

        return exchange_store(table())

    @functools.cache
    def levels() -> LevelStore:
        from runtime.storage.levels import DynamoDBLevels

        return DynamoDBLevels(table())

    @functools.cache
    def tasks() -> TaskStore:
        from runtime.storage.documents import task_store

        return task_store(table())

    @functools.cache
    def worker() -> Worker:
        from runtime.storage.worker import LambdaWorker

        return LambdaWorker(settings.worker_name)

    return Services(time.time, exchanges, levels, tasks, worker, settings.worker_seconds)
