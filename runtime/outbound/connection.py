"""Opens connections to other servers.

The name is resolved once, all its addresses must be allowed, and the connection goes to one of those addresses: the
name is never resolved a second time.
"""

import logging
import queue
import socket
import threading
from collections.abc import Callable, Sequence
from typing import Final

from runtime.outbound.deadline import Deadline
from runtime.outbound.errors import FetchFailed, Unreachable

logger = logging.getLogger(__name__)

MAX_ADDRESSES: Final = 8

Resolve = Callable[[str, int], Sequence[str]]
Connect = Callable[[tuple[str, int], float], socket.socket]


def addresses(host: str, port: int) -> Sequence[str]:
    """Return the IP addresses of a name, or raise ``OSError`` if it has none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class Connector:
    """Connects to names whose addresses ``is_allowed`` accepts."""

    def __init__(
        self,
        is_allowed: Callable[[str], bool],
        resolve: Resolve = addresses,
        connect: Connect = socket.create_connection,
    ) -> None:
        self._is_allowed = is_allowed
        self._resolve = resolve
        self._connect = connect

    def open(self, host: str, port: int, deadline: Deadline) -> socket.socket:
        """Connect to a name.

        Raise ``FetchFailed`` if one of its addresses is not allowed, and ``Unreachable`` if none accepts a connection
        before the deadline.
        """
        ips = self._resolve_in_time(host, port, deadline)
        if not ips or not all(map(self._is_allowed, ips)):
            raise FetchFailed("the name leads to an address that is not public")
        return self._dial(ips[:MAX_ADDRESSES], port, deadline)

    def _resolve_in_time(self, host: str, port: int, deadline: Deadline) -> Sequence[str]:
        """Resolve a name before the deadline. A resolver has no timeout of its own, so it runs in a thread."""
        answers: queue.SimpleQueue[Sequence[str]] = queue.SimpleQueue()

        def resolve() -> None:
            try:
                answers.put(self._resolve(host, port))
            except (OSError, UnicodeError):
                answers.put(())

        threading.Thread(target=resolve, daemon=True).start()
        try:
            return answers.get(timeout=deadline.remaining_seconds())
        except queue.Empty as error:
            raise Unreachable("took too long") from error

    def _dial(self, ips: Sequence[str], port: int, deadline: Deadline) -> socket.socket:
        """Connect to the first address that accepts. Each address gets an equal share of the remaining time."""
        for tried, address in enumerate(ips):
            share = deadline.remaining_seconds() / (len(ips) - tried)
            try:
                return self._connect((address, port), share)
            except OSError:
                logger.debug("no connection", extra={"address": address})
        raise Unreachable("no address accepts a connection")
