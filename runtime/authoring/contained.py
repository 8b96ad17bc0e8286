"""Running what an author has written, so that nothing it raises ends the process that serves others next."""

import logging
from types import TracebackType

from runtime.authoring.context import Detached, InputRequired
from runtime.authoring.json_values import escape

logger = logging.getLogger(__name__)


class ProcessExit(Exception):
    """The code has raised what would end the process: ``SystemExit``, as ``argparse`` does, or its like."""


class contained:  # noqa: N801  # used as a verb, like contextlib.suppress
    """``with contained():`` around every run of an author's code.

    What is no ``Exception`` is raised as a ``ProcessExit``, but for the two by which the runtime itself ends a run that
    goes on later.
    """

    def __enter__(self) -> None:
        """Nothing is set up."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Raise ``ProcessExit`` in the place of what would end the process."""
        if kind is not None and not issubclass(kind, Exception | InputRequired | Detached):
            raise ProcessExit(kind.__name__) from error


def told(error: Exception) -> str:
    """The message of an exception that its author wants told, in valid Unicode; its class where it has no message."""
    try:
        with contained():
            return escape(str(error))
    except Exception:
        # Making the message is the author's code too.
        logger.exception("the message of an error failed")
        return type(error).__name__
