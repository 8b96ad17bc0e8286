"""The way into a stack for a client that cannot log in: a proxy that adds an access token to every request."""

import asyncio
import socket
import threading
from typing import Any
from urllib.parse import urlsplit

import requests
from hypercorn.asyncio import serve
from hypercorn.config import Config
from hypercorn.typing import ASGIFramework, ASGIReceiveCallable, ASGISendCallable, Scope

from local.edge.server import Edge
from local.edge.settings import NONE, Settings
from local.servers import bind_socket

TIMEOUT_SECONDS = 30


class LoggedIn:
    """An ASGI application: another one, whose clients all present the same access token."""

    def __init__(self, application: Edge, token: str) -> None:
        self._application = application
        self._header = (b"authorization", f"Bearer {token}".encode())

    async def __call__(self, scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        """Answer one request."""
        if scope["type"] == "http":
            scope = {**scope, "headers": [*scope["headers"], self._header]}
        await self._application(scope, receive, send)


def open_front(url: str) -> str:
    """Stand in front of the stack at ``url`` until this process ends; the URL to use instead."""
    target = urlsplit(url)
    edge = Edge(Settings(NONE, target.port or 80, target.netloc, stage=""))
    with bind_socket(0) as listener:
        port = listener.getsockname()[1]
        # From here on connections are accepted, whether or not the server has started.
        listener.listen(socket.SOMAXCONN)
        config = Config()
        config.bind = [f"fd://{listener.detach()}"]
        config.loglevel = "ERROR"
    threading.Thread(target=_serve, args=(LoggedIn(edge, _token(url)), config), daemon=True).start()
    return f"http://localhost:{port}"


def _serve(application: ASGIFramework, config: Config) -> None:
    asyncio.run(serve(application, config, shutdown_trigger=asyncio.Event().wait))


def _token(url: str) -> str:
    """An access token of a client that is registered for it."""
    metadata = {"client_name": "conformance", "grant_types": ["client_credentials"]}
    client = _created(requests.post(f"{url}/dcr", json=metadata, timeout=TIMEOUT_SECONDS))
    form = {"grant_type": "client_credentials", "resource": f"{url}/mcp"}
    credentials = (client["client_id"], client["client_secret"])
    answer = requests.post(f"{url}/token", data=form, auth=credentials, timeout=TIMEOUT_SECONDS)
    return str(_created(answer)["access_token"])


def _created(answer: requests.Response) -> dict[str, Any]:
    answer.raise_for_status()
    return dict(answer.json())
