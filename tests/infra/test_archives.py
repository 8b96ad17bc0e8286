"""The archives of this project's functions."""

import json
from pathlib import Path

import pytest

from components.package import Packager
from tests.infra.archives import HERE, contents, distributions, on_linux, run
from tests.infra.recorder import PROJECT

LONGEST_BYTES = 3 * 1024 * 1024


@pytest.fixture(scope="session")
def mcp_archive() -> Path:
    return Packager(PROJECT, HERE, cache=PROJECT / ".build").build("runtime.handlers.mcp", ("schemas/mcp",))


def test_the_mcp_archive_is_small(mcp_archive: Path) -> None:
    assert mcp_archive.stat().st_size <= LONGEST_BYTES


def test_the_mcp_archive_has_no_way_to_the_table_and_the_key(mcp_archive: Path) -> None:
    names = contents(mcp_archive)
    assert not {name for name in names if name.startswith(("runtime/storage/", "runtime/oauth/", "schemas/oauth/"))}
    assert "runtime/tokens.py" not in names
    assert not {"boto3", "botocore", "jwt"} & distributions(mcp_archive)


@on_linux
def test_the_mcp_archive_answers_by_itself(mcp_archive: Path, tmp_path: Path) -> None:
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
            "authorizer": {"clientId": "client-1", "subject": "client-1", "scope": "mcp"},
        },
    }
    code = f"from runtime.handlers.mcp import handler; response = handler({event!r}, None); "
    environment = {"PUBLIC_URL": "https://mcp.example.com", "SERVER_NAME": "test", "ALLOWED_ORIGINS": '["*"]'}
    done = run(mcp_archive, code + "print(response['statusCode'], response['body'])", tmp_path / "task", **environment)
    assert done.stderr == ""
    status, _, body = done.stdout.splitlines()[-1].partition(" ")
    assert (status, json.loads(body)) == ("200", {"jsonrpc": "2.0", "id": 1, "result": {}})


@pytest.mark.parametrize("function", ["authorizer", "oauth", "rotation"])
def test_the_other_archives_hold_no_tools(function: str) -> None:
    archive = Packager(PROJECT, HERE, cache=PROJECT / ".build").build(f"runtime.handlers.{function}")
    assert not {name for name in contents(archive) if name.startswith(("runtime/mcp/", "runtime/app/"))}
    assert not {"boto3", "botocore"} & distributions(archive)
