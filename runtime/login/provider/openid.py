"""Logging in at the identity provider: OpenID Connect Core 1.0, authorization code flow, with PKCE (RFC 7636)."""

import base64
import http.client
import logging
import re
from collections.abc import Callable, Mapping
from typing import Any, Final, Protocol
from urllib.parse import quote_plus, urlencode, urlsplit

from runtime.login.provider import admission
from runtime.login.provider.discovery import Discovery, Metadata
from runtime.login.provider.http import Answer, ProviderHttp, log_failure
from runtime.login.provider.identity import ProviderRefused, User
from runtime.records.errors import StoreUnavailable
from runtime.settings import IdentityProviderSettings

logger = logging.getLogger(__name__)

# How long the client secret is cached. After a change, the old one is used no longer than this.
SECRET_SECONDS: Final = 60


class ClientSecret(Protocol):
    """Holds the client secret. ``read`` raises ``StoreUnavailable`` if there is none."""

    def read(self) -> str: ...


class OpenIDConnectProvider:
    """An ``IdentityProvider`` for any OpenID Connect provider. ``clock`` reads seconds since the epoch."""

    def __init__(
        self, settings: IdentityProviderSettings, secret: ClientSecret, clock: Callable[[], float], http: ProviderHttp
    ) -> None:
        self._settings = settings
        self._store = secret
        self._clock = clock
        self._http = http
        self._discovery = Discovery(settings.issuer, http, clock)
        self._secret: tuple[float, str] | None = None

    def authorization_url(self, state: str, nonce: str, code_challenge: str, prompt: str | None = None) -> str:
        """Return the URL (Core 1.0, 3.1.2.1). It always has a code challenge (RFC 7636 4.3)."""
        endpoint = self._discovery.get_metadata().authorization_endpoint
        parameters = {
            "response_type": "code",
            "client_id": self._settings.client_id,
            "redirect_uri": self._settings.redirect_uri,
            "scope": " ".join(self._settings.scopes),
            "state": state,
            "nonce": nonce,
            "code_challenge": code_challenge,
            "code_challenge_method": "S256",
            **({"prompt": prompt} if prompt else {}),
        }
        # RFC 6749 3.1: the endpoint keeps its own query.
        return f"{endpoint}{'&' if urlsplit(endpoint).query else '?'}{urlencode(parameters)}"

    def identify(self, code: str, code_verifier: str, nonce: str, iss: str | None) -> User:
        """Exchange the code, verify the ID token, ask the userinfo endpoint for what is missing, apply the policy."""
        metadata = self._discovery.get_metadata()
        self._check_issuer(metadata, iss)
        answer = self._exchange_code(metadata, code, code_verifier)
        tokens = answer.json or {}
        id_token, access_token = (_string(tokens, name) for name in ("id_token", "access_token"))
        if id_token is None:
            raise _log_refusal("the identity provider sent no ID token")
        claims = self._verify_id_token(metadata, id_token, access_token, nonce)
        if not admission.is_complete(claims, self._settings):
            userinfo = self._fetch_userinfo(metadata, access_token, claims["sub"])
            claims = admission.combine_claims(claims, userinfo)
        return admission.admit_user(claims, self._settings)

    def _check_issuer(self, metadata: Metadata, iss: str | None) -> None:
        """RFC 9207 2.4: raise ``ProviderRefused`` for another issuer, even if ``iss`` was not announced."""
        if (iss is None and metadata.states_issuer) or iss not in (None, self._settings.issuer):
            raise _log_refusal("the response came from another identity provider")

    def _exchange_code(self, metadata: Metadata, code: str, code_verifier: str) -> Answer:
        """Core 1.0, 3.1.3.1; RFC 7636 4.5."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._settings.redirect_uri,
            "code_verifier": code_verifier,
        }
        headers = {}
        client_id, secret = self._settings.client_id, self._read_client_secret()
        stated = self._settings.token_auth_method
        methods = (stated,) if stated else metadata.token_endpoint_auth_methods
        if "client_secret_basic" in methods:
            # RFC 6749 2.3.1: form-encode both, then use them as user name and password.
            pair = f"{quote_plus(client_id)}:{quote_plus(secret)}".encode()
            headers["Authorization"] = f"Basic {base64.b64encode(pair).decode()}"
        elif "client_secret_post" in methods:
            form |= {"client_id": client_id, "client_secret": secret}
        else:
            raise log_failure("its token endpoint does not accept a client secret")
        answer = self._http.post(metadata.token_endpoint, form, headers)
        if answer.status != http.client.OK:
            raise _log_refusal("the identity provider did not confirm the login", answer)
        if answer.json is None:
            raise log_failure("its token endpoint did not return a JSON object")
        return answer

    def _read_client_secret(self) -> str:
        now = self._clock()
        if self._secret is None or now - self._secret[0] >= SECRET_SECONDS:
            try:
                self._secret = now, self._store.read()
            except StoreUnavailable as error:
                raise log_failure("its client secret cannot be read; python -m admin set-upstream-secret") from error
        return self._secret[1]

    def _verify_id_token(
        self, metadata: Metadata, id_token: str, access_token: str | None, nonce: str
    ) -> dict[str, Any]:
        """Return the claims of the ID token, or raise ``ProviderRefused``."""
        # Imports cryptography, which only the callback needs.
        from runtime.login.provider import id_token as tokens

        settings = self._settings
        expected = tokens.Expected(
            settings.issuer, settings.client_id, nonce, self._clock(), settings.trusted_audiences
        )
        try:
            header = tokens.read_header(id_token, metadata.id_token_algorithms)
            keys = self._discovery.get_keys(lambda keys: tokens.find_key(keys, header) is not None)
            claims = tokens.verify(id_token, header, keys, expected)
            tokens.check_access_token(claims, header, access_token)
        except ProviderRefused as refusal:
            logger.warning("the ID token does not verify", extra={"reason": refusal.reason})
            raise
        return claims

    def _fetch_userinfo(self, metadata: Metadata, access_token: str | None, subject: str) -> Mapping[str, Any]:
        """Return the claims of the userinfo endpoint (Core 1.0, 5.3), none if the provider has no such endpoint."""
        if metadata.userinfo_endpoint is None or access_token is None:
            return {}
        answer = self._http.get(metadata.userinfo_endpoint, {"Authorization": f"Bearer {access_token}"})
        if answer.status != http.client.OK or answer.json is None:
            raise _log_refusal("the identity provider did not return your user info", answer)
        # Core 1.0, 5.3.2: otherwise its claims "MUST NOT be used".
        if answer.json.get("sub") != subject:
            raise _log_refusal("the identity provider returned two different users")
        return answer.json


def _log_refusal(reason: str, answer: Answer | None = None) -> ProviderRefused:
    """Log the reason, with the provider's error code (RFC 6749 5.2), and return the error to raise."""
    error = _string(answer.json or {}, "error") if answer else None
    code = error if error and re.fullmatch("[A-Za-z0-9_.-]{1,64}", error) else None
    details = {"reason": reason, "status": answer.status if answer else None, "provider_error": code}
    logger.warning("the identity provider refused a login", extra=details)
    return ProviderRefused(reason)


def _string(members: Mapping[str, Any], name: str) -> str | None:
    value = members.get(name)
    return value if isinstance(value, str) and value and value.isascii() and value.isprintable() else None
