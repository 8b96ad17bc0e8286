"""The functions that run the tools of an app: the MCP endpoint, and the worker of tasks."""

import json

from components.environments import Environment, about, logo
from components.foundation import Foundation
from components.function import Function, FunctionArgs
from components.tool_functions import ToolFunctions
from runtime.deployment import QUEUE_SECONDS
from runtime.prefixes import EXCHANGES, LEVELS, TASKS


def declare_worker(base: Foundation, tools: ToolFunctions) -> Function:
    """Declare the function that runs tasks, which the mcp function invokes asynchronously."""
    return Function(
        f"{base.prefix}-worker",
        FunctionArgs(
            settings=base.settings,
            description="Runs the tools of tasks",
            handler="runtime.handlers.worker.handler",
            reserved_concurrency=base.config.reserved_concurrency.get("worker", base.needs.reserved_concurrency),
            provisioned_concurrency=base.config.provisioned_concurrency.get("worker"),
            environment={**app_environment(base), **tools.environment(base.config.worker_timeout_seconds)},
            allow=[
                base.store.allow(["GetItem", "PutItem"], TASKS),
                *base.store.allow_decrypting,
                *tools.allow_invoking,
                *base.needs.statements,
            ],
            modules=[base.config.app_module],
            generated=tools.files,
            timeout=base.config.worker_timeout_seconds,
            queue_seconds=QUEUE_SECONDS,
            memory_size=base.needs.memory_size,
            app_environment=base.needs.variables,
            layers=base.needs.layers,
            vpc=base.needs.vpc,
        ),
        base.child,
    )


def declare_mcp(base: Foundation, worker: Function, tools: ToolFunctions) -> Function:
    """Declare the function behind the MCP endpoint. It cannot read clients, grants or keys."""
    own: Environment = {
        "SERVER_NAME": base.config.server_name,
        "ALLOWED_ORIGINS": json.dumps(base.config.allowed_origins),
        "WORKER_NAME": worker.qualified_name,
        "WORKER_SECONDS": str(base.config.worker_timeout_seconds),
        "ABOUT": about(base.config),
        **tools.environment(base.needs.timeout or base.config.timeout_seconds),
    }
    return Function(
        f"{base.prefix}-mcp",
        FunctionArgs(
            settings=base.settings,
            description="The MCP endpoint",
            handler="runtime.handlers.mcp.handler",
            reserved_concurrency=base.config.reserved_concurrency.get("mcp", base.needs.reserved_concurrency),
            provisioned_concurrency=base.config.provisioned_concurrency.get("mcp"),
            environment={**base.edge.environment, **app_environment(base), **own},
            allow=[
                base.store.allow(["GetItem", "PutItem"], EXCHANGES, LEVELS, TASKS),
                *base.store.allow_decrypting,
                worker.allow_invoking,
                *tools.allow_invoking,
                *base.needs.statements,
            ],
            data=["schemas/mcp", *logo(base.config)],
            modules=[base.config.app_module],
            generated=tools.files,
            timeout=base.needs.timeout,
            memory_size=base.needs.memory_size,
            app_environment=base.needs.variables,
            layers=base.needs.layers,
            vpc=base.needs.vpc,
        ),
        base.child,
    )


def app_environment(base: Foundation) -> Environment:
    """Return the environment of a function that runs tools."""
    return {"APP_MODULE": base.config.app_module, "TABLE_NAME": base.store.name}
