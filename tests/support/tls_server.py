"""A real TLS server on loopback that answers what a test tells it, and how to trust its certificate."""

import contextlib
import datetime
import functools
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from runtime.oauth.remote.fetch import Fetcher
from runtime.outbound.errors import FetchFailed

HOST = "client.example.com"
# Documentation addresses are of no use here: they are not public.
PUBLIC = "93.184.215.14"
URL = f"https://{HOST}/client.json"
Answer = Callable[[ssl.SSLSocket, threading.Event], object]


@functools.cache
def _certificate() -> tuple[bytes, bytes]:
    """A self-signed certificate of ``HOST`` and of this machine, and its key, in PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST), x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return certificate.public_bytes(pem), private


def client_context() -> ssl.SSLContext:
    """What a client checks the certificate with."""
    return ssl.create_default_context(cadata=_certificate()[0].decode())


def response(body: bytes, *headers: str, status: str = "200 OK", content_type: str = "application/json") -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {content_type}", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


class TlsServer:
    """Answers every request with ``answer``, bytes or a function. Notes the requests and who was dialled."""

    def __init__(self, listener: socket.socket, context: ssl.SSLContext) -> None:
        self.answer: bytes | Answer = response(b"{}")
        self.requests: list[bytes] = []
        self.dialled: list[tuple[str, int]] = []
        self.over = threading.Event()
        self._listener = listener
        self._context = context
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def connect(self, address: tuple[str, int], timeout: float) -> socket.socket:
        """Stand in for the internet: whatever public address is dialled, this server takes the connection."""
        self.dialled.append(address)
        return socket.create_connection(self._listener.getsockname(), timeout)

    def _serve(self) -> None:
        while not self.over.is_set():
            with contextlib.suppress(OSError):
                plain, _ = self._listener.accept()
                with plain, self._context.wrap_socket(plain, server_side=True) as encrypted:
                    self._answer(encrypted)

    def _answer(self, encrypted: ssl.SSLSocket) -> None:
        self.requests.append(encrypted.recv(65536))
        if callable(self.answer):
            self.answer(encrypted, self.over)
        else:
            encrypted.sendall(self.answer)

    def stop(self) -> None:
        self.over.set()
        # Whoever waits in accept is woken by a last visitor.
        with contextlib.suppress(OSError):
            socket.create_connection(self._listener.getsockname(), 1).close()
        self._thread.join(5)
        self._listener.close()


@contextlib.contextmanager
def tls_server(folder: Path) -> Iterator[TlsServer]:
    """A server while a test runs; ``folder`` takes its certificate, which OpenSSL reads from files only."""
    certificate, key = _certificate()
    (folder / "server.pem").write_bytes(certificate + key)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = TlsServer(listener, context)
        try:
            yield server
        finally:
            server.stop()


def public(_host: str, _port: int) -> Sequence[str]:
    """A resolver that finds one public address for every name."""
    return [PUBLIC]


def fetcher(server: TlsServer, resolve: Callable[[str, int], Sequence[str]] = public, seconds: float = 5.0) -> Fetcher:
    """What fetches from a server as if it were on the internet."""
    return Fetcher(resolve, server.connect, client_context, seconds=seconds)


def fetch_error(fetching: Fetcher, url: str = URL) -> str:
    """Why nothing was fetched."""
    with pytest.raises(FetchFailed) as caught:
        fetching.get(url)
    return str(caught.value)
