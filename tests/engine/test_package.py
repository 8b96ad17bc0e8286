"""The examples in three languages declare the same server as the program of this repository."""

import json
import os
import re
import runpy
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from pulumi import automation as auto

from local.stack import settings_of_machine
from tests.engine.engine import Changes, Engine
from tests.engine.package.examples import (
    EXAMPLES,
    find_yaml_host,
    generate_packages,
    prepare_typescript,
    serve_package,
)

PREVIEW = Path(__file__).parent / "package" / "preview.cjs"
PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"
CONFIG = {"aws:region": "eu-central-1", "tools:pythonVersion": PYTHON}
COMPONENT = "remote-mcp:index:RemoteMcpServer"


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder with the generated packages."""
    directory = tmp_path_factory.mktemp("packages")
    generate_packages(directory)
    return directory


@pytest.fixture(scope="module")
def environment(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Return the environment of the engine, in which it finds the package. The examples have the same app."""
    (engine.directory / "examples").mkdir()
    with serve_package(EXAMPLES / "python") as port:
        command = shutil.which(engine.command.command)
        assert command is not None
        ours = engine.environment()
        yield {
            **ours,
            "PATH": f"{Path(command).parent}{os.pathsep}{os.environ['PATH']}",
            "PULUMI_HOME": str(engine.directory / "home"),
            "PULUMI_DEBUG_PROVIDERS": f"{ours['PULUMI_DEBUG_PROVIDERS']},remote-mcp:{port}",
        }


@pytest.fixture(scope="module")
def program(engine: Engine) -> set[str]:
    """Return what the program of this repository creates with the defaults, without the name of its stack."""
    settings = {key: value for key, value in settings_of_machine().items() if key == "pythonVersion"}
    return without_names(engine.stack_of("plain", {}, settings).preview().created, "remote-mcp", "plain")


def without_names(created: set[str], project: str, stack: str) -> set[str]:
    """Return types and names without what starts the names of a stack, and without providers that the engine adds."""
    declared = {name for name in created if not name.startswith("pulumi:providers:")}
    shorter = {re.sub(f"(?<![a-z]){project}-{stack}(?=-|$)", "*", name) for name in declared}
    return {re.sub(f"^{COMPONENT} .*", COMPONENT, name) for name in shorter}


def names_of(urns: list[str]) -> set[str]:
    found = Changes()
    for urn in urns:
        _, _, types, name = urn.split("::", 3)
        found.created.add(f"{types.rpartition('$')[2]} {name}")
    return found.created


def start(command: list[str], directory: Path, environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=directory, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )


def run(command: list[str], directory: Path, environment: Mapping[str, str]) -> str:
    """Run a command and return what it prints."""
    done = start(command, directory, environment)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_typescript_example_declares_what_the_program_does(
    generated: Path, environment: dict[str, str], program: set[str], tmp_path: Path
) -> None:
    directory = tmp_path / "example"
    prepare_typescript(directory, generated / "nodejs")
    command = ["node", str(PREVIEW), str(directory / "bin" / "index.js"), str(directory), json.dumps(CONFIG)]
    created = json.loads(run(command, directory, environment))
    assert without_names(names_of(created), "tools", "typescript") == program


def test_the_yaml_example_declares_what_the_program_does(
    environment: dict[str, str], program: set[str], tmp_path: Path
) -> None:
    directory = tmp_path / "example"
    shutil.copytree(EXAMPLES / "yaml", directory)
    file = directory / "Pulumi.yaml"
    file.write_text(file.read_text().replace('pythonVersion: "3.14"', f'pythonVersion: "{PYTHON}"'))
    host = {**environment, "PATH": f"{find_yaml_host()}{os.pathsep}{environment['PATH']}"}
    run(["pulumi", "stack", "init", "yaml"], directory, host)
    run(["pulumi", "config", "set", "aws:region", CONFIG["aws:region"]], directory, host)
    steps = json.loads(run(["pulumi", "preview", "--json"], directory, host))["steps"]
    created = [step["urn"] for step in steps if step["op"] == "create"]
    assert without_names(names_of(created), "tools", "yaml") == program


@pytest.fixture
def installed(generated: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let Python import the generated package in this test alone: no project may be called like a provider."""
    monkeypatch.syspath_prepend(str(generated / "python"))
    yield
    for name in [name for name in sys.modules if name.partition(".")[0] == "pulumi_remote_mcp"]:
        del sys.modules[name]


def test_the_python_example_declares_what_the_program_does(
    engine: Engine, installed: None, environment: dict[str, str], program: set[str]
) -> None:
    def program_of_example() -> None:
        runpy.run_path(str(EXAMPLES / "python" / "__main__.py"))

    stack = auto.create_stack(
        "python",
        project_name="tools",
        program=program_of_example,
        opts=auto.LocalWorkspaceOptions(
            env_vars=environment, pulumi_home=environment["PULUMI_HOME"], pulumi_command=engine.command
        ),
    )
    for key, value in CONFIG.items():
        stack.set_config(key, auto.ConfigValue(value))
    changes = Changes()
    stack.preview(on_event=changes.add)
    assert without_names(changes.created, "tools", "python") == program


def test_a_wrong_argument_is_named_with_what_it_allows(environment: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "Pulumi.yaml"
    text = (EXAMPLES / "yaml" / "Pulumi.yaml").read_text().replace("appDirectory: app", "appDirectory: nowhere")
    file.write_text(text.replace('pythonVersion: "3.14"', "memorySize: 1"))
    host = {**environment, "PATH": f"{find_yaml_host()}{os.pathsep}{environment['PATH']}"}
    run(["pulumi", "stack", "init", "wrong"], tmp_path, host)
    done = start(["pulumi", "preview", "--non-interactive"], tmp_path, host)
    said = done.stdout + done.stderr
    assert done.returncode
    assert "The arguments of the RemoteMcpServer tools are not valid:" in said
    assert "property memorySize with value 1 has a problem: memorySize is 1; allowed: an integer from 128" in said
    assert "Traceback" not in said
