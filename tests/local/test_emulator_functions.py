"""Tests of what ``local.emulator_functions`` reads in a stack trace."""

import pytest

from local.emulator_functions import exception_class

TRACE = 'Traceback (most recent call last):\n  File "legacy.py", line 31, in invoices\n    raise\n'


@pytest.mark.parametrize(
    ("trace", "message", "name"),
    [
        (f"{TRACE}legacy.CustomerNotFound: There is none.\n", "There is none.", "CustomerNotFound"),
        (f"{TRACE}ValueError: two\nlines\n", "two\nlines", "ValueError"),
        (f"{TRACE}ValueError\n", "", "ValueError"),
        (f"{TRACE}KeyError: 'a'\n", "'a'", "KeyError"),
        ("a message without a trace", "a message without a trace", None),
        (f"{TRACE}ValueError: one\n", "another", None),
        ("", "", None),
    ],
)
def test_the_class_of_an_exception_is_in_the_last_line_of_its_trace(trace: str, message: str, name: str | None) -> None:
    assert exception_class(trace, message) == name
