"""What an app says of itself when it is imported, found once for each change of its sources.

Only an app that has tools in functions of their own is imported, in a process of its own.
"""

import ast
import functools
import hashlib
import json
import os
import subprocess  # nosec B404  # no call below goes through a shell
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pulumi

from components.packaging.closure import closure, is_module
from components.packaging.sources import Sources

SECONDS = 120
# What makes tools that may have a function of their own.
MAKERS = frozenset({"tool", "openapi_tools"})
# What decides which libraries an app imports, and in which versions.
PINS = ("requirements.txt", "requirements-app.txt")
# boto3 needs a region to make a client, and some make theirs at import.
REGION = {"AWS_DEFAULT_REGION": "us-east-1"}


@dataclass(frozen=True, slots=True)
class SurveyedFunction:
    """The tools that run in one function: their names, their modules, and whether one of them may run as a task."""

    modules: Sequence[str]
    tools: Sequence[str]
    tasks: bool


@dataclass(frozen=True, slots=True)
class Survey:
    """The functions of their own that an app's tools have, and the manifest of tools that the server does not import.

    ``manifest`` is empty if the server imports all modules.
    """

    functions: Mapping[str, SurveyedFunction] = field(default_factory=dict)
    manifest: bytes = b""


def survey_app(sources: Sources, module: str, cache: Path, environment: Mapping[str, str] | None = None) -> Survey:
    """Return what the app of ``module`` says of its tools, from ``cache`` if its sources have not changed.

    ``environment`` are variables that the app may read while it is imported. Raise ``pulumi.RunError`` if it cannot be
    imported, or if it says something that cannot be deployed.
    """
    needed = closure(sources, module)
    named = sorted({name for file in needed.files for name in _marks(file)} - {""})
    if not named and not any("" in _marks(file) for file in needed.files):
        return Survey()
    if missing := [name for name in named if not is_module(sources, name)]:
        raise pulumi.RunError(f'The app of {module} names "{missing[0]}" in its modules, but there is no such module.')
    files = closure(sources, module, *named).files
    digest = _digest(sources, files, environment or {})
    kept = cache / f"survey-{module}-{digest}.json"
    if not kept.exists():
        _write(kept, _run(sources, module, environment or {}))
    found = json.loads(kept.read_text())
    if strangers := set(found["named"]) - set(named):
        raise pulumi.RunError(
            f"The app of {module} gives the module {min(strangers)} by a name that is computed; write it as a text: "
            f'App(modules=["{min(strangers)}"])'
        )
    manifest = json.dumps(found["manifest"]).encode() if named else b""
    return Survey({name: SurveyedFunction(**members) for name, members in found["functions"].items()}, manifest)


@functools.cache
def _read_marks(text: bytes) -> tuple[str, ...]:
    return tuple(mark for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call) for mark in _marks_of(node))


def _marks(file: Path) -> tuple[str, ...]:
    """Return the modules that the apps in a file give by name, and an empty text for a tool that has a function."""
    return _read_marks(file.read_bytes()) if file.suffix == ".py" else ()


def _marks_of(node: ast.Call) -> Iterator[str]:
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    if name in MAKERS and any(keyword.arg == "function" for keyword in node.keywords):
        yield ""
    if name == "App":
        for value in [*node.args[:1], *(keyword.value for keyword in node.keywords if keyword.arg == "modules")]:
            for part in getattr(value, "elts", ()):
                if isinstance(part, ast.Constant) and isinstance(part.value, str):
                    yield part.value


def _digest(sources: Sources, files: Sequence[Path], environment: Mapping[str, str]) -> str:
    """Return the hash of all that an app's import depends on."""
    digest = hashlib.sha256(repr((sys.version, sorted(environment.items()))).encode())
    # What makes definitions of an author's functions is part of them.
    makers = [file for folder in ("authoring", "openapi") for file in (sources.root / "runtime" / folder).rglob("*.py")]
    pins = [file for name in PINS if (file := sources.root / name).exists()]
    for file in sorted({*files, *makers, *pins, Path(__file__)}):
        content = file.read_bytes()
        digest.update(f"{file}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()[:16]


def _run(sources: Sources, module: str, environment: Mapping[str, str]) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as scratch:
        out = Path(scratch, "survey.json")
        command = [sys.executable, "-m", "runtime.authoring.survey", module, str(out)]
        command += ["--app", str(sources.app)] if sources.app else []
        # ``-m`` would find other packages in the working directory first.
        paths = os.pathsep.join([str(sources.root), *filter(None, [os.environ.get("PYTHONPATH")])])
        variables = {**REGION, **os.environ, **environment, "PYTHONPATH": paths}
        try:
            # No shell, and only own paths.
            done = subprocess.run(  # nosec B603
                command, cwd=sources.root, env=variables, capture_output=True, text=True, check=False, timeout=SECONDS
            )
        except subprocess.TimeoutExpired as error:
            raise pulumi.RunError(f"{_why(module)}: it took more than {SECONDS} seconds") from error
        if not out.exists():
            raise pulumi.RunError(f"{_why(module)}: {done.stderr.strip()[-2000:] or 'the process ended'}")
        found: dict[str, Any] = json.loads(out.read_text())
    if "error" in found:
        raise pulumi.RunError(f"{_why(module)}: {found['error']}")
    return found


def _why(module: str) -> str:
    return (
        f"The app of {module} could not be imported, which this program does because some of its tools have functions "
        "of their own"
    )


def _write(file: Path, found: Mapping[str, Any]) -> None:
    """Write a file whole: another program may read it now."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=file.parent, suffix=".part", delete=False) as unfinished:
        unfinished.write(json.dumps(found))
    Path(unfinished.name).replace(file)
