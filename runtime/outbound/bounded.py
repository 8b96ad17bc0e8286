"""A socket whose response is read within limits, for ``http.client``."""

import io
import socket
from typing import Any

from runtime.outbound.deadline import Deadline
from runtime.outbound.errors import FetchFailed


class BoundedReader(io.RawIOBase):
    """Reads a response within limits.

    A server that sends one byte at a time never exceeds the timeout of a single read. So the deadline and the number of
    bytes apply to the whole response, headers included.
    """

    def __init__(self, connected: socket.socket, deadline: Deadline, most_bytes: int) -> None:
        self._connected = connected
        self._deadline = deadline
        self._bytes_left = most_bytes

    def readable(self) -> bool:
        """Return ``True``: ``io.BufferedReader`` asks."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read available bytes; raise ``FetchFailed`` if there are too many, ``Unreachable`` after the deadline."""
        if self._bytes_left <= 0:
            raise FetchFailed("the response is too large")
        self._connected.settimeout(self._deadline.remaining_seconds())
        read = self._connected.recv_into(buffer)
        self._bytes_left -= read
        return read


class BoundedSocket:
    """The methods of a socket that ``http.client`` uses. The caller that opened the connection closes it."""

    def __init__(self, connected: socket.socket, deadline: Deadline, most_bytes: int) -> None:
        self._connected = connected
        self._deadline = deadline
        self._most_bytes = most_bytes

    def sendall(self, data: bytes) -> None:
        """Send a request."""
        self._connected.settimeout(self._deadline.remaining_seconds())
        self._connected.sendall(data)

    def makefile(self, _mode: str) -> io.BufferedReader:
        """Return the reader of the response."""
        return io.BufferedReader(BoundedReader(self._connected, self._deadline, self._most_bytes))

    def close(self) -> None:
        """Do nothing: ``http.client`` closes the connection before the response is read."""
