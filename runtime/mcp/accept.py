"""What a client can read, by its ``Accept`` header (RFC 9110 12.5.1)."""

import re
from typing import Final

# RFC 9110 5.6.4: a comma or a semicolon in a quoted string separates nothing. Possessive, so that it never looks back.
QUOTED: Final = re.compile(r'"(?:[^"\\]|\\.)*+"?', re.DOTALL)
WEIGHT: Final = re.compile(r"[Qq][ \t]*=[ \t]*0(?:\.0*)?")
BLANK: Final = " \t"


class Accept:
    """The media ranges of one ``Accept`` header; several header lines are one, joined by commas (RFC 9110 5.3).

    Weights only tell what is acceptable: which of two representations is better is for the server to say, since they do
    not hold the same. Parameters of a range are left out, and so is whatever is no range.
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
        """Whether the client can read a media type; the most specific range counts. Without any range it reads all."""
        return self._says(media_type, f"{media_type.partition('/')[0]}/*", "*/*") if self._ranges else True

    def names(self, media_type: str) -> bool:
        """Whether the client asks for a media type, not just for whatever there is."""
        return self._says(media_type, f"{media_type.partition('/')[0]}/*")

    def _says(self, *ranges: str) -> bool:
        return next((self._ranges[name] for name in ranges if name in self._ranges), False)
