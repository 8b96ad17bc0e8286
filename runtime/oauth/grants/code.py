"""The credentials of a grant, authorization codes and refresh tokens: ``<grant_id>.<secret>``."""

from typing import NamedTuple, Self

from runtime.oauth.credentials import derive_credential, digest, new_credential


class AuthorizationCode(NamedTuple):
    """An authorization code: which grant it belongs to, and the secret, of which only ``hash`` is kept."""

    grant_id: str
    secret: str

    @classmethod
    def new(cls, grant_id: str) -> Self:
        """The code of a grant, with 256 random bits."""
        return cls(grant_id, new_credential())

    @classmethod
    def read(cls, text: str) -> Self:
        """The code that a client presents. What no grant can have is a code of no grant."""
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
        return f"AuthorizationCode(grant_id={self.grant_id!r})"


class RefreshToken(NamedTuple):
    """A refresh token: which grant it belongs to, what it has in common with all others of it, and its own secret.

    Hashes are kept of the two secrets. Whoever knows ``family`` has held a refresh token of the grant, so one that is
    no longer good can be told from one that never was, without a record of all that there have been.
    """

    grant_id: str
    family: str
    secret: str

    @classmethod
    def first(cls, grant_id: str) -> Self:
        """The first refresh token of a grant."""
        return cls(grant_id, new_credential(), new_credential())

    def following(self, salt: str) -> Self:
        """The one that takes its place: with the same salt, whoever holds this one gets the same again."""
        return self._replace(secret=derive_credential(self.secret, salt))

    @classmethod
    def read(cls, text: str) -> Self:
        """The refresh token that a client presents. What no grant can have is a refresh token of no grant."""
        grant_id, _, rest = text.partition(".")
        family, _, secret = rest.partition(".")
        return cls(grant_id, family, secret)

    @property
    def family_hash(self) -> str:
        """SHA-256 in hex of what it has in common with the others."""
        return digest(self.family)

    @property
    def hash(self) -> str:
        """SHA-256 of its own secret in hex."""
        return digest(self.secret)

    def __str__(self) -> str:
        """What the client is given."""
        return f"{self.grant_id}.{self.family}.{self.secret}"

    def __repr__(self) -> str:
        """Never shows the secrets."""
        return f"RefreshToken(grant_id={self.grant_id!r})"
