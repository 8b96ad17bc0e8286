"""``make dev``: a change is there as soon as it is saved, for the official SDK in both eras."""

import asyncio
import re
import signal
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import mcp_types as types
import pytest
import requests
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.exceptions import MCPError

from local.dev.__main__ import main

ROOT = Path(__file__).resolve().parents[2]
ERAS = ["legacy", "2026-07-28"]
APP = """from runtime.app import tools
from runtime.authoring import App

app = App(modules=[tools])
"""
TOOLS = '''import os

from runtime.app.numbers import NUMBER
from runtime.authoring import Context, secret, tool

OK = {"type": "object", "properties": {"ok": {"type": "boolean"}}}


@tool
def number() -> str:
    """Return a number."""
    return f"{NUMBER} {secret('UNIT')}"


@tool(scopes=["admin"])
def confirm(context: Context) -> str:
    """Ask whether it is right."""
    return f"{context.subject} {context.elicit('Sure?', OK).content}"


@tool(task="optional")
def end() -> str:
    """End the process."""
    os._exit(3)
'''


class Served:
    """A running ``make dev``, its files and what it has printed so far."""

    def __init__(self, folder: Path) -> None:
        self.app = folder / "app"
        self.env_file = folder / ".env"
        self.app.mkdir()
        self.write("__init__.py", APP)
        self.write("tools.py", TOOLS)
        self.write("numbers.py", "NUMBER = 1\n")
        self.env_file.write_text("UNIT=apples\n")
        command = ["-m", "local.dev", "--port=0", f"--directory={self.app}", f"--env-file={self.env_file}"]
        self.process = subprocess.Popen(
            [sys.executable, *command], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        self.printed: list[str] = []
        self._news = threading.Condition()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self.url = self.wait_for(r"MCP URL  (\S+)")

    def write(self, name: str, text: str) -> None:
        (self.app / name).write_text(text)

    def wait_for(self, pattern: str) -> str:
        """Wait until something is printed, and return its first group."""
        with self._news:
            found = self._news.wait_for(lambda: re.findall(pattern, "".join(self.printed)), timeout=60)
        assert found, self.printed
        return str(found[-1])

    def stop(self) -> None:
        self.process.send_signal(signal.SIGINT)
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(30) == 0
        self._reader.join()
        assert self.process.stdout is not None
        self.process.stdout.close()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            with self._news:
                self.printed.append(line)
                self._news.notify_all()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    served = Served(tmp_path_factory.mktemp("dev"))
    yield served
    served.stop()
    assert "Exception" not in "".join(served.printed[-20:])
    with pytest.raises(requests.ConnectionError):
        requests.get(served.url, timeout=60)


@asynccontextmanager
async def connected(served: Served, mode: str) -> AsyncIterator[Client]:
    async def answer(context: Any, params: Any) -> types.ElicitResult:
        return types.ElicitResult(action="accept", content={"ok": True})

    async with Client(streamable_http_client(served.url), mode=mode, elicitation_callback=answer) as client:
        yield client


async def call(client: Client, name: str) -> str:
    """Return the text of a result, or the message of an error."""
    try:
        result = await client.call_tool(name, {})
    except MCPError as error:
        return str(error)
    [block] = result.content
    assert isinstance(block, types.TextContent)
    return block.text


async def until(client: Client, name: str, expected: Callable[[str], bool]) -> str:
    """Call until the answer is as expected."""
    async with asyncio.timeout(60):
        while True:
            if expected(text := await call(client, name)):
                return text
            # The two processes need the processor more than this one.
            await asyncio.sleep(0.05)


@pytest.mark.parametrize("mode", ERAS)
def test_a_connected_client_gets_each_change_and_each_error(served: Served, mode: str) -> None:
    async def edit() -> None:
        served.write("numbers.py", "NUMBER = 1\n")
        async with connected(served, mode) as client:
            await until(client, "number", lambda text: text == "1 apples")
            # Of the same length in the same second: what Python has compiled must not count.
            for number in (2, 3):
                served.write("numbers.py", f"NUMBER = {number}\n")
                await until(client, "number", lambda text, number=number: text == f"{number} apples")  # type: ignore[misc]
            served.write("numbers.py", "NUMBER = \n")
            text = await until(client, "number", lambda text: "SyntaxError" in text)
            assert f"{served.app}/numbers.py:1: SyntaxError: invalid syntax" in text
            served.write("numbers.py", "UNIT = 1\n")
            text = await until(client, "number", lambda text: "ImportError" in text)
            assert f"{served.app}/tools.py:3: ImportError: cannot import name 'NUMBER'" in text
            served.write("numbers.py", "NUMBER = 4\n")
            await until(client, "number", lambda text: text == "4 apples")
            assert await call(client, "confirm") == "developer {'ok': True}"

    asyncio.run(edit())
    assert f"error: {served.app}/numbers.py:1: SyntaxError" in "".join(served.printed)


def test_secrets_come_from_a_file_that_may_change(served: Served) -> None:
    async def edit() -> None:
        async with connected(served, "legacy") as client:
            served.env_file.write_text("UNIT='pears'\n")
            await until(client, "number", lambda text: text.endswith(" pears"))
            served.env_file.unlink()
            await until(client, "number", lambda text: "the secret UNIT has no value: write NAME=value" in text)
            served.env_file.write_text("UNIT=apples\n")
            await until(client, "number", lambda text: text.endswith(" apples"))

    asyncio.run(edit())


def test_an_app_that_ends_its_process_starts_again(served: Served) -> None:
    message: Any = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "end"}}
    accept = {"Accept": "application/json, text/event-stream"}
    with pytest.raises(requests.ConnectionError):
        requests.post(served.url, json=message, headers=accept, timeout=60)
    served.wait_for("(ended with status 3)")
    message["params"] = {"name": "number"}
    assert requests.post(served.url, json=message, headers=accept, timeout=60).json()["result"]["isError"] is False


def test_other_names_and_pages_of_other_sites_get_nothing(served: Served) -> None:
    """DNS rebinding, and MCP 2026-07-28, Streamable HTTP, Security & Endpoint."""
    message: Any = {"jsonrpc": "2.0", "id": 1, "method": "ping"}

    def post(**headers: str) -> requests.Response:
        return requests.post(served.url, json=message, headers=headers, timeout=60)

    port = served.url.split(":")[2].split("/")[0]
    assert post(Host=f"evil.example:{port}").status_code == 403
    assert post(Host="127.0.0.1").status_code == 403
    assert post(Host=f"localhost:{port}").json()["result"] == {}
    assert post(Origin="https://evil.example").status_code == 403
    inspector = post(Origin="http://localhost:6274")
    assert (inspector.status_code, inspector.headers["Access-Control-Allow-Origin"]) == (200, "*")
    preflight = requests.options(served.url, headers={"Origin": "http://localhost:6274"}, timeout=60)
    assert (preflight.status_code, preflight.headers["Access-Control-Allow-Headers"]) == (204, "*, Authorization")
    assert requests.get(served.url.replace("/mcp", "/.well-known/x"), timeout=60).status_code == 404
    assert requests.get(served.url, timeout=60).status_code == 405


def test_a_port_that_is_taken_is_named(served: Served, capsys: pytest.CaptureFixture[str]) -> None:
    port = served.url.split(":")[2].split("/")[0]
    assert main([f"--port={port}"]) == 1
    assert capsys.readouterr().err == f"error: port {port} is taken; choose another one with PORT=8001\n"
