"""The credentials of a grant, authorization codes and refresh tokens: ``<grant_id>.<secret>``."""

from typing import NamedTuple, Self

from runtime.oauth.credentials import derive_credential, digest, new_credential


class AuthorizationCode(NamedTuple):
    """An authorization code: the id of its grant, and a secret, of which only ``hash`` is stored."""

    grant_id: str
    secret: str

    @classmethod
    def new(cls, grant_id: str) -> Self:
        """Return a new code for a grant, with 256 random bits."""
        return cls(grant_id, new_credential())

    @classmethod
    def read(cls, text: str) -> Self:
        """Read the code that a client sent. Malformed text gives a code that matches no grant."""
        grant_id, _, secret = text.partition(".")
        return cls(grant_id, secret)

    @property
    def hash(self) -> str:
        """SHA-256 of the secret in hex."""
        return digest(self.secret)

    def __str__(self) -> str:
        """Return the code as the client receives it."""
        return f"{self.grant_id}.{self.secret}"

    def __repr__(self) -> str:
        """Leave out the secret."""
        return f"AuthorizationCode(grant_id={self.grant_id!r})"


class RefreshToken(NamedTuple):
    """A refresh token: the id of its grant, a secret shared by all refresh tokens of that grant, and its own secret.

    Only the hashes of the two secrets are stored. A token with the right ``family`` was once issued for the grant, so a
    used token can be told from a made-up one without a record of every token.
    """

    grant_id: str
    family: str
    secret: str

    @classmethod
    def new(cls, grant_id: str) -> Self:
        """Return the first refresh token of a grant."""
        return cls(grant_id, new_credential(), new_credential())

    def successor(self, salt: str) -> Self:
        """Return the token that replaces this one. The same token and salt always give the same successor."""
        return self._replace(secret=derive_credential(self.secret, salt))

    @classmethod
    def read(cls, text: str) -> Self:
        """Read the refresh token that a client sent. Malformed text gives a token that matches no grant."""
        grant_id, _, rest = text.partition(".")
        family, _, secret = rest.partition(".")
        return cls(grant_id, family, secret)

    @property
    def family_hash(self) -> str:
        """SHA-256 in hex of the secret that all refresh tokens of the grant share."""
        return digest(self.family)

    @property
    def hash(self) -> str:
        """SHA-256 in hex of its own secret."""
        return digest(self.secret)

    def __str__(self) -> str:
        """Return the token as the client receives it."""
        return f"{self.grant_id}.{self.family}.{self.secret}"

    def __repr__(self) -> str:
        """Leave out the secrets."""
        return f"RefreshToken(grant_id={self.grant_id!r})"
