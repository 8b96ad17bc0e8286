"""How long a fetched document is kept: RFC 9111, within the bounds of this server."""

import pytest

from runtime.oauth.remote.cache_lifetime import DEFAULT_SECONDS, LONGEST_SECONDS, SHORTEST_SECONDS, cache_lifetime


@pytest.mark.parametrize(
    ("cache_control", "age", "seconds"),
    [
        ("", "", DEFAULT_SECONDS),
        ("public", "", DEFAULT_SECONDS),
        ("max-age=600", "", 600),
        ('Public, MAX-AGE = "600"', "", 600),
        ("max-age=600, s-maxage=900", "", 900),
        ("max-age=600, max-age=900", "", 600),
        ("max-age=600", "100", 500),
        ("max-age=600", "9999", SHORTEST_SECONDS),
        ("max-age=600", "-5", 600),
        ("max-age=0", "", SHORTEST_SECONDS),
        ("max-age=-1", "", SHORTEST_SECONDS),
        ("max-age=soon", "", SHORTEST_SECONDS),
        ("max-age=²", "", SHORTEST_SECONDS),
        ("max-age", "", SHORTEST_SECONDS),
        ("max-age=31536000", "", LONGEST_SECONDS),
        (f"max-age={'9' * 5000}", "", LONGEST_SECONDS),
        ("no-store, max-age=600", "", SHORTEST_SECONDS),
        ("no-cache", "", SHORTEST_SECONDS),
        ('private="x", max-age=600', "", SHORTEST_SECONDS),
    ],
)
def test_the_lifetime_is_what_the_headers_say_within_a_minute_and_a_day(
    cache_control: str, age: str, seconds: int
) -> None:
    """RFC 9111 4.2.1 and 5.2.2; Client ID Metadata Document 4.4: a server "MAY define its own" bounds."""
    assert cache_lifetime(cache_control, age) == seconds
