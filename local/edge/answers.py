"""What the edge answers itself, without the stage."""

import json
from http import HTTPStatus
from typing import NamedTuple

from local.edge.headers import Headers


class Answer(NamedTuple):
    """One HTTP response."""

    status: int
    headers: Headers
    body: bytes


def refuse_as_gateway(status: HTTPStatus) -> Answer:
    """Return the refusal of API Gateway before a request reaches an API, whose gateway responses do not apply then."""
    return _answer(status, "application/json", json.dumps({"message": status.phrase}))


def refuse_as_cloudfront(status: HTTPStatus, reason: str) -> Answer:
    """Return the refusal of CloudFront. No client understands its page."""
    title = f"{status.value} {status.phrase}"
    return _answer(status, "text/html", f"<html><head><title>{title}</title></head><body>{reason}</body></html>")


def report_problem(status: HTTPStatus, code: str, description: str) -> Answer:
    """Return an error of the local stack, for the person who uses it."""
    return _answer(status, "application/json", json.dumps({"error": code, "error_description": description}))


def _answer(status: HTTPStatus, media_type: str, text: str) -> Answer:
    body = text.encode()
    return Answer(status.value, [("Content-Type", media_type), ("Content-Length", str(len(body)))], body)
