"""What the identity provider publishes: its metadata (OpenID Connect Discovery 1.0) and its keys (RFC 7517)."""

import http.client
from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

from runtime.http.loopback import CLEARTEXT_HOSTS
from runtime.login.provider.http import ProviderHttp, unavailable

METADATA_SECONDS: Final = 3600
KEYS_SECONDS: Final = 3600
# A token with an unknown key id makes the keys be fetched again; nobody can make that happen more often.
REFETCH_SECONDS: Final = 60
MAX_KEYS: Final = 100


class Metadata(NamedTuple):
    """The metadata that a login needs (OpenID Connect Discovery 1.0, 3; RFC 9207 3). A missing list has its default."""

    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str | None
    token_endpoint_auth_methods: tuple[str, ...]
    id_token_algorithms: tuple[str, ...]
    states_issuer: bool


class Discovery:
    """Fetches the metadata and the keys of ``issuer``, and keeps both in this process for an hour at most.

    ``clock`` is in seconds. Every method raises ``ProviderUnavailable`` when the provider does not answer as it should.
    """

    def __init__(self, issuer: str, http: ProviderHttp, clock: Callable[[], float]) -> None:
        self._issuer = issuer
        self._http = http
        self._clock = clock
        self._metadata: tuple[float, Metadata] | None = None
        self._keys: tuple[float, list[dict[str, Any]]] | None = None

    def metadata(self) -> Metadata:
        """The metadata, whose ``issuer`` must be the configured one, character by character (Discovery 1.0, 4.3)."""
        now = self._clock()
        if self._metadata is None or now - self._metadata[0] >= METADATA_SECONDS:
            # Discovery 1.0, 4.1: a trailing slash of the issuer is left out here, and only here.
            document = self._document(f"{self._issuer.removesuffix('/')}/.well-known/openid-configuration")
            self._metadata = now, self._read(document)
        return self._metadata[1]

    def keys(self, known: Callable[[list[dict[str, Any]]], bool]) -> list[dict[str, Any]]:
        """The keys. When they are not ``known`` to hold the right one they are fetched again, once a minute at most."""
        now = self._clock()
        if self._keys is not None:
            fetched_at, keys = self._keys
            age = now - fetched_at
            if age < REFETCH_SECONDS or (age < KEYS_SECONDS and known(keys)):
                return keys
        published: Any = self._document(self.metadata().jwks_uri).get("keys")
        if not isinstance(published, list) or len(published) > MAX_KEYS:
            raise unavailable("its keys are not a list, or too many")
        self._keys = now, [key for key in published if isinstance(key, dict)]
        return self._keys[1]

    def _document(self, url: str) -> dict[str, Any]:
        answer = self._http.get(url)
        if answer.status != http.client.OK or answer.json is None:
            raise unavailable(f"status {answer.status} and no JSON object where {urlsplit(url).path} should be")
        return answer.json

    def _read(self, document: Mapping[str, Any]) -> Metadata:
        if document.get("issuer") != self._issuer:
            raise unavailable("its metadata names another issuer than the configured one")
        return Metadata(
            authorization_endpoint=self._endpoint(document, "authorization_endpoint"),
            token_endpoint=self._endpoint(document, "token_endpoint"),
            jwks_uri=self._endpoint(document, "jwks_uri"),
            userinfo_endpoint=self._endpoint(document, "userinfo_endpoint")
            if "userinfo_endpoint" in document
            else None,
            token_endpoint_auth_methods=_names(
                document, "token_endpoint_auth_methods_supported", "client_secret_basic"
            ),
            id_token_algorithms=_names(document, "id_token_signing_alg_values_supported", "RS256"),
            states_issuer=document.get("authorization_response_iss_parameter_supported") is True,
        )

    def _endpoint(self, document: Mapping[str, Any], name: str) -> str:
        """A URL of the metadata: https, or http on loopback where the issuer is there too.

        A provider for tests on one's own machine has no certificate, and what passes between two processes of one
        machine is not on any network; so http is for that case alone, and never for a provider that is elsewhere.
        """
        url = document.get(name)
        if isinstance(url, str) and url.isascii() and url.isprintable() and " " not in url:
            scheme, host = _where(url)
            local = self._issuer.startswith("http://") and scheme == "http" and host in CLEARTEXT_HOSTS
            if local or (scheme == "https" and host):
                return url
        raise unavailable(f"its metadata has no usable {name}")


def _where(url: str) -> tuple[str, str]:
    """The scheme and the host of a URL; both empty where it is none."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "", ""
    return (parts.scheme, parts.hostname or "") if port != 0 else ("", "")


def _names(document: Mapping[str, Any], member: str, default: str) -> tuple[str, ...]:
    names = document.get(member, [default])
    return tuple(name for name in names if isinstance(name, str)) if isinstance(names, list) else ()
