"""Ending early without leaving anything half done."""

import signal
import threading
from types import FrameType

# Set once a signal has asked this process to end. Pulumi's event loop holds an exception back until all resources are
# registered, so the deployment looks here before each of them.
REQUESTED = threading.Event()


def handle_signals() -> None:
    """Turn the signals that end a terminal command into KeyboardInterrupt, except where they were set to be ignored."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _interrupt)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    """Interrupt once: a second signal would interrupt the taking down, and leave behind what is still running."""
    if not REQUESTED.is_set():
        REQUESTED.set()
        raise KeyboardInterrupt
