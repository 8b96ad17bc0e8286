"""``Accept`` by the rules of HTTP: RFC 9110 12.4.2, 12.5.1 and 5.6."""

import itertools
import sys

import pytest

from runtime.mcp.accept import Accept

STREAM, JSON = "text/event-stream", "application/json"


@pytest.mark.parametrize(
    ("header", "json", "stream"),
    [
        # What MCP says that clients MUST send, and what they do send.
        ("application/json, text/event-stream", True, True),
        ("text/event-stream,application/json", True, True),
        ("application/json", True, False),
        ("text/event-stream", False, True),
        ("*/*", True, True),
        (None, True, True),
        ("", True, True),
        (" , ,", True, True),
        # 8.3.1: types and subtypes in any case; 12.5.1: ranges.
        ("Application/JSON, TEXT/Event-Stream", True, True),
        ("text/*", False, True),
        ("application/*", True, False),
        ("TEXT/*, APPLICATION/*", True, True),
        ("text/html,application/xhtml+xml,*/*;q=0.8", True, True),
        ("text/html", False, False),
        ("json", False, False),
        ("application/jsonx, text/event-streams", False, False),
        ("application", False, False),
        # 12.4.2: what has the weight 0 is not acceptable; the most specific range counts.
        ("application/json;q=0", False, False),
        ("application/json;q=0.000, text/event-stream;q=0.001", False, True),
        ("*/*, text/event-stream;q=0", True, False),
        ("text/event-stream;q=0, */*", True, False),
        ("text/*;q=0, text/event-stream", False, True),
        ("*/*;q=0, application/json", True, False),
        ("*/*;q=0", False, False),
        ("application/json ; Q=0 , text/event-stream ;\tq=0.5", False, True),
        ("application/json;q=1.000", True, False),
        ("application/json;q=0, application/json", True, False),
        # Parameters choose among representations of which there is one; what is no weight weighs 1.
        ("application/json; charset=utf-8, text/event-stream; charset=utf-8", True, True),
        ("application/json;charset=utf-8;q=0", False, False),
        ("application/json;q=x, text/event-stream;q=", True, True),
        ('application/json;a="x, text/event-stream;q=0", */*', True, True),
        ('application/json;a="\\", text/event-stream', True, False),
        ('text/event-stream;a="b\\"c,d";q=0, application/json', True, False),
    ],
)
def test_what_a_header_admits(header: str | None, json: bool, stream: bool) -> None:
    accept = Accept(header)
    assert (accept.admits(JSON), accept.admits(STREAM)) == (json, stream)


@pytest.mark.parametrize(
    ("header", "named"),
    [
        ("application/json, Text/Event-Stream;q=0.1", True),
        ("text/*", True),
        ("*/*", False),
        (None, False),
        ("*/*, text/event-stream;q=0", False),
        ("text/*;q=0, text/event-stream", True),
    ],
)
def test_what_a_header_names(header: str | None, named: bool) -> None:
    assert Accept(header).names(STREAM) == named


@pytest.mark.parametrize("part", [",", ";", '"', '"\\', '\\"', "q=", "*/*,", ";q=0", ' "', 'a/b;c="d\\"', "=", "\t"])
def test_reading_takes_steps_that_grow_with_the_header(part: str) -> None:
    """The patterns themselves are linear: ``validation/test_patterns.py``."""

    def steps(size: int) -> int:
        accept, counted = (part * size)[:size], itertools.count()
        sys.setprofile(lambda _frame, event, _argument: next(counted) if event.endswith("call") else None)
        try:
            Accept(accept).admits(STREAM)
        finally:
            sys.setprofile(None)
        return next(counted)

    assert steps(32_000) <= 8 * steps(4_000)
