"""``pulumi new`` with this repository: it asks, and leaves a project that deploys at once.

The CLI is the real one. It does not install the packages of the new project, which ``tests/engine/command.py`` says.
"""

import filecmp
import json
import os
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pexpect
import pytest
import yaml

from local.program import ROOT
from local.stack import settings_of_machine
from tests.engine.deployer import assume_deployer
from tests.engine.engine import Engine, serve_provider
from tests.engine.provider.servicer import Servicer
from tests.engine.shell import make_shell
from tests.support.project_copy import copy_project

NAME = "acme-tools"
REGION = "eu-central-1"
SECONDS = 300
# What the CLI writes: the name and no more prompts, and the answers.
WRITTEN = {"Pulumi.yaml", "Pulumi.dev.yaml"}


class Template(NamedTuple):
    """This repository as a template, and a shell in which there is nothing of it."""

    directory: Path
    environment: dict[str, str]

    def new(self, target: Path, *flags: str) -> subprocess.CompletedProcess[str]:
        target.mkdir()
        return self.run(target, "pulumi", "new", str(self.directory), *flags)

    def run(self, directory: Path, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(command, cwd=directory, env=self.environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def template(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Template]:
    """Return the template, with a provider that may touch only what is called as the new project."""
    directory = tmp_path_factory.mktemp("new")
    servicer = Servicer(assume_deployer(engine.aws, name=f"deployer-of-{NAME}", project=NAME))
    with serve_provider(servicer) as port:
        shell = make_shell(engine, directory / "shell")
        yield Template(copy_project(directory / "repository"), {**shell, "PULUMI_DEBUG_PROVIDERS": f"aws:{port}"})


@pytest.fixture(scope="module")
def project(template: Template, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a project that ``--yes`` made, for the Python and the processor at hand."""
    directory = tmp_path_factory.mktemp("project") / NAME
    settings = [f"--config={key}={value}" for key, value in settings_of_machine().items()]
    done = template.new(directory, "--yes", "--name", NAME, *settings)
    assert done.returncode == 0, done.stdout + done.stderr
    return directory


def settings(directory: Path, stack: str) -> Mapping[str, Any]:
    return dict(yaml.safe_load((directory / f"Pulumi.{stack}.yaml").read_text())["config"])


def files(directory: Path) -> set[str]:
    return {str(path.relative_to(directory)) for path in directory.rglob("*") if path.is_file()}


def preview(template: Template, directory: Path) -> Mapping[str, list[Mapping[str, Any]]]:
    """Return the inputs of what ``pulumi up`` would create, by type."""
    done = template.run(directory, "pulumi", "preview", "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    created: dict[str, list[Mapping[str, Any]]] = {}
    for step in json.loads(done.stdout)["steps"]:
        created.setdefault(step["newState"]["type"], []).append(step["newState"].get("inputs", {}))
    return created


def answer(template: Template, target: Path, answers: Mapping[str, str]) -> str:
    """Type what a user types at each prompt, in any order, and return the screen."""
    target.mkdir()
    screen: list[str] = []
    terminal = pexpect.spawn(
        "pulumi",
        ["new", "--color", "never", str(template.directory)],
        cwd=target,
        # The second is for where the CLI finds out that it runs in a pipeline, and would ask nothing.
        env={**template.environment, "TERM": "xterm", "PULUMI_TEST_INTERACTIVE": "true"},
        encoding="utf-8",
        timeout=SECONDS,
        dimensions=(50, 200),
    )
    left = dict(answers)
    while left:
        prompts = list(left)
        index = terminal.expect_exact(prompts)
        screen += [terminal.before or "", prompts[index]]
        # Written after each prompt. The cursor is not: in a pipeline, which sets CI, the CLI draws none.
        terminal.expect_exact("\x1b[K")
        terminal.send(f"{left.pop(prompts[index])}\r")
    terminal.expect(pexpect.EOF)
    terminal.close()
    screen.append(terminal.before or "")
    assert terminal.exitstatus == 0, "".join(screen)
    return "".join(screen)


def test_the_new_project_is_the_repository_under_its_own_name(template: Template, project: Path) -> None:
    """The CLI puts name and description in place of variables in all files, so none may have them by accident."""
    assert files(project) == files(template.directory)
    _, differ, errors = filecmp.cmpfiles(project, template.directory, files(project), shallow=False)
    assert (set(differ), errors) == (WRITTEN, [])
    own = yaml.safe_load((project / "Pulumi.yaml").read_text())
    shipped = yaml.safe_load((template.directory / "Pulumi.yaml").read_text())
    assert own["name"] == NAME
    assert "template" in shipped
    # The CLI notes where the project comes from, as a tag of its stacks.
    assert own.keys() - {"config"} == shipped.keys() - {"template"}


def test_what_can_be_executed_can_be_executed_in_the_new_project(template: Template, project: Path) -> None:
    scripts = {name for name in files(template.directory) if os.access(template.directory / name, os.X_OK)}
    assert ".ci/run" in scripts
    assert {name for name in files(project) if os.access(project / name, os.X_OK)} == scripts


def test_without_questions_the_stack_has_what_is_shipped_and_the_defaults(project: Path) -> None:
    here = settings_of_machine()
    assert settings(project, "dev") == {
        "aws:region": REGION,
        f"{NAME}:tags": {"environment": "dev"},
        f"{NAME}:serverName": "remote-mcp",
        **{f"{NAME}:{key}": value for key, value in here.items()},
    }


def test_the_new_project_deploys_at_once(template: Template, project: Path) -> None:
    done = template.run(project, "pulumi", "up", "--yes")
    assert done.returncode == 0, done.stdout + done.stderr
    outputs = json.loads(template.run(project, "pulumi", "stack", "output", "--json").stdout)
    assert outputs["mcp_url"] == f"{outputs['url']}/mcp"
    assert outputs["table_name"].startswith(f"{NAME}-dev-")
    again = template.run(project, "pulumi", "up", "--yes", "--expect-no-changes")
    assert again.returncode == 0, again.stdout + again.stderr


def test_the_shipped_settings_of_production_hold_in_the_new_project(template: Template, project: Path) -> None:
    assert template.run(project, "pulumi", "stack", "init", "prod").returncode == 0
    for key, value in settings_of_machine().items():
        assert template.run(project, "pulumi", "config", "set", key, value).returncode == 0
    [table] = preview(template, project)["aws:dynamodb/table:Table"]
    assert table["deletionProtectionEnabled"]
    assert table["tags"] == {"project": NAME, "stack": "prod", "environment": "prod"}


def test_it_asks_for_names_region_identity_provider_and_domain(
    template: Template, project: Path, tmp_path: Path
) -> None:
    arn = "arn:aws:acm:us-east-1:123456789012:certificate/0f"
    answers = {
        "Project name": "acme-docs",
        "Project description": "",
        "Stack name": "uat",
        "(aws:region)": "eu-west-1",
        "(certificateArn)": arn,
        "(domainName)": "mcp.example.com",
        "(hostedZoneId)": "",
        "(pythonVersion)": settings_of_machine()["pythonVersion"],
        "(serverName)": "",
        "(serverTitle)": "Documents of Acme",
        "(upstream.allowedEmailDomains)": '["example.com"]',
        "(upstream.clientId)": "acme",
        "(upstream.issuer)": "https://idp.example.com",
    }
    target = tmp_path / "asked"
    screen = answer(template, target, answers)
    assert "set-gateway-role" in screen
    assert settings(target, "uat") == {
        "aws:region": "eu-west-1",
        "acme-docs:certificateArn": arn,
        "acme-docs:domainName": "mcp.example.com",
        "acme-docs:pythonVersion": settings_of_machine()["pythonVersion"],
        "acme-docs:serverName": "remote-mcp",
        "acme-docs:serverTitle": "Documents of Acme",
        "acme-docs:upstream.allowedEmailDomains": '["example.com"]',
        "acme-docs:upstream.clientId": "acme",
        "acme-docs:upstream.issuer": "https://idp.example.com",
    }
    # The archives are those of the other project, so they need not be made again.
    (project / ".build").mkdir(exist_ok=True)
    (target / ".build").symlink_to(project / ".build")
    template.run(target, "pulumi", "config", "set", "architecture", settings_of_machine()["architecture"])
    created = preview(template, target)
    [distribution] = created["aws:cloudfront/distribution:Distribution"]
    assert distribution["aliases"] == ["mcp.example.com"]
    assert distribution["viewerCertificate"]["acmCertificateArn"] == arn
    # The signing key, and the client secret at the identity provider.
    assert len(created["aws:secretsmanager/secret:Secret"]) == 2


def test_a_name_that_the_program_cannot_take_is_refused_with_what_can(template: Template, tmp_path: Path) -> None:
    target = tmp_path / "refused"
    here = [f"--config={key}={value}" for key, value in settings_of_machine().items()]
    assert template.new(target, "--yes", "--name", "acme.tools", *here).returncode == 0
    done = template.run(target, "pulumi", "preview")
    assert done.returncode != 0
    said = " ".join((done.stdout + done.stderr).split())
    assert "'acme.tools-dev', made of the project 'acme.tools' and the stack 'dev', contains '.'" in said
    assert "allowed: letters, digits, hyphens and underscores" in said


def test_its_history_begins_where_it_was_copied(template: Template, project: Path, tmp_path: Path) -> None:
    """So later versions of the repository can be merged. The commands are those of the page."""
    page = (ROOT / "docs" / "new.md").read_text().partition("\n## Keep the history\n")[2]
    commands = page.partition("```sh\n")[2].partition("```")[0]
    names = {f"GIT_{who}_{what}": "alice@example.com" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    git = Template(template.directory, {**template.environment, **names, "GIT_CONFIG_GLOBAL": os.devnull})
    upstream = str(tmp_path / "upstream")
    assert git.run(tmp_path, "git", "init", "--bare", "--initial-branch=main", upstream).returncode == 0
    for step in (("add", "--all"), ("commit", "--message", "A version")):
        done = git.run(tmp_path, "git", f"--git-dir={upstream}", f"--work-tree={template.directory}", *step)
        assert done.returncode == 0, done.stdout + done.stderr
    done = git.run(project, "sh", "-ec", commands.replace("URL-OF-THIS-REPOSITORY", upstream))
    assert done.returncode == 0, done.stdout + done.stderr
    changed = git.run(project, "git", "diff", "--name-only", "FETCH_HEAD", "HEAD").stdout.split()
    assert set(changed) - {"Pulumi.prod.yaml"} == WRITTEN
