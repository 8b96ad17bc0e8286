"""What the server keeps in its table.

The function behind /mcp answers most requests without it. In a VPC without a route to DynamoDB, it answers everything
but these: they fail when its connections have timed out.
"""

import json
from collections.abc import Mapping

from admin.doctor.finding import Fault, Stopped
from admin.doctor.profile import MODERN_REVISION
from admin.doctor.visit import BOTH_TYPES, Visit
from admin.doctor.web import NoAnswer

SERVER_ERROR = 500
# No task has this id, and the server has to look.
TASK = "doctor"
ADVICE = (
    "Look at the log of the mcp function. If needs.network puts it into a VPC, that needs a route to DynamoDB, and the "
    "security groups must let the function out on port 443: docs/vpc.md."
)


def ask_for_a_task(visit: Visit, authorization: Mapping[str, str]) -> None:
    """Ask for a task that does not exist (MCP 2026-07-28, Tasks). Raise ``Stopped`` if the server cannot look."""
    prefix = "io.modelcontextprotocol/"
    meta = {f"{prefix}protocolVersion": MODERN_REVISION, f"{prefix}clientCapabilities": {}}
    params = {"_meta": meta, "taskId": TASK}
    message = {"jsonrpc": "2.0", "id": 1, "method": "tasks/get", "params": params}
    headers = visit.headers(
        Content_Type="application/json",
        Accept=BOTH_TYPES,
        MCP_Protocol_Version=MODERN_REVISION,
        Mcp_Method="tasks/get",
        Mcp_Name=TASK,
    )
    try:
        answer = visit.web.ask("POST", visit.mcp_url, {**headers, **authorization}, json.dumps(message).encode())
    except NoAnswer as error:
        raise Stopped(
            f"the server does not answer what it keeps in its table: {error}", Fault.SERVER, ADVICE
        ) from error
    if answer.status >= SERVER_ERROR:
        seen = f"the server cannot read its table: POST /mcp for a task: {answer.status} after {answer.seconds:.0f} s"
        raise Stopped(seen, Fault.SERVER, ADVICE)
