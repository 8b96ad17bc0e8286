"""Handling of signals, so that an interrupted command leaves nothing incomplete."""

import signal
import threading
from types import FrameType

# Set when a signal asks this process to end. Pulumi's event loop delays an exception until all resources are
# registered, so the deployment checks this before each resource.
REQUESTED = threading.Event()


def handle_signals() -> None:
    """Turn the signals that end a terminal command into KeyboardInterrupt, unless they are ignored."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _interrupt)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    """Interrupt once. A second signal would interrupt the cleanup and leave processes running."""
    if not REQUESTED.is_set():
        REQUESTED.set()
        raise KeyboardInterrupt
