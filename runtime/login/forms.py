"""Forms that come back as they were sent out, and from where."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from runtime.login.errors import Lapsed
from runtime.tokens.key_ring import KeyRing
from runtime.tokens.signer import BadSignature, Signer

LIFETIME_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Forms:
    """Signs what a form carries, for one browser or session: nobody else can send it, nor change what it says.

    Nor does it open under another ``identity_provider`` than the one it was signed under: it may name who is signed in.
    """

    keys: KeyRing
    clock: Callable[[], float]
    identity_provider: str | None = None

    def sign(self, kind: str, holder: str, value: Mapping[str, Any]) -> str:
        """``value`` in a text that opens for the same kind of form and the same holder, for ``LIFETIME_SECONDS``."""
        return self._signer().sign(self._purpose(kind, holder), value, LIFETIME_SECONDS)

    def verify(self, kind: str, holder: str, text: str) -> dict[str, Any]:
        """What was signed; raises ``Lapsed``."""
        purpose = self._purpose(kind, holder)
        try:
            return self._signer().verify(purpose, text)
        except BadSignature:
            # Another instance may have signed it with a key that is newer than those known here.
            self.keys.renew()
        try:
            return self._signer().verify(purpose, text)
        except BadSignature as error:
            raise Lapsed("This page is no longer valid.") from error

    def _signer(self) -> Signer:
        return Signer(self.keys.derived("login form"), self.clock)

    def _purpose(self, kind: str, holder: str) -> str:
        return f"{kind}\0{holder}\0{self.identity_provider}"
