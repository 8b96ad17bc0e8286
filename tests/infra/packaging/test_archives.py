"""Tests of the archives of this project's functions."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from components.packaging.archive import Packager
from components.packaging.target import Target
from tests.infra.packaging.archives import HERE, contents, distributions, on_linux, run
from tests.infra.recorder import PROJECT

LONGEST_BYTES = 5 * 1024 * 1024
LONGEST_OAUTH_BYTES = 24 * 1024 * 1024
ENVIRONMENT = {
    "ABOUT": "{}",
    "ALLOWED_ORIGINS": "[]",
    "APP_MODULE": "tests.support.example_app",
    "PUBLIC_URL": "https://mcp.example.com",
    "SERVER_NAME": "test",
    "TABLE_NAME": "table",
    "WORKER_NAME": "worker",
    "WORKER_SECONDS": "900",
}


@pytest.fixture(scope="session")
def mcp_archive() -> Path:
    return build("mcp", ["schemas/mcp"], ["tests.support.example_app"])


def build(function: str, data: Sequence[str] = (), also: Sequence[str] = ()) -> Path:
    return Packager(PROJECT, HERE, cache=PROJECT / ".build").build(f"runtime.handlers.{function}", data, also)


def test_the_mcp_archive_is_small(mcp_archive: Path) -> None:
    assert mcp_archive.stat().st_size <= LONGEST_BYTES


def test_the_mcp_archive_has_no_way_to_clients_and_the_key(mcp_archive: Path) -> None:
    names = contents(mcp_archive)
    assert not {name for name in names if name.startswith(("runtime/oauth/", "schemas/oauth/"))}
    keys = {"runtime/tokens/access_tokens.py", "runtime/tokens/key_ring.py", "runtime/storage/signing_keys.py"}
    assert not {*keys, "runtime/storage/clients.py"} & names
    assert not {"boto3", "botocore", "jwt"} & distributions(mcp_archive)


@pytest.mark.parametrize("function", ["mcp", "worker"])
def test_an_app_outside_the_runtime_is_packaged_in_its_place_with_what_it_imports(function: str) -> None:
    names = contents(build(function, also=["tests.e2e.tasks_app"]))
    ours = {name for name in names if name.startswith(("tests/", "runtime/app/"))}
    assert ours == {"tests/__init__.py", "tests/e2e/__init__.py", "tests/e2e/tasks_app.py"}


@pytest.mark.parametrize("function", ["mcp", "worker"])
def test_the_app_of_the_runtime_is_packaged_when_it_is_the_one_that_is_served(function: str) -> None:
    names = contents(build(function, also=["runtime.app"]))
    assert "runtime/app/__init__.py" in names
    assert not {name for name in names if name.startswith("tests/")}


@on_linux
@pytest.mark.parametrize(
    ("module", "reason"),
    [
        ("tests.support.nowhere", "ModuleNotFoundError: No module named 'tests.support.nowhere'"),
        ("tests.support", "TypeError: the module tests.support has no app to serve"),
    ],
)
def test_a_module_without_an_app_stops_the_function_by_name(
    mcp_archive: Path, tmp_path: Path, module: str, reason: str
) -> None:
    environment = ENVIRONMENT | {"APP_MODULE": module}
    done = run(mcp_archive, "import runtime.handlers.mcp", tmp_path / "task", **environment)
    assert done.returncode == 1
    assert reason in done.stderr


@on_linux
def test_the_mcp_archive_answers_without_any_aws_library(mcp_archive: Path, tmp_path: Path) -> None:
    event = {
        "resource": "/mcp",
        "path": "/mcp",
        "httpMethod": "POST",
        "multiValueHeaders": {
            "content-type": ["application/json"],
            "accept": ["application/json, text/event-stream"],
            "mcp-protocol-version": ["2025-11-25"],
        },
        "pathParameters": None,
        "multiValueQueryStringParameters": None,
        "body": json.dumps({"jsonrpc": "2.0", "id": 1, "method": "ping"}),
        "isBase64Encoded": False,
        "requestContext": {
            "requestId": "request-1",
            "identity": {"sourceIp": "192.0.2.1"},
            "authorizer": {"clientId": "client-1", "subject": "client-1", "scope": "mcp", "sealKeys": "a2V5"},
        },
    }
    code = f"from runtime.handlers.mcp import handler; response = handler({event!r}, None); "
    done = run(mcp_archive, code + "print(response['statusCode'], response['body'])", tmp_path / "task", **ENVIRONMENT)
    assert done.stderr == ""
    status, _, body = done.stdout.splitlines()[-1].partition(" ")
    assert (status, json.loads(body)) == ("200", {"jsonrpc": "2.0", "id": 1, "result": {}})


@pytest.mark.parametrize(("architecture", "machine"), [("arm64", "aarch64"), ("x86_64", "x86_64")])
def test_the_oauth_archive_brings_what_verifies_signatures_for_its_platform(architecture: str, machine: str) -> None:
    packager = Packager(PROJECT, Target(HERE.python, architecture), cache=PROJECT / ".build")
    archive = packager.build("runtime.handlers.oauth", ["schemas/oauth"])
    assert archive.stat().st_size <= LONGEST_OAUTH_BYTES
    assert {"cryptography", "jwt"} <= distributions(archive)
    extensions = {name for name in contents(archive) if name.endswith(".so")}
    assert "cryptography/hazmat/bindings/_rust.abi3.so" in extensions
    assert all(f"{machine}-linux-gnu" in name for name in extensions if "abi3" not in name)


@pytest.mark.parametrize("function", ["authorizer", "mcp", "rotation"])
def test_no_other_archive_brings_what_verifies_signatures(function: str) -> None:
    assert not {"cryptography", "cffi"} & distributions(build(function))


def test_the_login_archive_holds_its_pages_and_only_it_does() -> None:
    pages = {"runtime/login/pages/templates/page.html", "runtime/login/pages/templates/style.css"}
    assert pages <= contents(build("login", ["runtime/login/pages/templates"]))
    assert not {name for name in contents(build("oauth")) if name.startswith("runtime/login/")}


@pytest.mark.parametrize("function", ["authorizer", "login", "oauth", "rotation"])
def test_the_other_archives_hold_no_tools(function: str) -> None:
    archive = build(function)
    assert not {name for name in contents(archive) if name.startswith(("runtime/mcp/", "runtime/app/"))}
    assert not {"boto3", "botocore"} & distributions(archive)
