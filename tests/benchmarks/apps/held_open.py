"""An ASGI app as a Lambda handler, with one event loop and one lifespan for the life of the process.

Mangum alone would start and end the lifespan at each request; an MCP session manager can be started only once.
"""

import asyncio
from typing import Any

from mangum import Mangum


def lambda_handler(app: Any) -> Mangum:
    """The handler of a Starlette app whose lifespan has started and never ends."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    started = loop.create_future()
    # The loop holds tasks weakly; the handler keeps this one.
    handler = Mangum(app, lifespan="off")
    handler.lifespan_task = loop.create_task(_hold_open(app, started))
    loop.run_until_complete(started)
    return handler


async def _hold_open(app: Any, started: asyncio.Future[None]) -> None:
    async with app.router.lifespan_context(app):
        started.set_result(None)
        await asyncio.Event().wait()
