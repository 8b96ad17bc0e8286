"""Every example is in the list, has what a reader needs, and has a test."""

import ast
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from local import examples, program
from local.errors import LocalError

ROOT = Path(__file__).resolve().parents[3]
EXAMPLES = ROOT / "examples"
INDEX = (EXAMPLES / "README.md").read_text()
FOLDERS = sorted(path.name for path in EXAMPLES.iterdir() if path.is_dir() and not path.name.startswith("_"))
# Programs in three languages with one app: make engine previews them, and tests/examples has a test of the app.
LANGUAGES = {"python", "typescript", "yaml"}
WITH_TOOLS = [name for name in FOLDERS if name not in LANGUAGES | {"deployer"}]


def _modules(source: Path) -> set[str]:
    """Return the packages of this project that a file imports, by their first two names."""
    found = set()
    for node in ast.walk(ast.parse(source.read_text())):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
        found |= {".".join(name.split(".")[:2]) for name in names if (ROOT / name.split(".")[0]).is_dir()}
    return found


def test_every_example_is_in_the_list_and_everything_in_the_list_is_there() -> None:
    linked = re.findall(r"\]\(([^)]+)\)", INDEX)
    assert all((EXAMPLES / target).exists() for target in linked), linked
    assert {target.split("/")[0] for target in linked} - {".."} == set(FOLDERS)


def test_every_example_of_tools_has_a_page_and_a_test() -> None:
    for name in WITH_TOOLS:
        page = (EXAMPLES / name / "README.md").read_text()
        assert f"make up EXAMPLE={name}\n" in page, name
        links = [target for target in re.findall(r"\]\(([^)#]+)[^)]*\)", page) if "://" not in target]
        assert all((EXAMPLES / name / target).exists() for target in links), links
        assert (ROOT / "tests" / "examples" / f"test_{name}.py").exists(), name


def test_the_programs_have_one_app() -> None:
    apps = [
        {path.name: path.read_text() for path in (EXAMPLES / name / "app").glob("*.py")} for name in sorted(LANGUAGES)
    ]
    assert apps[0]
    assert apps == [apps[0]] * len(LANGUAGES)


@pytest.mark.parametrize("name", examples.names())
def test_an_app_imports_what_an_owners_app_may_import(name: str) -> None:
    """A copy of it runs as ``runtime/app``, and no function has anything else of this project."""
    for source in (EXAMPLES / name / "app").rglob("*.py"):
        assert _modules(source) <= {"runtime.app", "runtime.authoring", "runtime.openapi"}, source
    needs = EXAMPLES / name / "needs.py"
    assert not needs.exists() or _modules(needs) <= {"components.needs"}


def test_one_command_starts_an_example() -> None:
    make = shutil.which("make")
    assert make
    done = subprocess.run(
        [make, "--dry-run", "--always-make", "up", "EXAMPLE=yaml"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert ".venv/bin/python -m local up  --example yaml\n" in done.stdout


def test_an_example_has_settings_of_its_own_and_the_region_of_the_stack(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = tmp_path / "examples" / "sql" / "app"
    app.mkdir(parents=True)
    (app / "__init__.py").touch()
    (app.parent / "Pulumi.dev.yaml").write_text("config: {'app:subnets': [a], scopes: {sql: Ask}}")
    (tmp_path / "Pulumi.yaml").write_text("name: acme")
    (tmp_path / "Pulumi.dev.yaml").write_text("config: {'aws:region': eu-west-1, appModule: mine, logLevel: DEBUG}")
    monkeypatch.setattr(program, "ROOT", tmp_path)
    monkeypatch.setattr(examples, "EXAMPLES", tmp_path / "examples")
    assert examples.settings_of("sql") == {
        "acme:appDirectory": str(app),
        "aws:region": "eu-west-1",
        "app:subnets": ["a"],
        "acme:scopes": {"sql": "Ask"},
    }


def test_an_example_that_does_not_exist_is_an_error_that_names_those_that_do() -> None:
    with pytest.raises(LocalError, match=r"no example 'nothing'; the examples are .*python, .*yaml"):
        examples.settings_of("nothing")
