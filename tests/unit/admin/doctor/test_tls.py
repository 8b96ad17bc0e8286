"""What the doctor accepts of TLS is what clients accept: a certificate that they trust, and TLS 1.2 or later."""

import ssl
import warnings

import pytest

from admin.__main__ import main
from admin.doctor.examination import NoServer, check_presence
from admin.doctor.web import Web
from tests.support.tls_server import TlsServer, client_context, response


@pytest.fixture
def url(server: TlsServer) -> str:
    """A server that asks for a login."""

    def answer(encrypted: ssl.SSLSocket, _over: object) -> None:
        # All of the message: what is left unread resets the connection.
        while not server.requests[-1].endswith(b"}"):
            server.requests[-1] += encrypted.recv(65536)
        encrypted.sendall(response(b"{}", status="401 Unauthorized"))

    server.answer = answer
    return f"https://localhost:{server._listener.getsockname()[1]}"


def test_a_certificate_that_nobody_trusts_is_one_sentence(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", url]) == 1
    error = capsys.readouterr().err
    assert error.startswith(f"error: cannot reach the server: POST {url}/mcp: TLS failed: ")
    assert "certificate verify failed" in error


def test_a_certificate_that_is_trusted_counts(url: str, server: TlsServer) -> None:
    check_presence(f"{url}/mcp", Web(url, 5, client_context()))
    assert len(server.requests) == 1


def test_an_older_version_of_tls_is_refused(url: str, server: TlsServer) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        server._context.minimum_version = ssl.TLSVersion.TLSv1
        server._context.maximum_version = ssl.TLSVersion.TLSv1_1
    server._context.set_ciphers("DEFAULT:@SECLEVEL=0")
    with pytest.raises(NoServer, match=r"TLS failed: .*(?i:version|protocol)"):
        check_presence(f"{url}/mcp", Web(url, 5, client_context()))
    assert server.requests == []
