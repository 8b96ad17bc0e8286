"""A guard around an author's code: nothing that it raises ends the process, which serves other requests next."""

import logging
from types import TracebackType

from runtime.authoring.context import Detached, InputRequired
from runtime.authoring.json_values import escape

logger = logging.getLogger(__name__)


class ProcessExit(Exception):
    """The code raised an exception that would end the process, such as ``SystemExit`` from ``argparse``."""


class contain_exits:  # noqa: N801  # used as a verb, like contextlib.suppress
    """Guard a run of an author's code: ``with contain_exits():``.

    An exception that is not an ``Exception`` is raised as a ``ProcessExit``, except for the two with which the runtime
    itself ends a run that continues later.
    """

    def __enter__(self) -> None:
        """Do nothing."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Raise ``ProcessExit`` in place of an exception that would end the process."""
        if kind is not None and not issubclass(kind, Exception | InputRequired | Detached):
            raise ProcessExit(kind.__name__) from error


def error_message(error: Exception) -> str:
    """Return the message of an exception for the client, in valid Unicode, or its class if the message fails."""
    try:
        with contain_exits():
            return escape(str(error))
    except Exception:
        # ``__str__`` is the author's code too.
        logger.exception("the message of an error failed")
        return type(error).__name__
