"""What may go wrong with a record, whichever store keeps it."""


class StoreUnavailable(Exception):
    """A store did not answer as it should; the operation that failed is the message, the cause is chained."""


class AlreadyExists(Exception):
    """A record with this key is there already."""


class NotThere(Exception):
    """The record is gone, or has never been."""
