"""What a careful owner asks of the workflows: who gets credentials, what a token may do, what is pinned."""

import json
import re
from typing import Any

import pytest
import yaml

from tests.engine.cli import pinned_version
from tests.support.expressions import evaluate, fill
from tests.support.workflows import ACTIONS, FOLDER, ROOT, action, running_jobs, steps, workflow, workflows

PULL_REQUEST = {
    "number": 7,
    "head": {"repo": {"full_name": "acme/tools"}},
    "user": {"login": "ada"},
}
GITHUB: dict[str, Any] = {"repository": "acme/tools", "ref": "refs/heads/main", "event_name": "push", "event": {}}
# The permissions that a job may have beside reading the repository, and the jobs that have them.
WRITES = {
    ("deploy", "dev"): {"id-token"},
    ("deploy", "preview-dev"): {"id-token", "pull-requests"},
    ("deploy", "preview-prod"): {"id-token", "pull-requests"},
    ("deploy", "prod"): {"id-token"},
    ("drift", "drift"): {"id-token"},
    ("preview", "comment"): {"pull-requests"},
    ("preview", "preview"): {"id-token"},
    ("update", "update"): {"id-token"},
}
JOBS = [(name, job) for name, document in workflows().items() for job in document["jobs"]]


def github(**changes: Any) -> dict[str, Any]:
    return {"github": {**GITHUB, **changes}, "vars": {"DEPLOY": "true"}, "inputs": {}}


def of_pull_request(**changes: Any) -> dict[str, Any]:
    event = {"pull_request": {**PULL_REQUEST, **changes}}
    return github(event_name="pull_request", ref="refs/pull/7/merge", event=event)


def test_a_push_to_main_updates_dev_and_then_prod_after_the_checks() -> None:
    assert running_jobs(workflow("deploy"), github()) == ["checks", "dev", "preview-prod", "prod"]


def test_prod_waits_for_dev_and_for_its_preview() -> None:
    jobs = workflow("deploy")["jobs"]
    assert jobs["dev"]["needs"] == "checks"
    assert set(jobs["prod"]["needs"]) == {"dev", "preview-prod"}


def test_a_pull_request_is_previewed_and_updates_nothing() -> None:
    assert running_jobs(workflow("deploy"), of_pull_request()) == ["preview-dev", "preview-prod"]


@pytest.mark.parametrize(
    "changes",
    [
        {"head": {"repo": {"full_name": "mallory/tools"}}},
        {"head": {"repo": None}},
        {"user": {"login": "dependabot[bot]"}},
    ],
    ids=["of a fork", "of a deleted fork", "of dependabot"],
)
def test_a_pull_request_gets_no_credentials(changes: dict[str, Any]) -> None:
    assert running_jobs(workflow("deploy"), of_pull_request(**changes)) == []


@pytest.mark.parametrize("ref", ["refs/heads/feature", "refs/tags/v1.0.0"])
def test_a_run_of_another_branch_or_tag_updates_nothing(ref: str) -> None:
    event = github(event_name="workflow_dispatch", ref=ref)
    assert running_jobs(workflow("deploy"), event) == ["checks"]
    assert running_jobs(workflow("drift"), event) == []


def test_without_the_variable_only_the_checks_run() -> None:
    assert running_jobs(workflow("deploy"), github() | {"vars": {}}) == ["checks"]
    assert running_jobs(workflow("deploy"), of_pull_request() | {"vars": {}}) == []
    assert running_jobs(workflow("drift"), github() | {"vars": {}}) == []


@pytest.mark.parametrize(("name", "job"), JOBS)
def test_every_job_has_only_the_permissions_that_it_needs(name: str, job: str) -> None:
    document = workflow(name)
    assert document["permissions"] == {}
    permissions = document["jobs"][job]["permissions"]
    assert permissions["contents"] == "read"
    assert {scope for scope, level in permissions.items() if level != "read"} == WRITES.get((name, job), set())


def test_no_job_that_runs_the_code_of_a_pull_request_can_write_to_the_repository() -> None:
    comment = workflow("preview")["jobs"]["comment"]
    [checkout] = [step for step in comment["steps"] if "uses" in step]
    assert checkout["with"]["ref"] == "${{ github.event.pull_request.base.sha }}"


@pytest.mark.parametrize("name", workflows())
def test_no_event_gives_credentials_to_the_code_of_others(name: str) -> None:
    assert not {"pull_request_target", "workflow_run", "issue_comment"} & set(workflow(name)["on"])


@pytest.mark.parametrize(("name", "job"), JOBS)
def test_every_job_ends(name: str, job: str) -> None:
    described = workflow(name)["jobs"][job]
    assert "uses" in described or described["timeout-minutes"] <= 90


def test_an_update_ends_before_its_credentials() -> None:
    """configure-aws-credentials asks for an hour."""
    assert workflow("update")["jobs"]["update"]["timeout-minutes"] < 60


def test_a_stack_has_one_update_at_a_time_and_a_running_one_is_not_cancelled() -> None:
    update = workflow("update")["jobs"]["update"]
    assert update["concurrency"] == {"group": "update-${{ inputs.stack }}", "cancel-in-progress": False}
    assert update["environment"] == "${{ inputs.stack }}"
    for name in ("ci", "deploy"):
        concurrency = workflow(name)["concurrency"]
        contexts = github(run_id=11)
        assert fill(concurrency["cancel-in-progress"], contexts) is False
        assert fill(concurrency["group"], contexts) == f"{name}-11"


def test_every_action_is_pinned_by_the_hash_of_a_commit_with_its_version_beside() -> None:
    files = [*FOLDER.glob("*.yml"), *ACTIONS.rglob("*.yml")]
    used = [line for path in files for line in path.read_text().splitlines() if re.match(r"\s*(- )?uses: [^.]", line)]
    pins: dict[str, set[str]] = {}
    for line in used:
        found = re.fullmatch(r"\s*(?:- )?uses: (\S+)@([0-9a-f]{40} # v\d+\.\d+\.\d+)", line)
        assert found, line
        pins.setdefault(found[1], set()).add(found[2])
    assert all(len(versions) == 1 for versions in pins.values()), pins


def test_no_text_of_a_user_gets_into_a_command() -> None:
    """An expression in ``run`` is pasted into the script before the shell reads it."""
    assert not [(name, step["run"]) for name, step in steps() if "${{" in step.get("run", "")]


def test_no_key_is_stored() -> None:
    text = "".join(path.read_text() for path in [*FOLDER.glob("*.yml"), *ACTIONS.rglob("*.yml")])
    assert "secrets." not in text
    assert "secrets[" not in text
    assert "secrets: inherit" not in text


def test_every_command_is_a_script_of_the_repository() -> None:
    commands = {step["run"] for _, step in steps() if "run" in step}
    assert commands
    for command in commands:
        script = ROOT / command.removeprefix("python3 ").removesuffix(' "$STACK"')
        assert script.is_file(), command
        assert script.suffix == ".py" or script.stat().st_mode & 0o111, command


def test_every_variable_is_in_the_page() -> None:
    text = "".join(path.read_text() for path in FOLDER.glob("*.yml"))
    page = (ROOT / "docs" / "pipeline.md").read_text()
    for variable in set(re.findall(r"\bvars\.(\w+)", text)):
        assert f"`{variable}`" in page, variable


def test_no_skipped_job_bears_the_name_of_a_required_check() -> None:
    """GitHub takes a skipped job for a passed check."""
    names = [job["name"] for document in workflows().values() for job in document["jobs"].values()]
    assert names.count("Checks") == 1
    assert workflow("ci")["jobs"]["checks"]["name"] == "Checks"


def test_the_page_has_the_commands_of_an_update_for_another_pipeline() -> None:
    prepared = [step["run"] for step in action("prepare")["runs"]["steps"] if "run" in step]
    updated = [step["run"] for step in workflow("update")["jobs"]["update"]["steps"] if "run" in step]
    section = (ROOT / "docs" / "pipeline.md").read_text().partition("## Another CI")[2]
    assert section.partition("```sh\n")[2].partition("```")[0].splitlines() == prepared + updated


def test_the_pipeline_has_the_python_of_the_functions_and_the_cli_of_the_tests() -> None:
    used = {
        step["uses"].partition("@")[0]: step["with"] for step in action("prepare")["runs"]["steps"] if "uses" in step
    }
    assert used["pulumi/actions"]["pulumi-version"] == pinned_version()
    schema = json.loads((ROOT / "schemas" / "stack-config.json").read_text())
    assert used["actions/setup-python"]["python-version"] == schema["properties"]["pythonVersion"]["default"]


def test_both_stacks_are_passed_alike() -> None:
    jobs = workflow("deploy")["jobs"]
    for dev, prod in (("dev", "prod"), ("preview-dev", "preview-prod")):
        same = json.loads(json.dumps(jobs[dev]["with"]).replace("DEV_", "PROD_").replace('"dev"', '"prod"'))
        assert jobs[prod]["with"] == same
    assert yaml.safe_dump(jobs["dev"]["permissions"]) == yaml.safe_dump(jobs["prod"]["permissions"])


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("'a' == 'A'", True),
        ("github.missing == ''", True),
        ("!github.missing && 'x' || 'y'", "x"),
        ("(true || false) && !false", True),
        ("github.event_name != 'push'", False),
        ("inputs.refresh || false", False),
    ],
)
def test_expressions_are_evaluated_as_github_does(expression: str, value: Any) -> None:
    assert evaluate(expression, github()) == value
