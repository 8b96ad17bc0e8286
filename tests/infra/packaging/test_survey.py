"""What an app says of its tools when it is imported before a deployment."""

import json
import re
from pathlib import Path

import pulumi
import pytest

from components.config_values import PROJECT
from components.packaging import survey
from components.packaging.sources import Sources
from components.packaging.survey import Survey, SurveyedFunction, survey_app
from runtime.authoring.manifest import decode_manifest
from tests.infra.packaging.trees import write

INIT = """from runtime.app import plain
from runtime.authoring import App

app = App(modules=[plain, "runtime.app.billing"])
"""
PLAIN = '''from runtime.authoring import tool


@tool
def add(a: int) -> int:
    """Add."""
    return a
'''
BILLING = '''import decimal

from runtime.authoring import tool


@tool(function="billing", scopes=["money"], task="optional")
def charge(cents: int) -> dict[str, int]:
    """Charge."""
    return {"cents": cents}


@tool(function="post")
def send(letter: str) -> str:
    """Send."""
    return letter
'''


@pytest.fixture
def app(tmp_path: Path) -> Path:
    folder = tmp_path / "app"
    write(folder, "__init__.py", INIT)
    write(folder, "plain.py", PLAIN)
    write(folder, "billing.py", BILLING)
    return folder


def survey_of(app: Path, module: str = "runtime.app", **environment: str) -> Survey:
    return survey_app(Sources(PROJECT, app), module, app.parent / "cache", environment)


def test_the_functions_of_an_app_and_the_tools_that_the_server_does_not_import(app: Path) -> None:
    found = survey_of(app)
    assert found.functions == {
        "billing": SurveyedFunction(modules=["runtime.app.billing"], tools=["charge"], tasks=True),
        "post": SurveyedFunction(modules=["runtime.app.billing"], tools=["send"], tasks=False),
    }
    charge, send = decode_manifest(found.manifest)
    assert (charge.name, charge.options.function, charge.options.scopes) == ("charge", "billing", frozenset({"money"}))
    assert send.listing["inputSchema"]["required"] == ["letter"]


def test_the_app_is_imported_once_for_each_change_of_what_it_imports(
    app: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = survey_of(app)
    monkeypatch.setattr(survey, "_run", lambda *_: pytest.fail("the app was imported again"))
    assert survey_of(app) == first
    write(app, "billing.py", BILLING.replace("post", "mail"))
    with pytest.raises(pytest.fail.Exception, match="imported again"):
        survey_of(app)


def test_an_app_without_such_tools_is_not_imported(app: Path) -> None:
    write(app, "__init__.py", INIT.replace(', "runtime.app.billing"', ""))
    write(app, "plain.py", PLAIN + "\nraise SystemExit\n")
    assert survey_of(app) == Survey()
    assert not (app.parent / "cache").exists()


def test_a_tool_with_a_function_in_an_imported_module_needs_no_manifest(app: Path) -> None:
    write(app, "__init__.py", INIT.replace('"runtime.app.billing"', "billing").replace("plain", "billing, plain", 1))
    found = survey_of(app)
    assert found.functions["billing"].tools == ["charge"]
    assert found.manifest == b""


DOCUMENT = """openapi: 3.0.3
info: {title: Tickets, version: "1"}
servers: [{url: https://tickets.example.com}]
paths:
  /tickets:
    get: {operationId: listTickets, responses: {"200": {description: Tickets.}}}
"""


def test_the_operations_of_a_document_may_have_a_function(app: Path) -> None:
    write(app, "tickets.yaml", DOCUMENT)
    call = 'openapi_tools("tickets.yaml", operations=["listTickets"], function="tickets")'
    write(app, "plain.py", f"from runtime.openapi import openapi_tools\n\ntickets = {call}\n")
    write(app, "__init__.py", INIT.replace(', "runtime.app.billing"', ""))
    assert survey_of(app).functions["tickets"].tools == ["listTickets"]


def test_other_versions_of_the_apps_libraries_are_a_change(app: Path, tmp_path: Path) -> None:
    project = tmp_path / "project"
    for name in ("runtime", "components"):
        (project / name).parent.mkdir(exist_ok=True)
        (project / name).symlink_to(PROJECT / name)
    digests = set()
    for pins in ("", "pydantic==2.12.0\n", "pydantic==2.12.1\n"):
        write(project, "requirements-app.txt", pins)
        digests.add(survey._digest(Sources(project, app), [], {}))
    assert len(digests) == 3


def test_an_app_may_read_its_environment_while_it_is_imported(app: Path) -> None:
    write(app, "billing.py", f'import os\n\nLEDGER = os.environ["LEDGER"]\n{BILLING}')
    with pytest.raises(pulumi.RunError, match=r"KeyError: 'LEDGER' \(.*/app/billing.py, line 3\)"):
        survey_of(app)
    assert survey_of(app, LEDGER="books").functions


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        (
            "billing.py",
            PLAIN.replace("add", "other"),
            "other of runtime.app.billing must be in a module that the app imports",
        ),
        ("billing.py", BILLING.replace("billing", "Billing"), "'Billing' is no name for a function of its own"),
        ("billing.py", BILLING.replace("send", "add"), "two tools are named 'add'"),
        ("billing.py", "raise SystemExit(1)\n", "could not be imported"),
        ("billing.py", "import missing_library\n" + BILLING, "No module named 'missing_library'"),
        ("__init__.py", INIT.replace("app =", "server ="), "has no app"),
        ("__init__.py", INIT.replace("app.billing", "app.bills"), 'names "runtime.app.bills" in its modules'),
        ("__init__.py", INIT.replace('"runtime.app.billing"', '".".join(["runtime.app", "billing"])'), "is computed"),
    ],
)
def test_what_cannot_be_deployed_is_said_before_a_deployment(app: Path, name: str, text: str, said: str) -> None:
    write(app, "plain.py", f'{PLAIN}\n\n@tool(function="post")\ndef write() -> str:\n    """Write."""\n    return ""\n')
    write(app, name, text)
    with pytest.raises(pulumi.RunError, match=re.escape(said)):
        survey_of(app)


def test_an_app_of_another_name_has_no_folder_of_its_own(tmp_path: Path) -> None:
    found = survey_app(Sources(PROJECT), "tests.e2e.functions_app", tmp_path / "cache", {"LEDGER": "books"})
    assert "billing" in found.functions
    assert json.loads(found.manifest)
