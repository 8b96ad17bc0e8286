"""The one exception of this package."""


class LocalError(Exception):
    """Something the user has to know; its text is the whole message, ready to print."""
