"""An update of a running stack: code and configuration change at one moment, and no request fails meanwhile."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import requests

from tests.e2e.conftest import Server
from tests.support.local_stack import EXAMPLE_APP, LocalStack

pytestmark = pytest.mark.stack

LIST = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "tools/list",
    "params": {
        "_meta": {
            "io.modelcontextprotocol/protocolVersion": "2026-07-28",
            "io.modelcontextprotocol/clientInfo": {"name": "test", "version": "1"},
            "io.modelcontextprotocol/clientCapabilities": {},
        }
    },
}
HEADERS = {"MCP-Protocol-Version": "2026-07-28", "Mcp-Method": "tools/list"}
OLD, NEW = ({"appModule": EXAMPLE_APP, "serverName": "old"}, {"appModule": "tests.e2e.tasks_app", "serverName": "new"})


@dataclass(frozen=True)
class Update:
    """A stack after an update, and the answers it gave from before the update until after it."""

    stack: LocalStack
    answers: list[requests.Response]


@pytest.fixture(scope="module")
def update(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Update]:
    directory = tmp_path_factory.mktemp("update") / "stack"
    with LocalStack(directory, config=OLD):
        stack = LocalStack(directory, config=NEW)
        server = Server(stack.outputs["url"], directory)
        token = server.token(server.register())
        answers = [server.rpc(token, LIST, **HEADERS)]
        done = threading.Event()

        def ask() -> None:
            while not done.is_set():
                answers.append(server.rpc(token, LIST, **HEADERS))

        asking = threading.Thread(target=ask)
        asking.start()
        try:
            stack.up()
        finally:
            done.set()
            asking.join()
        answers.append(server.rpc(token, LIST, **HEADERS))
        yield Update(stack, answers)


def describe(answer: requests.Response) -> tuple[str, bool]:
    """Return the server's name, which is configuration, and whether it has the new tools, which are code."""
    result = answer.json()["result"]
    names = {tool["name"] for tool in result["tools"]}
    return result["_meta"]["io.modelcontextprotocol/serverInfo"]["name"], "slow_sum" in names


def test_no_request_fails_during_an_update(update: Update) -> None:
    assert {answer.status_code for answer in update.answers} == {200}


def test_code_and_configuration_change_at_one_moment(update: Update) -> None:
    seen = [describe(answer) for answer in update.answers]
    assert (seen[0], seen[-1]) == (("old", False), ("new", True))
    assert set(seen) == {seen[0], seen[-1]}


def test_every_alias_names_the_version_that_was_published_last(update: Update) -> None:
    client = update.stack.client("lambda")
    for function in client.list_functions()["Functions"]:
        name = function["FunctionName"]
        versions = client.list_versions_by_function(FunctionName=name)["Versions"]
        published = [int(version["Version"]) for version in versions if version["Version"] != "$LATEST"]
        assert client.get_alias(FunctionName=name, Name="live")["FunctionVersion"] == str(max(published)), name
        # The name of the server is on the pages of the login, too. The other functions are what they were.
        assert max(published) == (2 if name.endswith(("-mcp", "-worker", "-login")) else 1), name
