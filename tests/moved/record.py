"""Record what a server of another framework lists and returns, as JSON, in an environment that has the framework.

    python tests/moved/record.py fastmcp > tests/moved/recorded/fastmcp.json      # fastmcp==4.2.3
    python tests/moved/record.py sdk1 > tests/moved/recorded/sdk1.json            # mcp==1.30.0
    python tests/moved/record.py sdk2 > tests/moved/recorded/sdk2.json            # mcp==2.3.0
    python tests/moved/record.py awslabs > tests/moved/recorded/awslabs.json      # awslabs.mcp-lambda-handler==0.1.15

It needs nothing of this project. ``calls.json`` beside it has the calls, and the answers to their questions.
"""

import asyncio
import importlib
import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

HERE = Path(__file__).parent


def load(name: str) -> ModuleType:
    """Return the original server as a module."""
    module = ModuleType(f"original_{name}")
    sys.modules[module.__name__] = module
    exec(compile((HERE / "originals" / f"{name}.txt").read_text(), f"{name}.txt", "exec"), vars(module))  # noqa: S102  # a file of this project
    return module


def plain(value: Any) -> Any:
    """Return a message of a framework in its wire form."""
    if isinstance(value, list):
        return [plain(each) for each in value]
    return value.model_dump(mode="json", by_alias=True, exclude_none=True) if hasattr(value, "model_dump") else value


async def record_fastmcp(server: Any, wanted: dict[str, Any]) -> dict[str, Any]:
    """Return what a client of FastMCP gets."""
    client_class = importlib.import_module("fastmcp").Client
    result_class = importlib.import_module("fastmcp.client.elicitation").ElicitResult

    async def answer(message: str, _kind: Any, _params: Any, _context: Any) -> Any:
        return result_class(**wanted["answers"][message])

    # FastMCP's context asks no questions on a connection of 2026-07-28.
    async with client_class(server, elicitation_handler=answer, mode="legacy") as client:
        called = [plain(await client.call_tool_mcp(name, arguments)) for name, arguments in wanted["tools"]]
        return await _listed(client, called, wanted)


async def record_sdk(server: Any, wanted: dict[str, Any], version: str) -> dict[str, Any]:
    """Return what a client of the official SDK gets."""
    types = importlib.import_module("mcp.types" if version == "1" else "mcp_types")

    async def answer(_context: Any, params: Any) -> Any:
        return types.ElicitResult(**wanted["answers"][params.message])

    if version == "1":
        connect = importlib.import_module("mcp.shared.memory").create_connected_server_and_client_session
        connection = connect(server, elicitation_callback=answer)
    else:
        connection = importlib.import_module("mcp").Client(server, elicitation_callback=answer)
    async with connection as client:
        called = [plain(await client.call_tool(name, arguments)) for name, arguments in wanted["tools"]]
        return await _listed(client, called, wanted)


async def _listed(client: Any, called: list[Any], wanted: dict[str, Any]) -> dict[str, Any]:
    async def all_of(method: str, member: str) -> Any:
        listed = await getattr(client, method)()
        return plain(list(getattr(listed, member, listed)))

    return {
        "tools": await all_of("list_tools", "tools"),
        "resources": await all_of("list_resources", "resources"),
        "templates": await all_of("list_resource_templates", "resource_templates")
        if not hasattr(await client.list_resource_templates(), "resourceTemplates")
        else plain((await client.list_resource_templates()).resourceTemplates),
        "prompts": await all_of("list_prompts", "prompts"),
        "results": called,
        "read": [await _read(client, uri) for uri in wanted["resources"]],
        "messages": [
            plain((await client.get_prompt(name, arguments)).messages) for name, arguments in wanted["prompts"]
        ],
    }


async def _read(client: Any, uri: str) -> Any:
    read = await client.read_resource(uri)
    return plain(list(getattr(read, "contents", read)))


def record_awslabs(server: Any, wanted: dict[str, Any]) -> dict[str, Any]:
    """Return what the handler answers to HTTP requests."""

    def ask(method: str, **params: Any) -> Any:
        body = {"jsonrpc": "2.0", "id": "1", "method": method, "params": params}
        event = {"headers": {"content-type": "application/json"}, "body": json.dumps(body)}
        answered = json.loads(server.handle_request(event, None)["body"])
        return answered.get("result", answered.get("error"))

    return {
        "tools": ask("tools/list")["tools"],
        "resources": ask("resources/list")["resources"],
        "results": [ask("tools/call", name=name, arguments=arguments) for name, arguments in wanted["tools"]],
        "read": [ask("resources/read", uri=uri)["contents"] for uri in wanted["resources"]],
    }


def main(name: str) -> None:
    """Print the record of one server."""
    wanted = json.loads((HERE / "calls.json").read_text())[name]
    server = load(name).mcp
    if name == "awslabs":
        recorded = record_awslabs(server, wanted)
    elif name == "fastmcp":
        recorded = asyncio.run(record_fastmcp(server, wanted))
    else:
        recorded = asyncio.run(record_sdk(server, wanted, name.removeprefix("sdk")))
    json.dump(recorded, sys.stdout, indent=1, sort_keys=True)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main(sys.argv[1])
