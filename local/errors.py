"""What can go wrong on the local stack."""


class LocalError(Exception):
    """A failure with a message for the user."""


class Unsupported(LocalError):
    """The local stack does not know a type of resource, or an input of one that it knows."""
