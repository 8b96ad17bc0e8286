"""Runs the official suite, and reads what its scenarios found."""

import contextlib
import json
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from tests.conformance.result import Check, Result

NODE_MODULES = Path(__file__).resolve().parent / "node_modules"
PACKAGE = NODE_MODULES / "@modelcontextprotocol" / "conformance"
LIMIT_SECONDS = 300
LAST_LINES = 20
LONGEST_LINE = 200


class SuiteFailed(Exception):
    """The suite did not even start; the message holds what it said."""


def run(url: str, revision: str, directory: Path) -> list[Result]:
    """Every scenario for servers of a revision: those it requires, then those it runs without scoring them.

    The suite keeps its findings in ``directory``. A scenario without any has failed. Raises ``SuiteFailed`` when no
    scenario has.
    """
    log = directory / "suite.log"
    directory.mkdir()
    with log.open("wb") as output, contextlib.suppress(subprocess.TimeoutExpired):
        subprocess.run(
            command("server", "--url", url, "--requirements", revision, "--output-dir", str(directory)),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            timeout=LIMIT_SECONDS,
            check=False,
        )
    said = log.read_text(errors="replace").splitlines()
    if not any(directory.glob("*/checks.json")):
        last = [line[:LONGEST_LINE] for line in said[-LAST_LINES:]]
        raise SuiteFailed("\n".join(["the conformance suite did not run:", *last]))
    return [Result(name, revision, findings(directory, "server", name, said)) for name in _scenarios(revision)]


def command(*arguments: str) -> list[str | Path]:
    """The suite's command line."""
    return [_node(), PACKAGE / "dist" / "index.js", *arguments]


def _node() -> str | Path:
    """The Node that was installed with the suite; where none was, the system's is new enough."""
    installed = NODE_MODULES / ".bin" / "node"
    return installed if installed.exists() else shutil.which("node") or "node"


def _scenarios(revision: str) -> Iterator[str]:
    requirements = yaml.safe_load((PACKAGE / "requirements" / f"{revision}.yaml").read_text())
    yield from requirements["server"]
    yield from (entry["scenario"] for entry in requirements.get("not_scored", []) if entry["leg"] == "server")


def findings(directory: Path, kind: str, scenario: str, said: Sequence[str]) -> list[Check]:
    """The checks of one scenario for servers of a kind, which the suite keeps in ``directory``.

    Where it kept none, a failed one with the reason, if the suite gave any.
    """
    # The suite puts a time of the form 2026-07-28T... behind the name.
    found = list(directory.glob(f"{kind}-{scenario}-????-??-??T*/checks.json"))
    if len(found) != 1:
        why = [line for line in said if line.startswith(f"Failed to run scenario {scenario}:")]
        return [Check("not-run", "FAILURE", *why[:1])]
    return [_check(document) for document in json.loads(found[0].read_bytes())]


def _check(document: Mapping[str, Any]) -> Check:
    return Check(document["id"], document["status"], document.get("errorMessage", ""))
