"""Keeps the socket, watches the files, and has a new process serve each state of the app.

A new process imports the app anew, so neither the state of modules nor native libraries are in the way. One is always
in reserve that has imported all but the app, so a change takes the time of the app's own imports. The old process
answers until the new one is ready.
"""

import asyncio
import importlib.util
import os
import socket
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, NamedTuple

from watchfiles import DefaultFilter, awatch

from local.dev.order import READY, Order
from local.report import fail, say

# Files that are saved together are one change, in milliseconds.
TOGETHER: Final = 50
# An app whose processes end by themselves so soon, in seconds, and so often in a row would end again at once.
LEAST_SECONDS: Final = 2.0
MOST_ENDS: Final = 3


class Supervisor:
    """Serves an app until it is cancelled. ``environment`` reads the environment of the app anew for each process."""

    def __init__(
        self, order: Order, listener: socket.socket, root: Path, environment: Callable[[], Mapping[str, str]]
    ) -> None:
        self._order = order
        self._listener = listener
        self._root = root
        self._environment = environment
        self._changed = asyncio.Event()
        self._paths: set[Path] = set()
        self._serving: Process | None = None
        self._early_ends = 0
        self._reserve: _Started | None = None
        self._ending: set[asyncio.Task[int]] = set()

    async def run(self, also: Path) -> None:
        """Serve and watch. ``also`` is a file outside of the app's folders that counts as a part of it."""
        folders = self._order.folders(self._root)
        watching = [
            asyncio.create_task(self._watch(*folders)),
            asyncio.create_task(self._watch(also.parent, only=also)),
        ]
        try:
            await self._serve_for_ever()
        finally:
            for task in watching:
                task.cancel()
            await self._stop()
            await asyncio.gather(*watching, *self._ending, return_exceptions=True)

    async def _serve_for_ever(self) -> None:
        failure = None
        while True:
            self._changed.clear()
            self._forget_changed()
            started = time.monotonic()
            if not await self._replace(replace(self._order, failure=failure)):
                continue
            failure = await self._wait(started)
            if failure is None:
                say(f"{time.strftime('%H:%M:%S')}  changed; loading")

    async def _wait(self, started: float) -> str | None:
        """Wait for a change, or for the end of the process that serves. Return why the app cannot be served."""
        serving = self._serving
        if serving is None:
            raise RuntimeError("nothing serves")
        ended = asyncio.create_task(serving.wait())
        changed = asyncio.create_task(self._changed.wait())
        waiting: list[asyncio.Future[Any]] = [ended, changed]
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        for task in (ended, changed):
            task.cancel()
        if self._changed.is_set():
            self._early_ends = 0
            return None
        self._serving = None
        fail(f"the process of the app ended with status {serving.returncode}")
        self._early_ends = 0 if time.monotonic() - started > LEAST_SECONDS else self._early_ends + 1
        return None if self._early_ends < MOST_ENDS else "its process ends by itself"

    async def _replace(self, order: Order) -> bool:
        """Have a new process serve. Return whether one does; else files have changed in the meantime."""
        process, ready = await self._start(replace(order, environment=self._environment()))
        loop = asyncio.get_running_loop()
        reading = loop.run_in_executor(None, os.read, ready, len(READY))
        changed = asyncio.create_task(self._changed.wait())
        waiting: list[asyncio.Future[Any]] = [reading, changed]
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        changed.cancel()
        if not reading.done():
            process.kill()
            await reading
            os.close(ready)
            return False
        os.close(ready)
        if await reading != READY:
            status = await process.wait()
            return await self._replace(replace(order, failure=f"importing it ended the process with status {status}"))
        self._stop_serving()
        self._serving = process
        if self._reserve is None:
            self._reserve = await self._spawn()
        return True

    async def _start(self, order: Order) -> "_Started":
        """Return a process that has its order: the one in reserve, or a new one."""
        started, self._reserve = self._reserve or await self._spawn(), None
        process = started.process
        if process.stdin is None:
            raise RuntimeError("the process has no standard input")
        process.stdin.write(f"{order.to_json()}\n".encode())
        return started

    async def _spawn(self) -> "_Started":
        ready, writable = os.pipe()
        descriptors = (self._listener.fileno(), writable)
        command = ["-m", "local.dev.serving", "--socket", str(descriptors[0]), "--ready", str(writable)]
        # An interrupt on the terminal is for this process, which ends the others: hence the new session.
        process = await asyncio.create_subprocess_exec(
            sys.executable, *command, stdin=PIPE, pass_fds=descriptors, cwd=self._root, start_new_session=True
        )
        os.close(writable)
        return _Started(process, ready)

    def _drop_reserve(self) -> None:
        if self._reserve is not None:
            if self._reserve.process.returncode is None:
                self._reserve.process.kill()
            os.close(self._reserve.ready)
            self._reserve = None

    async def _stop(self) -> None:
        """End all processes."""
        processes = [self._serving, self._reserve.process if self._reserve else None]
        self._drop_reserve()
        for process in processes:
            if process is not None:
                if process.returncode is None:
                    process.kill()
                await process.wait()

    def _stop_serving(self) -> None:
        if self._serving is not None and self._serving.returncode is None:
            self._serving.terminate()
            ending = asyncio.create_task(self._serving.wait())
            self._ending.add(ending)
            ending.add_done_callback(self._ending.discard)

    async def _watch(self, *folders: Path, only: Path | None = None) -> None:
        async for changes in awatch(*folders, step=TOGETHER, watch_filter=DefaultFilter(), recursive=only is None):
            paths = {Path(path) for _, path in changes}
            if only is None or only in paths:
                self._paths |= paths
                self._changed.set()

    def _forget_changed(self) -> None:
        """Delete the compiled form of changed files: it counts as up to date for files of one size and one second.

        A process in reserve that has imported a changed file is of no more use.
        """
        for path in self._paths:
            if path.suffix == ".py":
                Path(importlib.util.cache_from_source(path)).unlink(missing_ok=True)
        if not all(self._order.is_of_app(path, self._root) for path in self._paths):
            self._drop_reserve()
        self._paths = set()


class _Started(NamedTuple):
    """A process, and where it says that it is about to serve."""

    process: Process
    ready: int
