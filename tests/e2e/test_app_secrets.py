"""Secrets of the tools, from ``needs.py`` to a call, on a stack of their own."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from local.calls import Caller
from local.program import ROOT
from local.stack import find_running
from tests.support.local_stack import LocalStack

pytestmark = pytest.mark.stack
CONFIG = {"appModule": "tests.e2e.secrets_app", "appNeeds": "tests/e2e/secrets_needs.py"}
TOKEN = "a-token-of-another-service"
NO_VALUE = "the secret TICKETS_TOKEN has no value; an operator sets it: python -m admin set-secret TICKETS_TOKEN"


@contextmanager
def without_permission(stack: LocalStack, *actions: str) -> Iterator[None]:
    """Take actions away from the role of the function that runs the tools."""
    iam, name = stack.client("iam"), stack.outputs["function_names"]["mcp"]
    role = stack.client("lambda").get_function(FunctionName=name)["Configuration"]["Role"].rpartition("/")[2]
    [policy] = iam.list_role_policies(RoleName=role)["PolicyNames"]
    document = iam.get_role_policy(RoleName=role, PolicyName=policy)["PolicyDocument"]
    kept = [each for each in document["Statement"] if each["Action"] not in [[action] for action in actions]]
    assert len(kept) == len(document["Statement"]) - len(actions)
    for statements in (kept, document["Statement"]):
        changed = json.dumps({**document, "Statement": statements})
        iam.put_role_policy(RoleName=role, PolicyName=policy, PolicyDocument=changed)
        if statements is kept:
            yield


def test_a_secret_goes_from_the_needs_file_to_the_tool(tmp_path_factory: pytest.TempPathFactory) -> None:
    directory = tmp_path_factory.mktemp("secrets") / "stack"
    with LocalStack(directory, config=CONFIG) as stack:
        caller = Caller(find_running(directory))

        def call(name: str) -> str:
            return str(caller.call_tool(name, {})["content"][0]["text"])

        assert {"lengths", "leak"} == {tool["name"] for tool in caller.list_tools()}
        with without_permission(stack, "secretsmanager:GetSecretValue", "ssm:GetParameter"):
            said = call("lengths")
        for name in ("TICKETS_TOKEN", "PARAMETER"):
            assert f"this function has no permission to read the secret {name};" in said
        assert NO_VALUE in call("lengths")
        assert "TICKETS_TOKEN  has no value" in stack.run("admin", "list-secrets")
        command = [sys.executable, "-m", "local", f"--dir={directory}", "admin", "set-secret", "TICKETS_TOKEN"]
        subprocess.run(command, input=f"{TOKEN}\n", cwd=ROOT, text=True, check=True)
        assert json.loads(call("lengths")) == {"url": 27, "token": len(TOKEN), "parameter": 5}
        assert "TICKETS_TOKEN  has a value" in stack.run("admin", "list-secrets")
        assert "failed unexpectedly" in call("leak")
        log = stack.run("logs")
        assert "token=[redacted] failed" in log
        assert TOKEN not in log
