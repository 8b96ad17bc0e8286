"""The time at which a request to another server is abandoned."""

from collections.abc import Callable

from runtime.outbound.errors import Unreachable


class Deadline:
    """The end of ``seconds`` that start now. ``clock`` is any clock in seconds."""

    def __init__(self, clock: Callable[[], float], seconds: float) -> None:
        self._clock = clock
        self._started = clock()
        self._end = self._started + seconds

    def remaining_seconds(self) -> float:
        """Return the seconds until the deadline, more than 0, or raise ``Unreachable`` if it has passed."""
        remaining = self._end - self._clock()
        if remaining <= 0:
            raise Unreachable("took too long")
        return remaining

    def seconds_since_start(self) -> float:
        """Return the seconds since the start."""
        return self._clock() - self._started
