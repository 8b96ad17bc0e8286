"""Values from an author's code as JSON."""

import math
import sys
from collections.abc import Callable
from typing import Any

import msgspec

LONGEST_NAME = 64
NO_FORM = "is of a type that JSON has no form for"
NOT_FINITE = "is not a finite number"
NOT_UNICODE = "is not valid Unicode"
TOO_LONG = "has an integer of too many digits"
TOO_DEEP = "is nested too deep, or holds itself"


class NotJson(ValueError):
    """A value that JSON cannot carry: the JSON pointer (RFC 6901) of the part at fault, and the reason.

    Neither contains the part itself, so a client may see both.
    """

    def __init__(self, pointer: str, reason: str) -> None:
        super().__init__(f"{pointer or 'the value'} {reason}")
        self.pointer = pointer
        self.reason = reason


def json_bytes(value: Any) -> bytes:
    """Return the value as JSON. Raise ``NotJson``.

    RFC 8259 has no NaN and no infinity (section 6), and its text is UTF-8 (section 8.1), which has no lone surrogates.
    """
    try:
        plain = msgspec.to_builtins(value, str_keys=True, enc_hook=_unwrap)
        encoded = msgspec.json.encode(plain)
    except UnicodeEncodeError as error:
        raise NotJson(_find(plain, _is_not_unicode) or "", NOT_UNICODE) from error
    except ValueError as error:
        # Python writes no integer of more than 4300 digits.
        raise NotJson("", TOO_LONG) from error
    except RecursionError as error:
        raise NotJson("", TOO_DEEP) from error
    except TypeError as error:
        raise NotJson("", NO_FORM) from error
    # The encoder writes NaN as null.
    if b"null" in encoded and (pointer := _find(plain, _is_not_finite)) is not None:
        raise NotJson(pointer, NOT_FINITE)
    return encoded


def json_value(value: Any) -> Any:
    """Return the value in the types of JSON: objects, arrays, text, finite numbers, booleans and null.

    Raise ``NotJson``.
    """
    encoded = json_bytes(value)
    try:
        return msgspec.json.decode(encoded)
    except ValueError as error:
        raise NotJson("", TOO_LONG) from error
    except RecursionError as error:
        raise NotJson("", TOO_DEEP) from error


def json_text(value: Any) -> str:
    """Return the value as JSON text. Raise ``NotJson``."""
    return json_bytes(value).decode()


def escape(text: str) -> str:
    """Return the text in valid Unicode, with lone surrogates written out as ``\\udce9``."""
    return text.encode("utf-8", "backslashreplace").decode()


def to_log_value(value: Any) -> Any:
    """Return the value for a log message: as JSON if possible, else its ``repr``."""
    try:
        return json_value(value)
    except NotJson:
        return escape(value if isinstance(value, str) else repr(value))


def _unwrap(value: Any) -> Any:
    """Return the text or number in a value of a derived class, such as ``numpy.float64``, or what a Pydantic model
    has."""
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, float):
        return float.__float__(value)
    if isinstance(value, int):
        return int.__int__(value)
    if hasattr(value, "__get_pydantic_core_schema__"):
        return _dump(value)
    raise TypeError(type(value).__qualname__)


def _dump(value: Any) -> Any:
    # Whoever has such a value has imported it. An ``import`` would make it a library of every function.
    return sys.modules["pydantic_core"].to_jsonable_python(value, by_alias=True)


def _is_not_finite(part: Any) -> bool:
    return isinstance(part, float) and not math.isfinite(part)


def _is_not_unicode(part: Any) -> bool:
    return isinstance(part, str) and escape(part) != part


def _find(value: Any, wrong: Callable[[Any], bool]) -> str | None:
    """Return the JSON pointer of the first part or member name that is wrong, ``None`` if there is none."""
    # The parts still to check, last first, each with the way to it: (the way before, the name).
    waiting: list[tuple[Any, Any]] = [(value, None)]
    while waiting:
        part, way = waiting.pop()
        if wrong(part):
            return _pointer(way)
        if isinstance(part, dict):
            for name in part:
                if wrong(name):
                    return _pointer((way, name))
            waiting += [(item, (way, name)) for name, item in reversed(part.items())]
        elif isinstance(part, list | tuple):
            waiting += [(item, (way, index)) for index, item in reversed(list(enumerate(part)))]
    return None


def _pointer(way: Any) -> str:
    names = []
    while way is not None:
        way, name = way
        names.append(escape(str(name))[:LONGEST_NAME].replace("~", "~0").replace("/", "~1"))
    return "".join(f"/{name}" for name in reversed(names))
