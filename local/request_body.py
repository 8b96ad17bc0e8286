"""The body of a request to a server of this machine, as large as API Gateway takes one."""

from hypercorn.typing import ASGIReceiveCallable

MAX_BODY_BYTES = 10 * 1024 * 1024


async def read_body(receive: ASGIReceiveCallable) -> bytes | None:
    """Read the whole body. Return ``None`` if it is too large."""
    chunks: list[bytes] = []
    size = 0
    while True:
        event = await receive()
        if event["type"] != "http.request":
            return b""
        size += len(event["body"])
        if size <= MAX_BODY_BYTES:
            chunks.append(event["body"])
        if not event["more_body"]:
            return b"".join(chunks) if size <= MAX_BODY_BYTES else None
