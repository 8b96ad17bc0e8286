"""Parsing request bodies, with limits on size and depth."""

import json
import math
from typing import Any
from urllib.parse import parse_qsl

from runtime.http.errors import ContentTooLarge, MalformedBody, UnsupportedMediaType
from runtime.http.event import Request

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
MAX_DEPTH = 32
# The time to validate depends on the number of values, not of bytes: 4 MB can hold two million values.
MOST_VALUES = 50_000
MAX_FORM_PARAMETERS = 50


def json_value(request: Request, max_bytes: int) -> Any:
    """Parse a JSON body of at most ``max_bytes`` bytes, ``MAX_DEPTH`` levels and ``MOST_VALUES`` values.

    Raises ``UnsupportedMediaType``, ``ContentTooLarge`` or ``MalformedBody``.
    """
    if request.media_type != JSON:
        raise UnsupportedMediaType(f"the body must be {JSON}")
    _check_size(request.body, max_bytes)
    return parse_json(request.body)


def parse_json(content: bytes) -> Any:
    """Return the value of a JSON text of at most ``MAX_DEPTH`` levels; raises ``MalformedBody``."""
    try:
        value = json.loads(content.decode("utf-8"))
        _check_values(value, MAX_DEPTH)
    except RecursionError as error:
        raise MalformedBody(f"the body is nested deeper than {MAX_DEPTH} levels") from error
    except (UnicodeError, json.JSONDecodeError) as error:
        raise MalformedBody("the body is not valid JSON") from error
    except ValueError as error:
        # Python limits integers to 4,300 digits, since parsing takes quadratic time.
        raise MalformedBody("the body has a number that is too large") from error
    return value


def form_parameters(request: Request, max_bytes: int, repeatable: frozenset[str] = frozenset()) -> dict[str, str]:
    """Parse a form-encoded body of at most ``max_bytes`` bytes.

    RFC 6749 3.2: a parameter without a value is treated as omitted, and none may be included more than once. The
    distinct values of a ``repeatable`` parameter are joined by spaces.
    Raises ``UnsupportedMediaType``, ``ContentTooLarge`` or ``MalformedBody``.
    """
    if request.media_type != FORM:
        raise UnsupportedMediaType(f"the body must be {FORM}")
    _check_size(request.body, max_bytes)
    try:
        pairs = parse_qsl(request.body.decode("ascii"), errors="strict", max_num_fields=MAX_FORM_PARAMETERS)
    except (UnicodeDecodeError, ValueError) as error:
        raise MalformedBody("the body is not valid form encoding") from error
    parameters: dict[str, dict[str, None]] = {}
    for name, value in pairs:
        if name in parameters and name not in repeatable:
            raise MalformedBody("a parameter is included more than once")
        parameters.setdefault(name, {})[value] = None
    return {name: " ".join(values) for name, values in parameters.items()}


def _check_size(body: bytes, max_bytes: int) -> None:
    if len(body) > max_bytes:
        raise ContentTooLarge(f"the body is larger than {max_bytes} bytes")


def _check_values(value: Any, depth: int) -> int:
    """Check a value and all values inside it, and return how many are inside.

    Raises ``RecursionError`` past ``depth``, ``MalformedBody`` past ``MOST_VALUES``, and ``ValueError`` for a value
    that JSON or UTF-8 cannot represent.
    """
    count = 0
    if isinstance(value, str):
        value.encode("utf-8")
    elif isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError("not a finite number")
    elif isinstance(value, list | dict):
        if depth == 0:
            raise RecursionError
        for name in value if isinstance(value, dict) else ():
            name.encode("utf-8")
        for item in value.values() if isinstance(value, dict) else value:
            count += 1 + _check_values(item, depth - 1)
            if count > MOST_VALUES:
                raise MalformedBody(f"the body has more than {MOST_VALUES} values")
    return count
