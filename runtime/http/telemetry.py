"""Logging: one JSON line per request and per failure, without tokens, secrets or bodies."""

import json
import logging
import sys
import time
from typing import Any

from runtime.http.event import Request, Response
from runtime.http.network import network
from runtime.redaction import is_hiding, redact

# json.dumps would make an encoder for each line.
_ENCODER = json.JSONEncoder(default=str)
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime"}


class _JsonLines(logging.Formatter):
    """Formats a log record as one JSON object, with the members of ``extra``."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "timestamp": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created)) + f".{record.msecs:03.0f}Z",
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        line.update((name, value) for name, value in vars(record).items() if name not in _STANDARD)
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        if is_hiding():
            line = {name: _redact(value) for name, value in line.items()}
        return _ENCODER.encode(line)


def _redact(value: Any) -> Any:
    """Return a member of a line without the secrets of the app, as text if one was in it."""
    if isinstance(value, str):
        return redact(value)
    if value is None or isinstance(value, int | float):
        return value
    text = _ENCODER.encode(value)
    shown = redact(text)
    return value if shown == text else shown


def configure(level: str) -> None:
    """Send log records to standard output, which Lambda sends to the function's log group.

    ``level`` is the lowest level that the runtime itself logs. Libraries log warnings only: at DEBUG, boto3 would log
    its requests, including secrets.
    """
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(_JsonLines())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("runtime").setLevel(level)


def log_request(logger: logging.Logger, request: Request, response: Response, outcome: str, started: float) -> None:
    """Log one request and its outcome. ``started`` is a ``time.perf_counter`` reading."""
    logger.info(
        "request",
        extra={
            "request_id": request.request_id,
            "route": f"{request.method} {request.route}",
            "status": response.status,
            "outcome": outcome,
            "client_id": request.caller.client_id if request.caller else response.client_id,
            "network": network(request.source_ip),
            "duration_ms": round((time.perf_counter() - started) * 1000, 2),
        },
    )
