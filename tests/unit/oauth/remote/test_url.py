"""The URLs and addresses that may be fetched: ways into a network that a client's URL could open."""

from collections.abc import Callable

import pytest

from runtime.oauth.remote.url import RemoteUrl
from runtime.outbound.address import is_public
from tests.support.tls_server import HOST, PUBLIC, URL, TlsServer, fetch_error, fetcher


@pytest.mark.parametrize(
    "url",
    [
        f"http://{HOST}/x",
        f"HTTPS://{HOST}/x",
        f"ftp://{HOST}/x",
        f"//{HOST}/x",
        "https:///x",
        f"https://user@{HOST}/x",
        f"https://user:word@{HOST}/x",
        f"https://@{HOST}/x",
        f"https://{HOST}\\@example.com/x",
        f"https://{HOST}/x#fragment",
        f"https://{HOST}/a b",
        f"https://{HOST}/a\r\nHost: other",
        f"https://{HOST}/ü",
        f"https://{HOST}:0/x",
        f"https://{HOST}:65536/x",
        f"https://{HOST}:/x",
        f"https://{HOST}:44three/x",
        f"https://{HOST}./x",
        f"https://.{HOST}/x",
        "https://localhost/x",
        "https://x.localhost/x",
        "https://intranet/x",
        "https://-a.example.com/x",
        "https://a_b.example.com/x",
        "https://93.184.215.14/x",
        "https://127.0.0.1/x",
        "https://127.1/x",
        "https://2130706433/x",
        "https://0177.0.0.1/x",
        "https://0x7f.0.0.1/x",
        "https://0x7f000001/x",
        "https://127.0.0.0x1/x",
        "https://[::1]/x",
        "https://[::ffff:127.0.0.1]/x",
        "https://[fe80::1%25eth0]/x",
        "https://127。0。0。1/x",
        f"https://{HOST}/{'x' * 2048}",
    ],
)
def test_an_ambiguous_url_or_one_without_a_domain_is_never_fetched(server: TlsServer, url: str) -> None:
    """RFC 3986 3.2.2 and 7.4: also decimal, octal and hexadecimal forms of an IPv4 address."""
    resolved = []

    def resolve(host: str, port: int) -> list[str]:
        resolved.append(host)
        return [PUBLIC]

    assert fetch_error(fetcher(server, resolve), url)
    assert (resolved, server.dialled) == ([], [])


def _finding(addresses: list[str]) -> Callable[[str, int], list[str]]:
    return lambda host, port: addresses


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "0.0.0.0",  # noqa: S104 - refused, not bound
        "10.0.0.1",
        "100.64.0.1",
        "169.254.169.254",
        "172.16.0.1",
        "192.0.0.8",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.0.1",
        "198.18.0.1",
        "203.0.113.9",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "::ffff:93.184.215.14",
        "::93.184.215.14",
        "64:ff9b::5db8:d70e",
        "64:ff9b:1::1",
        "100::1",
        "2001::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "3fff::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fe80::1%eth0",
        "2606:4700::1%eth0",
        "fec0::1",
        "ff02::1",
        "2130706433",
        "0177.0.0.1",
        "example.com",
        "",
    ],
)
def test_an_address_of_special_use_is_never_dialled_not_even_beside_a_public_one(
    server: TlsServer, address: str
) -> None:
    """RFC 6890; the metadata service of AWS among them, and every way to write IPv4 in IPv6."""
    assert not is_public(address)
    for found in ([address], [PUBLIC, address], [address, PUBLIC]):
        assert "not public" in fetch_error(fetcher(server, _finding(found)))
    assert "not public" in fetch_error(fetcher(server, lambda host, port: [*[PUBLIC] * 20, address]))
    assert server.dialled == []


@pytest.mark.parametrize("address", [PUBLIC, "1.1.1.1", "2606:4700::1111", "2a00:1450:4001:80b::200e"])
def test_a_public_address_is_dialled(server: TlsServer, address: str) -> None:
    fetcher(server, lambda host, port: [address]).get(URL)
    assert server.dialled == [(address, 443)]


def test_a_url_without_a_path_asks_for_the_root() -> None:
    """RFC 9112 3.2.1."""
    assert RemoteUrl.parse("https://Example.com?x") == RemoteUrl("example.com", 443, "/?x")
