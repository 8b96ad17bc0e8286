"""The workflows of ``.github``, as far as tests look at them."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from tests.support.expressions import STATUS, evaluate

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / ".github" / "workflows"
ACTIONS = ROOT / ".github" / "actions"

Document = dict[str, Any]


def workflow(name: str) -> Document:
    """Return the workflow in the file ``<name>.yml``."""
    document: dict[Any, Any] = yaml.safe_load((FOLDER / f"{name}.yml").read_text())
    # YAML 1.1 takes the key "on" for a boolean.
    return {"on" if key is True else key: value for key, value in document.items()}


def workflows() -> dict[str, Document]:
    return {path.stem: workflow(path.stem) for path in sorted(FOLDER.glob("*.yml"))}


def action(name: str) -> Document:
    """Return the action in the folder ``name``."""
    document: Document = yaml.safe_load((ACTIONS / name / "action.yml").read_text())
    return document


def steps() -> Iterator[tuple[str, Document]]:
    """Return every step of every workflow and action, each with the name of its file."""
    for name, document in workflows().items():
        for job in document["jobs"].values():
            yield from ((name, step) for step in job.get("steps", []))
    for folder in sorted(ACTIONS.iterdir()):
        yield from ((folder.name, step) for step in action(folder.name)["runs"]["steps"])


def running_jobs(document: Document, contexts: Mapping[str, Any]) -> list[str]:
    """Return the jobs that run for an event, in their order, if each of them succeeds."""
    results: dict[str, str] = {}
    for name, job in document["jobs"].items():
        needed = [job["needs"]] if isinstance(job.get("needs"), str) else job.get("needs", [])
        needs = {other: {"result": results[other]} for other in needed}
        succeeded = all(results[other] == "success" for other in needed)
        known = {**contexts, "needs": needs, "success()": succeeded, "cancelled()": False, "always()": True}
        condition = job.get("if", "success()")
        # A condition without one of these asks for the success of what the job needs.
        asked = any(function in condition for function in STATUS) or succeeded
        results[name] = "success" if asked and evaluate(condition, known) else "skipped"
    return [name for name, result in results.items() if result == "success"]
