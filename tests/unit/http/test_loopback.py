"""One definition of loopback: RFC 6761 6.3, RFC 1122 3.2.1.3, RFC 4291 2.5, and how browsers read numbers."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.http.loopback import CLEARTEXT_HOSTS, is_loopback


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "localhost.",
        "LocalHost",
        "x.localhost",
        "a.b.localhost.",
        "127.0.0.1",
        "127.0.0.1.",
        "127.0.0.2",
        "127.255.255.254",
        "127.1",
        "2130706433",
        "0x7f.1",
        "0x7F000001",
        "0177.0.0.1",
        "0.0.0.0",  # noqa: S104 - compared, not bound
        "0",
        "::1",
        "[::1]",
        "[0:0:0:0:0:0:0:1]",
        "::",
        "[::ffff:127.0.0.1]",
        "::ffff:7f00:2",
        "::FFFF:0.0.0.0",
        "[::1%25lo0]",
        "::1%lo",
    ],
)
def test_the_machine_itself_is_loopback_however_it_is_written(host: str) -> None:
    """WHATWG URL 3.5: a host whose last label is a number is an IPv4 address, whatever form it has."""
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host",
    [
        None,
        "",
        ".",
        "[]",
        "example.com",
        "localhost.example.com",
        "notlocalhost",
        "127.0.0.1.example.com",
        "localhost..",
        "128.0.0.1",
        "10.0.0.1",
        "192.168.0.1",
        "126.255.255.255",
        "4294967296",
        "1.2.3.4.5",
        "127.0.0.1 x",
        "::2",
        "fe80::1",
        "[::ffff:10.0.0.1]",
        "cafe",
        "face.cab",
    ],
)
def test_every_other_host_is_not(host: str | None) -> None:
    assert not is_loopback(host)


@given(st.integers(0, 2**24 - 1))
def test_all_of_127_is_loopback_also_inside_ipv6(number: int) -> None:
    """RFC 1122 3.2.1.3: "{ 127, <any> }"; RFC 4291 2.5.5.2."""
    address = ipaddress.IPv4Address((127 << 24) + number)
    assert is_loopback(str(address))
    assert is_loopback(f"[::ffff:{address}]")


@given(st.text())
def test_no_text_is_a_failure(host: str) -> None:
    assert is_loopback(host) in {True, False}


def test_where_plain_http_may_go_is_loopback() -> None:
    """RFC 8252 7.3 and 8.3."""
    assert all(map(is_loopback, CLEARTEXT_HOSTS))
