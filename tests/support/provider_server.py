"""An identity provider for tests: a real server on loopback that can misbehave in every way."""

import json
import threading
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt

from tests.support.keys import private_key, public_jwk
from tests.unit.conftest import NOW

CLIENT_ID = "remote mcp"
CLIENT_SECRET = "hush: 100% secret"
NONCE = "a-nonce"
ALICE = {"email": "alice@example.com", "email_verified": True, "name": "Alice"}


class Provider:
    """The responses of the provider. A test changes them before it logs in, and reads ``seen`` afterwards."""

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer
        self.metadata: dict[str, Any] = {
            "issuer": issuer,
            "authorization_endpoint": f"{issuer}/authorize",
            "token_endpoint": f"{issuer}/token",
            "jwks_uri": f"{issuer}/jwks",
            "id_token_signing_alg_values_supported": ["RS256", "PS256", "ES256", "HS256", "none"],
        }
        self.keys: Any = [public_jwk("RSA", kid="rsa"), public_jwk("EC", kid="ec")]
        self.token: dict[str, Any] = {
            "access_token": "an-access-token",
            "token_type": "Bearer",
            "id_token": self.id_token(),
        }
        self.userinfo: dict[str, Any] | None = None
        # Wrong responses: by path, the status and the body.
        self.instead: dict[str, tuple[int, str]] = {}
        # By path, the pause between two bytes.
        self.slow: dict[str, float] = {}
        # Where it accepts the client secret, whatever it announces: "header" or "body".
        self.takes_secret_in: str | None = None
        # Whether a firewall in front of it refuses requests without a User-Agent.
        self.behind_firewall = False
        self.seen: list[tuple[str, dict[str, list[str]], dict[str, str]]] = []

    def claims(self, **changes: Any) -> dict[str, Any]:
        """Return the claims of a valid ID token; a change to ``None`` omits the claim."""
        claims = {
            "iss": self.issuer,
            "aud": CLIENT_ID,
            "sub": "248289761001",
            "iat": NOW,
            "exp": NOW + 300,
            "nonce": NONCE,
            **ALICE,
            **changes,
        }
        return {name: value for name, value in claims.items() if value is not None}

    def id_token(self, algorithm: str = "RS256", key: str = "RSA", kid: str | None = "rsa", **changes: Any) -> str:
        headers = {"kid": kid} if kid else {}
        return jwt.encode(self.claims(**changes), private_key(key), algorithm, headers=headers)

    def unsigned_id_token(self) -> str:
        """Return a token under ``none`` (RFC 7519 6)."""
        parts = ({"alg": "none", "typ": "JWT"}, self.claims())
        return ".".join(urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts) + "."

    def requests(self, path: str) -> int:
        """Return the number of requests for a path."""
        return sum(1 for seen, _, _ in self.seen if seen == path)

    def answer(self, path: str, form: dict[str, list[str]], headers: dict[str, str]) -> tuple[int, str]:
        if path in self.instead:
            return self.instead[path]
        if self.behind_firewall and not headers.get("user-agent"):
            return 403, "<html>Forbidden</html>"
        sent = {"header": "authorization" in headers, "body": "client_secret" in form}
        if (
            path == "/token"
            and self.takes_secret_in
            and not (sent.pop(self.takes_secret_in) and not any(sent.values()))
        ):
            return 401, '{"error": "invalid_client"}'
        documents = {
            "/.well-known/openid-configuration": self.metadata,
            "/jwks": {"keys": self.keys},
            "/token": self.token,
            "/userinfo": self.userinfo,
        }
        document = documents.get(path)
        return (404, "") if document is None else (200, json.dumps(document))


class _Handler(BaseHTTPRequestHandler):
    provider: Provider

    def answer(self) -> None:
        path = urlsplit(self.path).path
        form = parse_qs(self.rfile.read(int(self.headers.get("Content-Length", 0))).decode())
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.provider.seen.append((path, form, headers))
        status, body = self.provider.answer(path, form, headers)
        self.send_response(status)
        self.send_header("Location", f"{self.provider.issuer}/elsewhere")
        self.end_headers()
        try:
            self.send(body.encode(), self.provider.slow.get(path))
        except BrokenPipeError:
            self.close_connection = True

    def send(self, body: bytes, pause: float | None) -> None:
        """Send the body at once, or byte by byte with a pause, until the caller hangs up."""
        if pause is None:
            self.wfile.write(body)
            return
        for byte in body:
            self.wfile.write(bytes([byte]))
            time.sleep(pause)

    do_GET = do_POST = answer  # noqa: N815 - the names the server looks for

    def log_message(self, *arguments: Any) -> None:
        pass


@contextmanager
def serving() -> Iterator[Provider]:
    """Serve a provider with its own issuer."""
    handler: type[_Handler] = type("Handler", (_Handler,), {})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        handler.provider = Provider(f"http://127.0.0.1:{server.server_port}")
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield handler.provider
        server.shutdown()
