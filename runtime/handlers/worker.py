"""The worker function: runs one task, started asynchronously by the mcp function."""

import functools
from typing import Any

from runtime.environment import app_module, worker_settings
from runtime.handlers import enable_garbage_collector
from runtime.handlers.app_values import provide_values
from runtime.handlers.load_app import load_app
from runtime.handlers.tool_functions import find_tool_function
from runtime.http import telemetry
from runtime.http.dispatch import LambdaContext
from runtime.mcp.worker import TaskRunner
from runtime.storage.documents import task_store
from runtime.storage.table import DynamoDBTable

settings = worker_settings()
telemetry.configure(settings.log_level)
runner = TaskRunner(
    load_app(app_module()),
    task_store(DynamoDBTable(settings.table_name)),
    functions=functools.cache(functools.partial(find_tool_function, settings.tool_functions, settings.tool_seconds)),
)
provide_values()
enable_garbage_collector()


def handler(event: dict[str, Any], context: LambdaContext) -> None:
    """Run the task that the event names."""
    runner.run(event["taskId"], lambda: context.get_remaining_time_in_millis() / 1000)
