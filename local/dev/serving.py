"""The process that serves one state of the app: ``python -m local.dev.serving``. ``local.dev.supervisor`` starts it."""

import argparse
import asyncio
import logging
import os
import signal
import sys
import threading
import time
import traceback
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from hypercorn.asyncio import serve
from hypercorn.config import Config

from local.dev.application import Application, Sends
from local.dev.broken import BrokenEndpoint
from local.dev.loading import BrokenApp, load_app
from local.dev.order import READY, Order
from local.report import fail, say
from runtime.mcp.worker import TaskRunner
from runtime.testing.endpoint import WORKER_SECONDS, Endpoint, Identity
from runtime.testing.surroundings import scopes_of, use_secrets

CLIENT: Final = "make-dev"
# How long requests may go on once a new state of the app is there, in seconds.
GRACE_SECONDS: Final = 30.0
# How long a client that has connected may take to send its request, in seconds.
LINGER_SECONDS: Final = 1.0


class ThreadWorker:
    """A ``Worker`` that runs tasks in threads of this process."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor()
        self.runner: TaskRunner | None = None

    def start(self, task_id: str) -> None:
        """Start a task."""
        if self.runner is None:
            raise RuntimeError("there is nothing to run tasks with")
        deadline = time.monotonic() + WORKER_SECONDS
        self._threads.submit(self.runner.run, task_id, lambda: deadline - time.monotonic())


def main() -> None:
    """Serve until the supervisor says that another process does, or has gone."""
    parser = argparse.ArgumentParser(prog="python -m local.dev.serving", description=__doc__)
    parser.add_argument("--socket", type=int, required=True, help="file descriptor of the socket to listen on")
    parser.add_argument("--ready", type=int, required=True, help="file descriptor to write to before serving")
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    line = sys.stdin.readline()
    if not line:
        # It stayed in reserve.
        return
    order = Order.from_json(line)
    os.environ |= order.environment
    threading.Thread(target=_end_with_supervisor, daemon=True).start()
    with use_secrets(os.environ, "write NAME=value into the file .env"):
        endpoint, identity = _endpoint(order)
        asyncio.run(_serve(Application(endpoint, identity, order.port), arguments.socket, arguments.ready))
    # Tasks of this state of the app may still run in threads; nobody can ask for them any more.
    os._exit(0)


def _endpoint(order: Order) -> tuple[Sends, Identity]:
    """Return what answers requests, and as whom. Print the app, or why there is none."""
    if order.failure is not None:
        return _broken(order, order.failure)
    started = time.perf_counter()
    try:
        app = load_app(order.module, order.directory)
    except BrokenApp as error:
        if not isinstance(error.__cause__, SyntaxError):
            traceback.print_exception(error.__cause__)
        return _broken(order, str(error))
    worker = ThreadWorker()
    endpoint = Endpoint(app, worker, order.url.removesuffix("/mcp"))
    worker.runner = endpoint.task_runner(app)
    scopes = scopes_of(app) if order.scopes is None else frozenset(order.scopes)
    milliseconds = round((time.perf_counter() - started) * 1000)
    say(f"Loaded in {milliseconds} ms: {', '.join(app.tools) or 'no tools'}")
    return endpoint, Identity(CLIENT, order.subject, scopes, bytes.fromhex(order.key))


def _broken(order: Order, reason: str) -> tuple[Sends, Identity]:
    """Return what answers in the place of an app that cannot be served. Print why."""
    fail(f"{reason}\n(Clients get this error until you save a change.)")
    return BrokenEndpoint(reason), Identity(CLIENT, order.subject, frozenset(), bytes.fromhex(order.key))


async def _serve(application: Application, socket: int, ready: int) -> None:
    config = Config()
    config.bind = [f"fd://{socket}"]
    config.graceful_timeout = GRACE_SECONDS
    config.accesslog = config.errorlog = None
    config.include_server_header = False
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, stop.set)

    async def wait_for_stop() -> None:
        await stop.wait()
        # Hypercorn closes connections whose request has not arrived. So accept no more, and let the others send theirs.
        loop.remove_reader(socket)
        await asyncio.sleep(LINGER_SECONDS)

    os.write(ready, READY)
    os.close(ready)
    await serve(application, config, shutdown_trigger=wait_for_stop)


def _end_with_supervisor() -> None:
    """End this process when the supervisor's end of standard input is closed."""
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    main()
