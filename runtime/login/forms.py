"""Forms that come back as they were sent out, and from where."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from runtime.login.errors import Lapsed
from runtime.tokens.key_ring import KeyRing
from runtime.tokens.signer import BrokenSeal, Sealer

LIFETIME_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Forms:
    """Seals what a form carries, for one browser or session: nobody else can send it, nor change what it says.

    Nor does it open under another ``identity_provider`` than the one it was sealed under: it may name who is signed in.
    """

    keys: KeyRing
    clock: Callable[[], float]
    identity_provider: str | None = None

    def seal(self, kind: str, holder: str, value: Mapping[str, Any]) -> str:
        """``value`` in a text that opens for the same kind of form and the same holder, for ``LIFETIME_SECONDS``."""
        return self._sealer().seal(self._purpose(kind, holder), value, LIFETIME_SECONDS)

    def open(self, kind: str, holder: str, text: str) -> dict[str, Any]:
        """What was sealed; raises ``Lapsed``."""
        purpose = self._purpose(kind, holder)
        try:
            return self._sealer().open(purpose, text)
        except BrokenSeal:
            # Another instance may have sealed it with a key that is newer than those known here.
            self.keys.renew()
        try:
            return self._sealer().open(purpose, text)
        except BrokenSeal as error:
            raise Lapsed("This page is no longer valid.") from error

    def _sealer(self) -> Sealer:
        return Sealer(self.keys.derived("login form"), self.clock)

    def _purpose(self, kind: str, holder: str) -> str:
        return f"{kind}\0{holder}\0{self.identity_provider}"
