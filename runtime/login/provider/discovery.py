"""The published metadata (OpenID Connect Discovery 1.0) and keys (RFC 7517) of the identity provider."""

import http.client
from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

from runtime.http.loopback import CLEARTEXT_HOSTS
from runtime.login.provider.http import ProviderHttp, log_failure

METADATA_SECONDS: Final = 3600
KEYS_SECONDS: Final = 3600
# A token with an unknown key id causes a new fetch of the keys, but at most once in this time.
REFETCH_SECONDS: Final = 60
MAX_KEYS: Final = 100


class Metadata(NamedTuple):
    """The metadata that a login needs (OpenID Connect Discovery 1.0, 3; RFC 9207 3). Missing lists have defaults."""

    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str | None
    token_endpoint_auth_methods: tuple[str, ...]
    id_token_algorithms: tuple[str, ...]
    states_issuer: bool


class Discovery:
    """Fetches the metadata and the keys of ``issuer``, and caches both in this process for an hour at most.

    ``clock`` is in seconds. Every method raises ``ProviderUnavailable`` if the provider does not respond as it should.
    """

    def __init__(self, issuer: str, http: ProviderHttp, clock: Callable[[], float]) -> None:
        self._issuer = issuer
        self._http = http
        self._clock = clock
        self._metadata: tuple[float, Metadata] | None = None
        self._keys: tuple[float, list[dict[str, Any]]] | None = None

    def get_metadata(self) -> Metadata:
        """Return the metadata. Its ``issuer`` must be exactly the configured one (Discovery 1.0, 4.3)."""
        now = self._clock()
        if self._metadata is None or now - self._metadata[0] >= METADATA_SECONDS:
            # Discovery 1.0, 4.1: remove a trailing slash of the issuer here, and only here.
            document = self._fetch_document(f"{self._issuer.removesuffix('/')}/.well-known/openid-configuration")
            self._metadata = now, self._read_metadata(document)
        return self._metadata[1]

    def get_keys(self, is_suitable: Callable[[list[dict[str, Any]]], bool]) -> list[dict[str, Any]]:
        """Return the keys. If they are not suitable, fetch them again, at most once a minute."""
        now = self._clock()
        if self._keys is not None:
            fetched_at, keys = self._keys
            age = now - fetched_at
            if age < REFETCH_SECONDS or (age < KEYS_SECONDS and is_suitable(keys)):
                return keys
        published: Any = self._fetch_document(self.get_metadata().jwks_uri).get("keys")
        if not isinstance(published, list) or len(published) > MAX_KEYS:
            raise log_failure("its keys are not a list, or there are too many")
        self._keys = now, [key for key in published if isinstance(key, dict)]
        return self._keys[1]

    def _fetch_document(self, url: str) -> dict[str, Any]:
        answer = self._http.get(url)
        if answer.status != http.client.OK or answer.json is None:
            raise log_failure(f"{urlsplit(url).path} returned status {answer.status}, or no JSON object")
        return answer.json

    def _read_metadata(self, document: Mapping[str, Any]) -> Metadata:
        if document.get("issuer") != self._issuer:
            raise log_failure("the issuer in its metadata is not the configured one")
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
        """Return a URL of the metadata: https, or http on loopback if the issuer is on loopback too.

        A test provider on your own machine has no certificate, and traffic between two local processes does not leave
        the machine. So http is for that case alone, never for a remote provider.
        """
        url = document.get(name)
        if isinstance(url, str) and url.isascii() and url.isprintable() and " " not in url:
            scheme, host = _scheme_and_host(url)
            local = self._issuer.startswith("http://") and scheme == "http" and host in CLEARTEXT_HOSTS
            if local or (scheme == "https" and host):
                return url
        raise log_failure(f"its metadata has no valid {name}")


def _scheme_and_host(url: str) -> tuple[str, str]:
    """Return the scheme and the host of a URL, both empty if it is not valid."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "", ""
    return (parts.scheme, parts.hostname or "") if port != 0 else ("", "")


def _names(document: Mapping[str, Any], member: str, default: str) -> tuple[str, ...]:
    names = document.get(member, [default])
    return tuple(name for name in names if isinstance(name, str)) if isinstance(names, list) else ()
