"""What is wrong with a needs file, with the file, the line and the member."""

import traceback
from collections.abc import Sequence
from pathlib import Path

import pulumi


class NeedsError(pulumi.RunError):
    """A needs file cannot be used. The message starts with the file. The CLI shows it without a stack trace."""


class UnknownMember(NeedsError, AttributeError):
    """A needs file uses a member of ``needs`` that there is not."""


def shown(file: Path) -> str:
    """Return a file as messages name it: from the working directory, if it is below."""
    return str(file.relative_to(Path.cwd())) if file.is_relative_to(Path.cwd()) else str(file)


def calling(file: Path) -> str:
    """Return the file and its line that is being executed."""
    lines = [line for frame, line in traceback.walk_stack(None) if frame.f_code.co_filename == str(file)]
    return f"{shown(file)}:{lines[0]}" if lines else shown(file)


def failing(file: Path, error: BaseException) -> str:
    """Return the file and its line that raised an ``error``, or that is no Python."""
    if isinstance(error, SyntaxError) and error.filename == str(file):
        return f"{shown(file)}:{error.lineno}"
    lines: Sequence[int] = [
        line for frame, line in traceback.walk_tb(error.__traceback__) if frame.f_code.co_filename == str(file)
    ]
    return f"{shown(file)}:{lines[-1]}" if lines else shown(file)
