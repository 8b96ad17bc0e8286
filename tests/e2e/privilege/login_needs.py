"""What the login function needs."""

from runtime.login.users import MOST_CLIENTS
from runtime.prefixes import (
    CLIENT_DOCUMENTS,
    CLIENT_KEYS,
    CLIENTS,
    COUNTERS,
    CUTOFF,
    GRANTS,
    LOGINS,
    ONE_TIME,
    PUSHED,
    SESSIONS,
    USERS,
)
from runtime.records.login import UserChange, UserGrant
from runtime.records.oauth import Grant
from runtime.storage.users import DynamoDBUsers
from tests.e2e.privilege.need import OWN_LOG_ACTIONS, Need, audit, item, log, secret, together
from tests.e2e.privilege.oauth_needs import SIGNING, document_client, keep, keep_as, log_request, sign
from tests.e2e.privilege.permission import Permission
from tests.e2e.privilege.world import CLIENT_SECRET, OWN_LOG, SIGNING_KEY, World
from tests.support.keys import public_jwk

SUBJECT = "alice"
DAY = 86_400


def sign_in(world: World) -> None:
    """A user approves a client, signs in, and the client gets tokens."""
    world.sign_in(world.editor())


def show_consent(world: World) -> None:
    page = world.user().open(world.editor().url())
    assert page.asks_for_consent, page.text


def show_consent_for_document(world: World) -> None:
    query = {"client_id": document_client(world), "redirect_uri": "https://client.example.com/back"}
    page = world.user().open(world.editor().url(**query))
    assert page.asks_for_consent, page.text


def push(world: World) -> None:
    """A client pushes its request, and the user approves it."""
    client = world.editor()
    answer = client.push()
    assert answer.status_code == 201, answer.text
    query = f"client_id={client.client_id}&request_uri={answer.json()['request_uri']}"
    client.tokens(world.user().authorize(f"{world.server.url}/authorize?{query}")["code"])


def push_with_key(world: World) -> None:
    _push_signed(world, jwks={"keys": [public_jwk("EC", kid="ec")]})


def push_with_remote_key(world: World) -> None:
    url = f"https://keys.example.com/{next(world.numbers)}"
    keep(world, CLIENT_KEYS, url, {"keys": [public_jwk("EC", kid="ec")]})
    _push_signed(world, jwks_uri=url)


def _push_signed(world: World, **metadata: object) -> None:
    client = world.editor(**SIGNING, **metadata)
    asked = client.asking() | sign(client.client_id, world.server.url)
    answer = world.server.send("POST", "/par", data=asked)
    assert answer.status_code == 201, answer.text


def revoke_access(world: World) -> None:
    """A user revokes the access of one client on the account page, and signs out."""
    client, user = world.editor(), world.user()
    tokens = world.sign_in(client, user)
    page = user.open(f"{world.server.url}/account")
    [form] = [each for each in page.forms if each.fields.get("client_id") == client.client_id]
    assert user.submit(page, form, {"action": "revoke"}).status == 200
    assert client.refresh(tokens["refresh_token"]).status_code == 400


def sign_out(world: World) -> None:
    user = world.user()
    world.sign_in(world.editor(), user)
    account = f"{world.server.url}/account"
    page = user.press(user.open(account), "action", "sign_out")
    assert "Sign in to see" in page.text, page.text


def make_room(world: World) -> None:
    """A user whose record is full signs in to one more client: one whose grants have ended makes room."""
    users, until, run = DynamoDBUsers(world.table_as(), world.issuer), world.now() + DAY, next(world.numbers)
    old = {f"old-{run}-{number}": UserGrant(f"client-{number}", 1, until) for number in range(MOST_CLIENTS)}
    grant = Grant(f"ended-{run}", "client-0", "", SUBJECT, "", "", "", "", "", 1, 0, 1, 1)
    users.add_grant(grant, UserChange({}, old, (), (), until))
    try:
        sign_in(world)
    finally:
        users.remove(SUBJECT, [], list(old))


def audit_login(world: World) -> None:
    since = world.milliseconds()
    sign_in(world)
    told = {event["event"] for event in world.audit_log(since)}
    assert "login" in told, f"the audit log has {told} only"


SIGN_IN, CONSENT, PUSH = "a user signs in", "the consent page names the client", "a client pushes its request"
ACCOUNT, KEY = "a user revokes access on the account page", "a client that pushes authenticates with a key"
REMOTE_KEY = "a client that pushes authenticates with a key at its `jwks_uri`"
NEEDS: list[Need] = [
    *log("login", OWN_LOG_ACTIONS, OWN_LOG, "it writes its log", log_request("login", "/account")),
    *item("login", "GetItem", CLIENTS, CONSENT, show_consent),
    *item("login", "PutItem", ONE_TIME, KEY, push_with_key),
    *item("login", "UpdateItem", COUNTERS, "authorization requests are limited", sign_in),
    *item("login", "BatchGetItem", GRANTS, "a user with many clients signs in to one more", make_room),
    *item("login", "DeleteItem", GRANTS, ACCOUNT, revoke_access),
    *item("login", "PutItem DeleteItem", LOGINS, SIGN_IN, sign_in),
    *item("login", "GetItem PutItem UpdateItem", PUSHED, PUSH, push),
    *item("login", "BatchGetItem", SESSIONS, ACCOUNT, revoke_access),
    *item("login", "BatchGetItem", CUTOFF, ACCOUNT, revoke_access),
    *item("login", "PutItem", SESSIONS, SIGN_IN, sign_in),
    *item("login", "DeleteItem", SESSIONS, "a user signs out", sign_out),
    *item("login", "GetItem", CLIENT_KEYS, REMOTE_KEY, push_with_remote_key),
    *item("login", "PutItem", CLIENT_KEYS, "keys at a `jwks_uri` are kept", keep_as("login", CLIENT_KEYS)),
    *item(
        "login", "GetItem", CLIENT_DOCUMENTS, "a client is the URL of its metadata document", show_consent_for_document
    ),
    *item("login", "PutItem", CLIENT_DOCUMENTS, "a metadata document is kept", keep_as("login", CLIENT_DOCUMENTS)),
    *item("login", "GetItem", USERS, SIGN_IN, sign_in),
    *item("login", "UpdateItem", USERS, ACCOUNT, revoke_access),
    *together("login", "PutItem UpdateItem", GRANTS, SIGN_IN, sign_in),
    *together("login", "PutItem UpdateItem", USERS, SIGN_IN, sign_in),
    *secret("login", "GetSecretValue", SIGNING_KEY, CONSENT, show_consent),
    Need(
        Permission("login", "secretsmanager:GetSecretValue", CLIENT_SECRET),
        SIGN_IN,
        sign_in,
        fresh=True,
        sign="its client secret cannot be read",
    ),
    audit("login", "the audit log has logins", audit_login),
]
