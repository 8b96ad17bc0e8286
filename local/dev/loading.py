"""Importing the app, and saying where it went wrong."""

import importlib
import importlib.util
import sys
import traceback
from pathlib import Path
from types import TracebackType

from runtime.authoring import App

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = "runtime.app"


class BrokenApp(Exception):
    """The app cannot be imported. The message starts with the file and the line."""


def load_app(module: str, directory: str | None) -> App:
    """Import ``module`` and return its app, with the tools of all functions. Raise ``BrokenApp``."""
    try:
        if directory is not None:
            _take_place_of_app(Path(directory))
        app = _import_app(module)
    except (Exception, SystemExit) as error:
        raise BrokenApp(explain(error, ROOT if directory is None else Path(directory))) from error
    return app


def _import_app(module: str) -> App:
    app = getattr(importlib.import_module(module), "app", None)
    if not isinstance(app, App):
        raise TypeError(f"the module {module} has no app to serve: it must define app = App(modules=[...])")
    app.import_named()
    return app


def explain(error: BaseException, own: Path) -> str:
    """Return an error with the place in the author's files where it came from."""
    if isinstance(error, SyntaxError) and error.filename:
        return f"{_relative(error.filename)}:{error.lineno}: {type(error).__name__}: {error.msg}"
    message = f"{type(error).__name__}: {error}"
    place = _last_place(error.__traceback__, own)
    return f"{place}: {message}" if place else message


def _last_place(trace: TracebackType | None, own: Path) -> str | None:
    """Return the last line of an author's file in a stack trace: the decorators are the project's."""
    for frame in reversed(traceback.extract_tb(trace)):
        file = Path(frame.filename)
        inside = file.is_relative_to(own) and ".venv" not in file.parts
        if inside and not any(file.is_relative_to(ROOT / ours) for ours in ("runtime/authoring", "local")):
            return f"{_relative(frame.filename)}:{frame.lineno}"
    return None


def _relative(filename: str) -> str:
    file = Path(filename)
    return str(file.relative_to(ROOT)) if file.is_relative_to(ROOT) else filename


def _take_place_of_app(directory: Path) -> None:
    """Import a folder as ``runtime.app``, as the archives of the functions have it."""
    spec = importlib.util.spec_from_file_location(
        PACKAGE, directory / "__init__.py", submodule_search_locations=[str(directory)]
    )
    if spec is None or spec.loader is None:
        raise ModuleNotFoundError(f"{directory} has no __init__.py")
    package = importlib.util.module_from_spec(spec)
    sys.modules[PACKAGE] = package
    spec.loader.exec_module(package)
