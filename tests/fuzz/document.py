"""The OpenAPI document as schemathesis reads it, and whether an answer is one that it describes."""

import re
from pathlib import Path
from typing import Any

import requests
import schemathesis
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from runtime.routes import ROUTES

Operation = APIOperation[Any, Any, Any, Any]
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
DOCUMENT = schemathesis.openapi.from_path(Path(__file__).resolve().parents[2] / "schemas" / "openapi.yaml")
_PATHS = {path: re.compile(re.sub(r"\{\w+\}", "[^/]+", path)) for path in {route.path for route in ROUTES}}
_PROTECTED = frozenset(route.path for route in ROUTES if route.protected)


def operations() -> dict[tuple[str, str], Operation]:
    """Every operation, by method and path."""
    found = {}
    for result in DOCUMENT.get_all_operations():
        assert isinstance(result, Ok), result
        operation = result.ok()
        found[operation.method.upper(), operation.path] = operation
    return found


OPERATIONS = operations()


def route_of(target: str) -> str | None:
    """The path of the document that a request target is on; ``None`` when it is on none."""
    path = target.partition("?")[0]
    return next((template for template, pattern in _PATHS.items() if pattern.fullmatch(path)), None)


def check(method: str, target: str, response: requests.Response) -> None:
    """Raise ``AssertionError``, or what schemathesis raises, unless the document describes this answer to a request."""
    path = route_of(target)
    # RFC 9110 9.3.2: HEAD is answered like GET, without the content.
    described = OPERATIONS.get((method.replace("HEAD", "GET"), path or ""))
    if described is None:
        _check_undescribed(path, response)
    elif method == "HEAD":
        assert str(response.status_code) in described.responses.status_codes, response.status_code
    else:
        case = described.Case(path_parameters={parameter.name: "any" for parameter in described.path_parameters})
        case.validate_response(response, checks=CHECKS)
    assert not (method == "HEAD" and response.content)


def _check_undescribed(path: str | None, response: requests.Response) -> None:
    """What ``x-other-methods`` and the beginning of the document say."""
    status = response.status_code
    if path is None:
        # 400 for a target that the gateway cannot read.
        assert status in {400, 404, 429}, status
    elif path in _PROTECTED and status == requests.codes.unauthorized:
        assert response.headers["WWW-Authenticate"].startswith("Bearer resource_metadata=")
    else:
        assert status == requests.codes.method_not_allowed, status
        assert response.headers["Allow"]
    assert response.headers["Content-Type"] == "application/json"
    assert not response.content or response.json().keys() >= {"error", "error_description"}
