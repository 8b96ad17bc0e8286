"""A server with clients and users in the middle of what they do, and what they hold in their hands.

``world.json`` has it as the last release left it; ``test_migration.py`` goes on with it.
"""

import json
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Self

from runtime.authoring import Context, tool
from runtime.login.endpoints import endpoints as login_endpoints
from runtime.oauth.clients.access import client_access
from runtime.oauth.endpoints import endpoints as oauth_endpoints
from runtime.oauth.remote.fetch import Fetcher
from runtime.records.keys import CURRENT
from runtime.storage.grants import DynamoDBGrants
from runtime.storage.table import Table
from runtime.storage.token_status import DynamoDBTokenStatus
from runtime.tokens.access_tokens import Tokens
from runtime.tokens.authorizer import Authorizer
from runtime.tokens.denials import Denials
from runtime.tokens.key_ring import KeyRing
from tests.memory.audit_log import MemoryAuditLog
from tests.memory.keys import MemoryKeys
from tests.support.login import (
    PROVIDER,
    PUBLIC,
    VERIFIER,
    Browser,
    Provider,
    approve,
    asking,
    come_back,
    forward_url,
    redirect_parameters,
)
from tests.unit import conftest as unit
from tests.unit.login import conftest as login
from tests.unit.mcp.conftest import Server, app_of, events, result

FILE = Path(__file__).with_name("world.json")
# Of nothing but these tests.
KEY = "released-" * 9
LASTING = {**PUBLIC, "grant_types": ["authorization_code", "refresh_token"]}
MACHINE = {"client_name": "Reports", "grant_types": ["client_credentials"]}
CAN: dict[str, Any] = {"extensions": {"io.modelcontextprotocol/tasks": {}}, "elicitation": {}}
OK = {"type": "object", "properties": {"ok": {"type": "boolean"}}, "required": ["ok"]}


@tool(task="optional")
def confirm(context: Context) -> str:
    """Ask, and say what the answer was."""
    return str(context.elicit("Sure?", OK, key="sure").content)


class World:
    """The functions of a server over one table and one key. All of them have the same clock, which stands still."""

    def __init__(self, table: Table) -> None:
        self.clock = unit.Clock()
        self.keys = MemoryKeys()
        self.keys.put("released", KEY, CURRENT)
        self._ring = KeyRing(self.keys, self.clock)
        self._table = table
        audit = MemoryAuditLog(self.clock)
        settings = replace(_of(unit.settings), interactive=True, identity_provider=PROVIDER)
        grants = DynamoDBGrants(table, self.clock, PROVIDER)
        stores = _of(unit.stores, table, grants, audit, self.clock)
        self._tokens = Tokens(settings.issuer, settings.resource, self._ring, self.clock, unit.CACHE_SECONDS)
        fetching = Fetcher(lambda _host, _port: [])
        self.oauth = unit.sender(oauth_endpoints(settings, stores, self._tokens, fetching, self.clock))
        about = _of(login.login_settings)
        authenticate = client_access(about, stores, fetching, self.clock)[1]
        shared = _of(login.login_stores, stores, table, grants)
        pages = login_endpoints(about, shared, self._ring, authenticate, Provider(), self.clock)
        self.browser = Browser(unit.sender(pages))
        self.mcp = Server(app_of(confirm), self.clock, table=table)  # type: ignore[arg-type]  # it needs a table only
        self._denials = Denials(lambda: audit, self.clock)

    def authorize(self, token: str) -> dict[str, str] | None:
        """Return what the authorizer says of a token to the mcp function, or ``None`` if it denies the token."""
        statuses = DynamoDBTokenStatus(self._table, self.clock, PROVIDER)
        settings = unit.authorizer_settings(identity_provider=PROVIDER)
        authorizer = Authorizer(self._tokens, self._ring, statuses, settings, self._denials)
        event = unit.event("POST", "/mcp", headers={"Authorization": f"Bearer {token}"})
        answer = authorizer.authorize({**event, "methodArn": "arn:aws:execute-api:r:1:api/dev/POST/mcp"})
        allowed = answer["policyDocument"]["Statement"][0]["Effect"] == "Allow"
        return dict(answer["context"]) if allowed else None

    def token(self, client: dict[str, Any], **form: str) -> dict[str, Any]:
        """Return the answer to a token request of a public client."""
        return self.oauth("POST", "/token", form={"client_id": client["client_id"], **form})

    def log_in(self, client: dict[str, Any]) -> str:
        """Return the code that a client gets when its user approves it and logs in."""
        page = self.browser.get("/authorize", asking(client, prompt="consent"))
        return redirect_parameters(come_back(self.browser, forward_url(approve(self.browser, page))))["code"]


@dataclass
class Held:
    """What the people and clients hold: registrations, tokens, a code, a cookie, and what waits for them."""

    machine: dict[str, Any]
    machine_token: str
    editor: dict[str, Any]
    editor_tokens: dict[str, Any]
    other_tokens: dict[str, Any]
    code: str
    cookies: dict[str, str]
    task: str
    stream: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def begin(cls, world: World) -> Self:
        """Register clients, log in, get tokens, and begin a task and a call that ask their user."""
        machine = world.oauth("POST", "/dcr", json=MACHINE)["json"]
        credentials = unit.basic(machine["client_id"], machine["client_secret"])
        form = {"grant_type": "client_credentials"}
        machine_token = world.oauth("POST", "/token", form=form, headers=credentials)["json"]["access_token"]
        editor = world.oauth("POST", "/dcr", json=LASTING)["json"]
        tokens, others = (
            world.token(editor, grant_type="authorization_code", code=world.log_in(editor), code_verifier=VERIFIER)
            for _ in range(2)
        )
        caller = world.authorize(tokens["json"]["access_token"])
        started = result(world.mcp.modern("tools/call", {"name": "confirm"}, capabilities=CAN, authorizer=caller))
        session = world.mcp.session({"elicitation": {}}, authorizer=caller)
        sent = events(world.mcp.legacy("tools/call", {"name": "confirm"}, id=7, headers=session, authorizer=caller))
        [question] = [event["data"]["id"] for event in sent if event["data"] and "id" in event["data"]]
        stream = {"last": sent[-1]["id"], "question": question}
        code = world.log_in(editor)
        cookies = dict(world.browser.cookies)
        return cls(
            machine, machine_token, editor, tokens["json"], others["json"], code, cookies, started["taskId"], stream
        )


def save(items: dict[str, Any], held: Held, version: str) -> None:
    """Record the world. ``items`` are as DynamoDB has them, by key."""
    recorded = {"version": version, "items": items, "held": asdict(held)}
    FILE.write_text(json.dumps(recorded, indent=1, sort_keys=True) + "\n")


def _of(fixture: Any, *arguments: Any) -> Any:
    """Return what a fixture of the unit tests makes."""
    return fixture.__wrapped__(*arguments)
