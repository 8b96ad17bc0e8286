"""Which scope a client is granted, of that which it holds."""

from collections.abc import Mapping, Sequence

from runtime.oauth.errors import InvalidScope
from runtime.scopes import expanded, scope_list


def narrowed(held: str, asked: str | None, implies: Mapping[str, Sequence[str]]) -> str:
    """RFC 6749 3.3: what is asked for, within what is held; all of that when nothing is asked for.

    A scope that is implied by one that is held may be asked for in its place. Raises ``InvalidScope``.
    """
    if asked is None:
        return held
    wanted = scope_list(asked)
    if not wanted or not set(wanted) <= expanded(scope_list(held), implies):
        raise InvalidScope("exceeds what the client is registered for", pointer="/scope")
    return " ".join(wanted)
