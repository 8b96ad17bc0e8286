"""The errors of all stores."""


class StoreUnavailable(Exception):
    """A store failed. The message is the operation that failed, and the cause is chained."""


class AccessRefused(StoreUnavailable):
    """The function may not do this, or not yet: the permissions of a new role take seconds to spread."""


class AlreadyExists(Exception):
    """A record with this key already exists."""


class NotThere(Exception):
    """The record does not exist."""
