"""Why a request to another server failed."""


class FetchFailed(Exception):
    """A request to another server failed. The message says why, and never repeats what the other server sent."""


class Unreachable(FetchFailed):
    """The server did not respond, or reported a failure of its own. A retry may succeed."""
