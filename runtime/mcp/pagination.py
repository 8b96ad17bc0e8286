"""Pages of a list, and the cursors from one page to the next."""

from collections.abc import Sequence
from typing import Any

from runtime.mcp.errors import InvalidParams
from runtime.tokens.signer import BadSignature, Signer

PAGE_SIZE = 500
CURSOR_SECONDS = 24 * 3600


def page(
    items: Sequence[Any], listing: str, cursor: str | None, signer: Signer
) -> tuple[Sequence[Any], dict[str, str]]:
    """Return the items of one page, and ``nextCursor`` if there is another page.

    A cursor is signed for its listing and its caller. Raise ``InvalidParams`` for a cursor that does not verify
    (MCP, Pagination, Error Handling).
    """
    start = 0
    if cursor is not None:
        try:
            start = int(signer.verify(f"cursor:{listing}", cursor)["start"])
        except BadSignature as error:
            raise InvalidParams("is not a cursor of this list, or has expired", pointer="/params/cursor") from error
    end = start + PAGE_SIZE
    if end >= len(items):
        return items[start:], {}
    return items[start:end], {"nextCursor": signer.sign(f"cursor:{listing}", {"start": end}, CURSOR_SECONDS)}
