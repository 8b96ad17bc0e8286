"""What the program learns of an app by importing it: ``python -m runtime.authoring.survey``.

It runs in a process of its own, before a deployment, and is never part of a function.
"""

import argparse
import importlib
import importlib.util
import json
import sys
import traceback
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from runtime.authoring.app import App
from runtime.authoring.manifest import encode_manifest

PACKAGE = "runtime.app"


def survey(app: App) -> dict[str, Any]:
    """Import what ``app`` gives by name, and return its functions and the manifest of the tools that are only there.

    Raise ``ValueError`` for what must be in a module that is imported.
    """
    imported = set(app.tools)
    app.import_named()
    for module in app.modules[-len(app.named) :] if app.named else ():
        _check_members(module)
    only_there = [tool for name, tool in app.tools.items() if name not in imported]
    return {
        "named": list(app.named),
        "functions": _functions(app),
        "manifest": json.loads(encode_manifest(only_there)),
    }


def _functions(app: App) -> dict[str, Any]:
    """Return the modules and the tools of each function, and whether one of these may run as a task."""
    functions: dict[str, Any] = {}
    for module in app.modules:
        for tool in App([module]).tools.values():
            if tool.options.function is None:
                continue
            found = functions.setdefault(tool.options.function, {"modules": [], "tools": [], "tasks": False})
            if tool.name in found["tools"]:
                continue
            found["tools"].append(tool.name)
            found["tasks"] |= tool.options.task is not None
            if module.__name__ not in found["modules"]:
                found["modules"].append(module.__name__)
    return functions


def _check_members(module: ModuleType) -> None:
    """Raise ``ValueError`` unless a module has nothing but tools with a function."""
    found = App([module])
    other = [tool.name for tool in found.tools.values() if tool.options.function is None]
    other += [*found.resources, *found.templates, *found.prompts, *(target for target, _ in found.completions)]
    if other:
        raise ValueError(
            f"{other[0]} of {module.__name__} must be in a module that the app imports: a module given by its name, "
            f'"{module.__name__}", holds only tools with a function'
        )


def _import_app(module: str, folder: Path | None) -> App:
    """Import the app of ``module``, with ``folder`` in the place of ``runtime.app``. Raise what its import raises."""
    if folder is not None:
        spec = importlib.util.spec_from_file_location(
            PACKAGE, folder / "__init__.py", submodule_search_locations=[str(folder)]
        )
        if spec is None or spec.loader is None:
            raise ModuleNotFoundError(PACKAGE)
        package = sys.modules[PACKAGE] = importlib.util.module_from_spec(spec)
        vars(sys.modules["runtime"])["app"] = package
        spec.loader.exec_module(package)
    app = getattr(importlib.import_module(module), "app", None)
    if not isinstance(app, App):
        raise TypeError(f"the module {module} has no app: it must define app = App(modules=[...])")
    return app


def _describe(error: BaseException) -> str:
    """Return an error in one line, with the last line of code that is not in a library."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if "site-packages" not in frame.filename]
    places = [frame for frame in frames if not frame.filename.startswith("<") and frame.filename != __file__]
    where = f" ({places[-1].filename}, line {places[-1].lineno})" if places else ""
    return f"{type(error).__name__}: {error}{where}"


def main() -> None:
    """Write what there is to learn of an app, or the error of its import, to a file."""
    parser = argparse.ArgumentParser(description="Import an app and say which of its tools run where.")
    parser.add_argument("module", help="the module with the app")
    parser.add_argument("out", type=Path, help="the file to write")
    parser.add_argument("--app", type=Path, help="the folder that takes the place of runtime/app")
    arguments = parser.parse_args()
    # What an author's module raises, the program that has started this tells.
    sys.excepthook = lambda _kind, error, _trace: _write(arguments.out, {"error": _describe(error)})
    _write(arguments.out, survey(_import_app(arguments.module, arguments.app)))


def _write(out: Path, found: Mapping[str, Any]) -> None:
    out.write_text(json.dumps(found))


if __name__ == "__main__":
    main()
