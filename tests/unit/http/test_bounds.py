"""The limits on parsing a body."""

from collections.abc import Iterator

import pytest

from runtime.http.body import MOST_VALUES, json_value
from runtime.http.errors import MalformedBody
from runtime.http.event import Request
from runtime.validation.schemas import Schema, SchemaViolation


def post_request(body: str) -> Request:
    return Request("POST", "/mcp", "r", headers={"content-type": "application/json"}, body=body.encode())


@pytest.mark.parametrize(("opening", "item", "closing"), [("[[", "0", "],[]]"), ("[", '{"a":[]}', "]")])
def test_a_body_of_too_many_values_is_refused_and_says_so(opening: str, item: str, closing: str) -> None:
    """A limit on bytes is not enough: four megabytes hold two million values."""
    body = opening + ",".join([item] * MOST_VALUES) + closing
    with pytest.raises(MalformedBody, match=f"more than {MOST_VALUES} values"):
        json_value(post_request(body), len(body))


def test_a_body_of_many_values_is_read() -> None:
    body = "[" + ",".join(["0"] * MOST_VALUES) + "]"
    assert len(json_value(post_request(body), len(body))) == MOST_VALUES


class Watched(list[str]):
    """A list that counts how often its items are read."""

    seen = 0

    def __iter__(self) -> Iterator[str]:
        for item in super().__iter__():
            self.seen += 1
            yield item


def test_the_most_telling_violation_is_looked_for_among_the_first_ones_only() -> None:
    value = Watched(["wrong"] * 10_000)
    with pytest.raises(SchemaViolation, match="must be of type integer"):
        Schema({"type": "array", "items": {"type": "integer"}}).check(value)
    assert value.seen < 100
