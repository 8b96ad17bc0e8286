"""The credentials of a grant: authorization codes and refresh tokens, ``<grant_id>.<secret>``."""

from typing import NamedTuple, Self

from runtime.oauth.credentials import digest, new_credential


class GrantCredential(NamedTuple):
    """A code or a refresh token: which grant it belongs to, and the secret, of which only ``hash`` is kept."""

    grant_id: str
    secret: str

    @classmethod
    def new(cls, grant_id: str) -> Self:
        """A credential of a grant with 256 random bits."""
        return cls(grant_id, new_credential())

    @classmethod
    def read(cls, text: str) -> Self:
        """The credential that a client presents. What no grant can have is a credential of no grant."""
        grant_id, _, secret = text.partition(".")
        return cls(grant_id, secret)

    @property
    def hash(self) -> str:
        """SHA-256 of the secret in hex."""
        return digest(self.secret)

    def __str__(self) -> str:
        """What the client is given."""
        return f"{self.grant_id}.{self.secret}"

    def __repr__(self) -> str:
        """Never shows the secret."""
        return f"GrantCredential(grant_id={self.grant_id!r})"
