"""What the oauth function needs, and the rotation function, which makes the key that it signs with."""

import json
import time
import uuid
from typing import Any

import jwt

from runtime.oauth.credentials import digest, new_credential
from runtime.prefixes import (
    CLIENT_DOCUMENTS,
    CLIENT_KEYS,
    CLIENTS,
    COUNTERS,
    CUTOFF,
    GRANTS,
    INITIAL_TOKENS,
    ONE_TIME,
    REVOKED,
)
from runtime.records.oauth import FetchedDocument
from runtime.storage.audit_log import CloudWatchAuditLog
from runtime.storage.fetched import DynamoDBFetched
from runtime.storage.initial_tokens import DynamoDBInitialTokens
from runtime.storage.signing_keys import SecretsManagerKeys
from runtime.tokens.rotation import rotate
from tests.e2e.conftest import bearer
from tests.e2e.privilege.need import NO_LINE, OWN_LOG_ACTIONS, Need, Probe, audit, item, log, secret
from tests.e2e.privilege.world import OWN_LOG, SIGNING_KEY, World
from tests.support.keys import private_key, public_jwk

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
SIGNING = {"token_endpoint_auth_method": "private_key_jwt"}
STEPS = ("createSecret", "setSecret", "testSecret", "finishSecret")
HOUR = 3600
METADATA = "/.well-known/oauth-authorization-server"


def log_request(function: str, path: str) -> Probe:
    """Return a probe of the log of a function that answers a request for a page."""

    def probe(world: World) -> None:
        since = world.milliseconds()
        assert world.server.send("GET", path).status_code == 200
        assert world.log_of(function, since), NO_LINE

    return probe


def register(world: World) -> None:
    world.machine()


def issue_token(world: World) -> None:
    world.token()


def register_with_token(world: World) -> None:
    token = new_credential()
    DynamoDBInitialTokens(world.table_as()).add(digest(token), world.now() + HOUR)
    answer = world.server.send("POST", "/dcr", json={"client_name": "invited"}, headers=bearer(token))
    assert answer.status_code in {201, 400}, answer.text


def delete_client(world: World) -> None:
    client = world.machine()
    path = client["registration_client_uri"].removeprefix(world.server.url)
    answer = world.server.send("DELETE", path, headers=bearer(client["registration_access_token"]))
    assert answer.status_code == 204, answer.text


def sign(client_id: str, audience: str) -> dict[str, str]:
    """Return the parameters of a client that authenticates with a key (RFC 7523 2.2)."""
    claims = {
        "iss": client_id,
        "sub": client_id,
        "aud": audience,
        "exp": int(time.time()) + 60,
        "jti": str(uuid.uuid4()),
    }
    signed = jwt.encode(claims, private_key("EC"), algorithm="ES256", headers={"kid": "ec"})
    return {"client_assertion_type": ASSERTION_TYPE, "client_assertion": signed}


def _issue_to_signer(world: World, client: dict[str, Any]) -> None:
    form = {"grant_type": "client_credentials", **sign(client["client_id"], world.server.url)}
    answer = world.server.send("POST", "/token", data=form)
    assert answer.status_code == 200, answer.text


def authenticate_with_key(world: World) -> None:
    _issue_to_signer(world, world.machine(**SIGNING, jwks={"keys": [public_jwk("EC", kid="ec")]}))


def keep(world: World, prefix: str, url: str, document: dict[str, Any]) -> None:
    """Put a document of another server into the cache, as if it had just been fetched."""
    DynamoDBFetched(world.table_as(), prefix).put(
        digest(url), FetchedDocument(document, world.now(), world.now() + HOUR)
    )


def authenticate_with_remote_key(world: World) -> None:
    url = f"https://keys.example.com/{uuid.uuid4()}"
    keep(world, CLIENT_KEYS, url, {"keys": [public_jwk("EC", kid="ec")]})
    _issue_to_signer(world, world.machine(**SIGNING, jwks_uri=url))


def keep_as(function: str, prefix: str) -> Probe:
    """Return a probe that keeps a fetched document as a function does. No function can fetch one on this machine."""

    def probe(world: World) -> None:
        store = DynamoDBFetched(world.table_as(function), prefix)
        store.put(digest("https://example.com"), FetchedDocument({}, world.now(), world.now() + HOUR))

    return probe


def document_client(world: World) -> str:
    """Return the id of a client that is the URL of its metadata document."""
    url = f"https://client.example.com/{uuid.uuid4()}"
    document = {"client_id": url, "client_name": "By document", "redirect_uris": ["https://client.example.com/back"]}
    keep(world, CLIENT_DOCUMENTS, url, document)
    return url


def redeem_for_document(world: World) -> None:
    """The code is unknown, which the server finds out after it has found the client."""
    form = {"grant_type": "authorization_code", "client_id": document_client(world), "code": "x.y"}
    form |= {"code_verifier": "v" * 43, "redirect_uri": "https://client.example.com/back"}
    answer = world.server.send("POST", "/token", data=form)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant"), answer.text


def refresh(world: World) -> None:
    client = world.editor()
    answer = client.refresh(world.sign_in(client)["refresh_token"])
    assert answer.status_code == 200, answer.text


def revoke_grant(world: World) -> None:
    client = world.editor()
    tokens = world.sign_in(client)
    assert client.post("/revoke", token=tokens["refresh_token"]).status_code == 200
    assert client.refresh(tokens["refresh_token"]).status_code == 400


def _as_machine(world: World, path: str) -> Any:
    client = world.machine()
    credentials = (client["client_id"], client["client_secret"])
    return world.server.send("POST", path, data={"token": world.server.token(client)}, auth=credentials)


def introspect(world: World) -> None:
    assert _as_machine(world, "/introspect").json()["active"] is True


def revoke_token(world: World) -> None:
    assert _as_machine(world, "/revoke").status_code == 200


def audit_registration(world: World) -> None:
    since = world.milliseconds()
    world.machine()
    told = [event["event"] for event in world.audit_log(since)]
    assert told == ["client_registered"], f"the audit log has {told}"


def rotate_key(world: World) -> None:
    """A rotation, by the code of the function under its role: the function waits for half a minute if it is refused."""
    key = world.arn_of("aws:secretsmanager/secret:Secret", "signing-key")
    keys = SecretsManagerKeys(key)
    keys._client = world.client_as("rotation", "secretsmanager")
    events = CloudWatchAuditLog(str(world.state.outputs["audit_log"]), time.time)
    events._client = world.client_as("rotation", "logs")
    version, since = str(uuid.uuid4()), world.milliseconds()
    world.aws.client("secretsmanager").put_secret_value(
        SecretId=key, ClientRequestToken=version, VersionStages=["AWSPENDING"]
    )
    for step in STEPS:
        rotate({"Step": step, "SecretId": key, "ClientRequestToken": version}, keys, events)
    told = [event["event"] for event in world.audit_log(since)]
    assert told == ["signing_key_rotated"], f"the audit log has {told}"


def log_rotation(world: World) -> None:
    since = world.milliseconds()
    event = {"Step": "initialise", "SecretId": world.arn_of("aws:secretsmanager/secret:Secret", "signing-key")}
    world.aws.client("lambda").invoke(FunctionName=world.function_name("rotation"), Payload=json.dumps(event))
    assert world.log_of("rotation", since), NO_LINE


REGISTER, TOKEN, DELETE = "a client registers", "a machine client gets a token", "a client deletes its registration"
KEY, REMOTE_KEY = "a client authenticates with a key", "a client authenticates with a key at its `jwks_uri`"
DOCUMENT, REFRESH = "a client is the URL of its metadata document", "a client redeems a code and refreshes its token"
NEEDS: list[Need] = [
    *log("oauth", OWN_LOG_ACTIONS, OWN_LOG, "it writes its log", log_request("oauth", METADATA)),
    *item("oauth", "GetItem", CLIENTS, TOKEN, issue_token),
    *item("oauth", "PutItem", CLIENTS, REGISTER, register),
    *item("oauth", "UpdateItem", CLIENTS, "a client in use stays registered", issue_token),
    *item("oauth", "DeleteItem", CLIENTS, DELETE, delete_client),
    *item("oauth", "GetItem", INITIAL_TOKENS, "a client registers with an initial access token", register_with_token),
    *item("oauth", "UpdateItem", COUNTERS, "registrations are limited", register),
    *item("oauth", "PutItem", ONE_TIME, KEY, authenticate_with_key),
    *item("oauth", "GetItem", REVOKED, "a client asks about a token", introspect),
    *item("oauth", "PutItem", REVOKED, "a client revokes an access token", revoke_token),
    *item("oauth", "GetItem", CLIENT_KEYS, REMOTE_KEY, authenticate_with_remote_key),
    *item("oauth", "PutItem", CLIENT_KEYS, "keys at a `jwks_uri` are kept", keep_as("oauth", CLIENT_KEYS)),
    *item("oauth", "GetItem", CLIENT_DOCUMENTS, DOCUMENT, redeem_for_document),
    *item("oauth", "PutItem", CLIENT_DOCUMENTS, "a metadata document is kept", keep_as("oauth", CLIENT_DOCUMENTS)),
    *item("oauth", "BatchGetItem UpdateItem", GRANTS, REFRESH, refresh),
    *item("oauth", "BatchGetItem", CUTOFF, REFRESH, refresh),
    *item("oauth", "DeleteItem", GRANTS, "a client revokes a refresh token", revoke_grant),
    *secret("oauth", "GetSecretValue", SIGNING_KEY, TOKEN, issue_token),
    audit("oauth", "the audit log has registrations", audit_registration),
    *log("rotation", OWN_LOG_ACTIONS, OWN_LOG, "it writes its log", log_rotation),
    audit("rotation", "the audit log has rotations", rotate_key),
    *secret(
        "rotation",
        "DescribeSecret GetSecretValue PutSecretValue UpdateSecretVersionStage",
        SIGNING_KEY,
        "the signing key rotates",
        rotate_key,
    ),
]
