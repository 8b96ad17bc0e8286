"""Tests of following the functions' logs."""

from collections import Counter

from local.logs import _new_events


def event(message: str, timestamp: int = 1, stream: str = "s") -> dict[str, object]:
    return {"message": message, "timestamp": timestamp, "logStreamName": stream}


def test_every_line_is_shown_once_even_when_it_is_delivered_again() -> None:
    seen: Counter[tuple[str, ...]] = Counter()
    first, second = event("one"), event("two", 2)
    assert list(_new_events([first], seen)) == [first]
    assert list(_new_events([first, second], seen)) == [second]
    assert list(_new_events([first, second], seen)) == []


def test_a_line_that_was_logged_twice_is_shown_twice() -> None:
    seen: Counter[tuple[str, ...]] = Counter()
    assert len(list(_new_events([event("same"), event("same"), event("same", stream="other")], seen))) == 3
