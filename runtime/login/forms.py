"""Signed forms: they come back unchanged, from the browser they were made for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from runtime.login.errors import Lapsed
from runtime.tokens.key_ring import KeyRing
from runtime.tokens.signer import BadSignature, Signer

LIFETIME_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Forms:
    """Signs the content of a form for one browser or session, so that no other can send it and nothing can change it.

    A form may name the signed-in user, so it verifies only under the ``identity_provider`` that it was signed under.
    """

    keys: KeyRing
    clock: Callable[[], float]
    identity_provider: str | None = None

    def sign(self, kind: str, holder: str, value: Mapping[str, Any]) -> str:
        """Return ``value`` as a signed text. It verifies for the same kind and holder, for ``LIFETIME_SECONDS``."""
        return self._signer().sign(self._purpose(kind, holder), value, LIFETIME_SECONDS)

    def verify(self, kind: str, holder: str, text: str) -> dict[str, Any]:
        """Return the value that was signed; raises ``Lapsed``."""
        purpose = self._purpose(kind, holder)
        try:
            return self._signer().verify(purpose, text)
        except BadSignature:
            # Another instance may have signed it with a newer key than this one has read.
            self.keys.renew()
        try:
            return self._signer().verify(purpose, text)
        except BadSignature as error:
            raise Lapsed("This page has expired.") from error

    def _signer(self) -> Signer:
        return Signer(self.keys.derive_keys("login form"), self.clock)

    def _purpose(self, kind: str, holder: str) -> str:
        return f"{kind}\0{holder}\0{self.identity_provider}"
