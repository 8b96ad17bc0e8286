"""The exception behind an answer that does not tell it: the server logs it, and a test wants to see it."""

import contextlib
import logging
from collections.abc import Iterator


class Causes(logging.Handler):
    """Keeps the last exception that the server has logged."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.last: BaseException | None = None

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the exception of a record."""
        if record.exc_info:
            self.last = record.exc_info[1]

    @contextlib.contextmanager
    def listening(self) -> Iterator[None]:
        """Listen until the ``with`` statement ends."""
        logger = logging.getLogger("runtime.mcp")
        logger.addHandler(self)
        try:
            yield
        finally:
            logger.removeHandler(self)
