"""Local stacks that all processes of one test run share: the first that needs one starts it, the main process stops it.

A stack takes longer to start than most tests take. A test that changes the stack itself has a stack of its own.
"""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from tests.support.local_stack import LocalStack

# The folder of the stacks. Processes of pytest-xdist inherit the variable.
HOME = "SHARED_TEST_STACKS"


def open_home() -> None:
    """Make the folder of this run's stacks."""
    os.environ[HOME] = tempfile.mkdtemp(prefix="stacks-")


def share(name: str, config: Mapping[str, str]) -> LocalStack:
    """Return the running stack ``name``, which every process asks for with the same ``config``.

    Raise LocalError if it does not start; the next process then tries again.
    """
    home = Path(os.environ[HOME])
    stack = LocalStack(home / name, config=config)
    with (home / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not stack.directory.exists():
            stack.up()
    return stack


def serve_example(name: str) -> tuple[LocalStack, str]:
    """Serve an example on the stack that the examples share. Return the stack, and what the command printed.

    The stack changes from one example to the next, which takes half as long as another stack. So one process runs the
    tests of all examples.
    """
    home = Path(os.environ[HOME])
    (home / "examples.lock").touch()
    stack = LocalStack(home / "examples", example=name)
    return stack, stack.up()


def stop_all() -> None:
    """Stop every stack of this run, and remove the folder."""
    home = Path(os.environ.pop(HOME))
    for lock in home.glob("*.lock"):
        LocalStack(lock.with_suffix("")).down()
    shutil.rmtree(home)
