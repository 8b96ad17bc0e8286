"""A runner of GitHub Actions, as far as our workflows use one: it runs each ``run`` as it is written.

What other repositories' actions do, a test says: a function that takes the action's ``with`` and returns variables for
the steps after it.
"""

import re
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.support.expressions import STATUS, evaluate, fill, text_of
from tests.support.workflows import action, workflow

Inputs = dict[str, Any]
Action = Callable[[Inputs], Mapping[str, str]]
# https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax, jobs.<job_id>.steps[*].shell
SHELLS = {None: ["bash", "-e"], "bash": ["bash", "--noprofile", "--norc", "-eo", "pipefail"]}


@dataclass
class Result:
    """What a job did. ``conclusions`` are ``success``, ``failure`` or ``skipped`` by the name of a step."""

    conclusions: dict[str, str] = field(default_factory=dict)
    outputs: dict[str, str] = field(default_factory=dict)
    summary: str = ""
    log: str = ""

    @property
    def succeeded(self) -> bool:
        return "failure" not in self.conclusions.values()


@dataclass(frozen=True)
class Runner:
    """Runs jobs in ``checkout``, with ``environment`` as that of the machine and ``variables`` of the repository.

    ``claim`` gets the ``sub`` and ``ref`` of the token that GitHub would give to the job, before it starts. ``before``
    gets the name of each step with a ``run``, before it starts.
    """

    checkout: Path
    environment: Mapping[str, str]
    variables: Mapping[str, str]
    actions: Mapping[str, Action]
    claim: Callable[[str, str], None]
    scratch: Path
    subject: str
    before: Callable[[str], None] = lambda step: None

    def call(self, caller: str, job: str, github: Mapping[str, Any], inputs: Inputs | None = None) -> dict[str, Result]:
        """Run the jobs of the workflow that a job of the workflow ``caller`` calls, and return their results."""
        contexts = {"github": github, "vars": self.variables, "inputs": inputs or {}}
        called = workflow(caller)["jobs"][job]
        passed = {
            name: fill(value, contexts) if isinstance(value, str) else value for name, value in called["with"].items()
        }
        document = workflow(Path(called["uses"]).stem)
        assert set(passed) == set(document["on"]["workflow_call"]["inputs"])
        return self._run_jobs(document, {**contexts, "inputs": passed})

    def run_job(
        self, name: str, job: str, github: Mapping[str, Any], matrix: Mapping[str, Any] | None = None
    ) -> Result:
        """Run a job of the workflow ``name``. ``matrix`` is one of the combinations of its matrix."""
        contexts = {"github": github, "vars": self.variables, "inputs": {}}
        filled = {key: fill(value, contexts) for key, value in (matrix or {}).items()}
        return self._run(workflow(name)["jobs"][job], {**contexts, "matrix": filled})

    def _run_jobs(self, document: dict[str, Any], contexts: dict[str, Any]) -> dict[str, Result]:
        results: dict[str, Result] = {}
        for name, job in document["jobs"].items():
            succeeded = all(result.succeeded for result in results.values())
            needs = {key: {"outputs": result.outputs} for key, result in results.items()}
            known = {**contexts, "needs": needs, "success()": succeeded, "cancelled()": False}
            if evaluate(job.get("if", "success()"), known):
                results[name] = self._run(job, known)
        return results

    def _run(self, job: Mapping[str, Any], contexts: dict[str, Any]) -> Result:
        github = contexts["github"]
        environment = {
            **self.environment,
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_API_URL": github.get("api_url", "https://api.github.com"),
            "GITHUB_REF": github["ref"],
            "GITHUB_REPOSITORY": github["repository"],
            "GITHUB_SERVER_URL": "https://github.com",
            "GITHUB_SHA": github.get("sha", ""),
            "GITHUB_WORKSPACE": str(self.checkout),
            **{key: text_of(fill(str(value), contexts)) for key, value in job.get("env", {}).items()},
        }
        self.claim(self._sub(job, contexts), github["ref"])
        result, steps = Result(), dict[str, Any]()
        self._run_steps(job["steps"], {**contexts, "steps": steps}, environment, result)
        known = {**contexts, "steps": steps}
        result.outputs = {key: text_of(fill(value, known)) for key, value in job.get("outputs", {}).items()}
        return result

    def _sub(self, job: Mapping[str, Any], contexts: Mapping[str, Any]) -> str:
        """Return the claim as GitHub's reference describes it."""
        github = contexts["github"]
        if "environment" in job:
            return f"{self.subject}:environment:{fill(job['environment'], contexts)}"
        event = "pull_request" if github["event_name"] == "pull_request" else f"ref:{github['ref']}"
        return f"{self.subject}:{event}"

    def _run_steps(
        self, steps: list[dict[str, Any]], contexts: dict[str, Any], environment: dict[str, str], result: Result
    ) -> None:
        for step in steps:
            name = step.get("name") or step.get("run") or step["uses"].partition("@")[0]
            condition = step.get("if", "success()")
            known = {**contexts, "success()": result.succeeded, "always()": True}
            asked = any(function in condition for function in STATUS) or result.succeeded
            if not (asked and evaluate(condition, known)):
                result.conclusions[name] = "skipped"
            elif "uses" in step:
                self._use(step, contexts, environment, result)
            else:
                self.before(name)
                result.conclusions[name] = self._execute(step, contexts, environment, result)

    def _use(self, step: dict[str, Any], contexts: dict[str, Any], environment: dict[str, str], result: Result) -> None:
        name = step["uses"].partition("@")[0]
        passed = {
            key: fill(value, contexts) if isinstance(value, str) else value for key, value in step["with"].items()
        }
        if name.startswith("./"):
            described = action(Path(name).name)
            assert set(passed) == set(described["inputs"])
            self._run_steps(described["runs"]["steps"], {**contexts, "inputs": passed}, environment, result)
            return
        environment |= self.actions[name](passed)
        result.conclusions[name] = "success"

    def _execute(
        self, step: dict[str, Any], contexts: dict[str, Any], environment: Mapping[str, str], result: Result
    ) -> str:
        """Run the commands of a step in the shell that GitHub takes, and return the conclusion."""
        files = {name: self.scratch / name for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "script.sh")}
        for file in files.values():
            file.write_text("")
        files["script.sh"].write_text(step["run"])
        own = {key: text_of(fill(str(value), contexts)) for key, value in step.get("env", {}).items()}
        done = subprocess.run(
            [*SHELLS[step.get("shell")], str(files["script.sh"])],
            cwd=self.checkout,
            env={**environment, **own, **{name: str(path) for name, path in files.items() if name.isupper()}},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            text=True,
            check=False,
        )
        result.log += done.stdout
        result.summary += files["GITHUB_STEP_SUMMARY"].read_text()
        if "id" in step:
            contexts["steps"][step["id"]] = {"outputs": _outputs(files["GITHUB_OUTPUT"].read_text())}
        return "failure" if done.returncode else "success"


def _outputs(text: str) -> dict[str, str]:
    """Read the file of outputs: ``name<<DELIMITER``, the lines of the value, and the delimiter."""
    return {found[1]: found[3] for found in re.finditer(r"^(\w+)<<(\w+)\n(.*?)\n\2$", text, re.DOTALL | re.MULTILINE)}
