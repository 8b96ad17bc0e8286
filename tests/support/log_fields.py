"""The fields of log lines, from what writes them: the access log's format, the audit log's schema, and the code."""

import ast
import json
from collections.abc import Iterator

from components.api import ACCESS_LOG
from tests.infra.recorder import PROJECT

# What CloudWatch Logs Insights finds in every line.
EVERYWHERE = frozenset({"@timestamp", "@message", "@log", "@logStream"})
# What runtime/http/telemetry.py writes into every line.
BASE = frozenset({"timestamp", "level", "logger", "message", "exception"})
# Lambda writes these itself, also in JSON: a report of each run, and an exception that left the handler.
OF_LAMBDA = frozenset(
    {
        "type",
        "record.requestId",
        "record.status",
        "record.errorType",
        "record.metrics.durationMs",
        "record.metrics.initDurationMs",
        "record.metrics.maxMemoryUsedMB",
        "record.metrics.memorySizeMB",
        "errorType",
        "errorMessage",
        "requestId",
        "stackTrace",
    }
)


def access_log_fields() -> frozenset[str]:
    return frozenset(ACCESS_LOG)


def audit_log_fields() -> frozenset[str]:
    return frozenset(json.loads((PROJECT / "schemas" / "audit-event.json").read_text())["properties"])


def function_log_fields() -> frozenset[str]:
    """Return the fields of the lines that the functions write."""
    sources = (PROJECT / "runtime").rglob("*.py")
    written = {name for source in sources for name in _extras(ast.parse(source.read_text()))}
    lost = {f"audit_event.{name}" for name in audit_log_fields()}
    return BASE | OF_LAMBDA | written | lost


def _extras(tree: ast.Module) -> Iterator[str]:
    """Return the keys of each ``extra`` of a logging call, which is a dict or the name of one."""
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef):
            continue
        dicts = {
            target.id: node.value
            for node in ast.walk(function)
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for call in ast.walk(function):
            for keyword in call.keywords if isinstance(call, ast.Call) else ():
                value = dicts.get(keyword.value.id) if isinstance(keyword.value, ast.Name) else keyword.value
                if keyword.arg == "extra" and isinstance(value, ast.Dict):
                    yield from (str(key.value) for key in value.keys if isinstance(key, ast.Constant))
