"""``python -m tests.conformance.run``: the official suite against a local stack of its own, over HTTP."""

import contextlib
import io
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import requests

from local import stack
from local.aws import forget_environment
from local.errors import LocalError
from local.interruption import handle_signals
from local.report import fail, say
from tests.conformance import authorization, notifications, suite
from tests.conformance.front import open_front
from tests.conformance.report import table
from tests.conformance.result import Result

REVISIONS = ("2026-07-28", "2025-11-25")
APP = "tests.conformance.app"
AT_ONCE = 4
START_SECONDS = 60
INTERRUPTED = 130


def main() -> int:
    """Run every scenario and show what became of it; 0 when all have passed."""
    forget_environment()
    handle_signals()
    with tempfile.TemporaryDirectory(prefix="conformance-") as scratch:
        try:
            say("Starting a stack that serves the suite's fixtures")
            with _stack(Path(scratch, "stack")) as url:
                results = list(_run(url, Path(scratch)))
        except (LocalError, suite.SuiteFailed, requests.RequestException) as error:
            fail(str(error))
            return 1
        except KeyboardInterrupt:
            return INTERRUPTED
    say(table(results))
    return 0 if all(result.passed for result in results) else 1


@contextlib.contextmanager
def _stack(directory: Path) -> Iterator[str]:
    """The public URL of a stack that serves the fixtures, on a free port; its long list of resources is not shown."""
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            state = stack.up(directory, 0, {"appModule": APP, "appNeeds": "none"})
        yield state.outputs["url"]
    finally:
        with contextlib.redirect_stdout(io.StringIO()):
            stack.down(directory)


def _run(url: str, scratch: Path) -> Iterator[Result]:
    endpoint = f"{open_front(url)}/mcp"
    _warm(endpoint)
    say(f"Running the suite for {' and '.join(REVISIONS)} at once")
    with ThreadPoolExecutor() as pool:
        runs = [pool.submit(suite.run, endpoint, revision, scratch / revision) for revision in REVISIONS]
        for run in runs:
            for result in run.result():
                yield _completed(result, endpoint)
    say("Logging in for the scenarios for authorization servers")
    for revision in REVISIONS:
        yield from authorization.run(url, revision, scratch / f"authorization-{revision}")


def _warm(endpoint: str) -> None:
    """Have the functions started as often as requests come in at once: the suite waits half a second for some."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for request in [pool.submit(requests.get, endpoint, timeout=START_SECONDS) for _ in range(AT_ONCE)]:
            request.result()


def _completed(result: Result, endpoint: str) -> Result:
    """The result; where the suite itself checks nothing, with what takes its place."""
    if result.verified or result.problems or result.scenario != "tasks-status-notifications":
        return result
    note = "The suite skips it whatever a server does. Counted are the checks of notifications.py in its place."
    return replace(result, checks=notifications.check(endpoint), note=note)


if __name__ == "__main__":
    sys.exit(main())
