"""What is printed steers no terminal, whatever a client or a user chose."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from admin.text import LONGEST_CELL, as_text, moment, printable, write_json, write_line, write_note, write_table


@given(st.text())
def test_any_text_becomes_printable_and_keeps_its_length(text: str) -> None:
    assert printable(text).isprintable()
    assert len(printable(text)) == len(text)


@pytest.mark.parametrize(
    "text",
    ["\x1b]0;title\x07", "\x9b31m", "a\rb", "a\nb", "\u202eabc", "\u2066abc", "\u2028", "\x00", "\x7f", "\ue000"],
)
def test_no_way_to_steer_a_terminal_gets_through(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    write_line(text)
    write_note(text)
    write_table(("HEAD",), [(text,)])
    write_json({"name": text})
    printed = capsys.readouterr()
    assert all(line.isprintable() for line in (printed.out + printed.err).split("\n"))
    assert json.loads(printed.out.splitlines()[-1]) == {"name": text}


def test_columns_are_aligned_and_long_cells_are_cut(capsys: pytest.CaptureFixture[str]) -> None:
    write_table(("A", "B"), [("x" * 100, "1"), ("y", "2")])
    lines = capsys.readouterr().out.splitlines()
    assert {line.rindex(char) for line, char in zip(lines, "B12", strict=True)} == {LONGEST_CELL + 2}
    assert lines[1].startswith("x" * (LONGEST_CELL - 1) + "…")


def test_values_are_told_in_plain_words() -> None:
    assert [as_text(value) for value in (["a", "b"], True, False, None, 7)] == ["a b", "yes", "no", "-", "7"]


def test_a_moment_is_told_in_utc() -> None:
    assert (moment(0), moment(1_800_000_000)) == ("-", "2027-01-15T08:00:00Z")
