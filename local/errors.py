"""The one exception of this package."""


class LocalError(Exception):
    """An error for the user. Its text is the complete message."""
