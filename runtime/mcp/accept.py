"""The ``Accept`` header: the media types that a client accepts (RFC 9110 12.5.1)."""

import re
from typing import Final

# RFC 9110 5.6.4: commas and semicolons in a quoted string do not separate. Possessive, so that it never backtracks.
QUOTED: Final = re.compile(r'"(?:[^"\\]|\\.)*+"?', re.DOTALL)
WEIGHT: Final = re.compile(r"[Qq][ \t]*=[ \t]*0(?:\.0*)?")
BLANK: Final = " \t"


class Accept:
    """The media ranges of one ``Accept`` header; several header lines are joined by commas (RFC 9110 5.3).

    A weight of 0 refuses a range. Other weights are ignored: JSON and streams carry different messages, so the server
    chooses. Parameters of a range are ignored, and so are elements that are no range.
    """

    def __init__(self, header: str | None) -> None:
        self._ranges: dict[str, bool] = {}
        for element in QUOTED.sub("", header or "").split(","):
            media_range, *parameters = element.split(";")
            name = media_range.strip(BLANK).lower()
            if name:
                refused = any(WEIGHT.fullmatch(parameter.strip(BLANK)) for parameter in parameters)
                self._ranges[name] = self._ranges.get(name, False) or not refused

    def admits(self, media_type: str) -> bool:
        """Whether the client accepts a media type; the most specific range counts. Without any range it accepts all."""
        return self._accepts(media_type, f"{media_type.partition('/')[0]}/*", "*/*") if self._ranges else True

    def names(self, media_type: str) -> bool:
        """Whether the client asks for a media type by name, not only with ``*/*``."""
        return self._accepts(media_type, f"{media_type.partition('/')[0]}/*")

    def _accepts(self, *ranges: str) -> bool:
        return next((self._ranges[name] for name in ranges if name in self._ranges), False)
