"""The audit log has no gaps: a walk through every operation that changes access, watching every write."""

import functools
import io
import time
from collections.abc import Callable
from typing import Any, get_args

import boto3
import pytest

from admin.__main__ import main
from runtime import prefixes
from runtime.audit import EventName
from runtime.login.provider.identity import NotAllowed
from runtime.login.users import MOST_GRANTS_OF_ONE_CLIENT
from runtime.oauth.credentials import new_credential
from runtime.oauth.stores import Stores
from runtime.storage.audit_log import CloudWatchAuditLog
from runtime.storage.signing_keys import SecretsManagerKeys
from runtime.storage.table import DynamoDBTable
from runtime.storage.token_status import DynamoDBTokenStatus
from runtime.tokens.access_tokens import Tokens
from runtime.tokens.authorizer import Authorizer
from runtime.tokens.denials import Denials
from runtime.tokens.key_ring import KeyRing
from runtime.tokens.rotation import rotate
from tests.support.audit_walk import MEANS, OF_MCP, STATE, Walk, watch_writes
from tests.support.aws import audit_events, create_audit_log, create_table
from tests.support.login import (
    VERIFIER,
    WEBSITE,
    Browser,
    Provider,
    approve,
    asking,
    come_back,
    fields,
    forward_url,
    log_in,
    redirect_parameters,
)
from tests.unit.conftest import Clock, Send, authorizer_settings, basic

MACHINE = {"client_name": "robot", "grant_types": ["client_credentials"]}


Operate = Callable[..., str]


@pytest.fixture
def table(aws: None) -> DynamoDBTable:
    return create_table()


@pytest.fixture
def audit(aws: None) -> CloudWatchAuditLog:
    return create_audit_log(time.time)


@pytest.fixture
def keys(aws: None) -> SecretsManagerKeys:
    return SecretsManagerKeys(boto3.client("secretsmanager").create_secret(Name="signing-key")["ARN"])


@pytest.fixture
def walk(monkeypatch: pytest.MonkeyPatch, audit: CloudWatchAuditLog) -> Walk:
    return Walk(watch_writes(monkeypatch))


@pytest.fixture
def operate(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Operate:
    """Run a command of ``python -m admin`` with standard input, and return what it prints."""

    def run(standard_input: str, *arguments: str) -> str:
        monkeypatch.setattr("sys.stdin", io.StringIO(standard_input))
        assert main(["--table", "table", "--audit-log", "audit", *arguments]) == 0
        return capsys.readouterr().out

    return run


@pytest.fixture
def deny(
    table: DynamoDBTable, keys: SecretsManagerKeys, tokens: Tokens, stores: Stores, clock: Clock
) -> Callable[[], Any]:
    """Send an invalid token to the authorizer."""
    statuses = DynamoDBTokenStatus(table, clock)
    authorizer = Authorizer(
        tokens, KeyRing(keys, clock), statuses, authorizer_settings(), Denials(lambda: stores.audit, clock)
    )
    headers = {"Authorization": "Bearer x"}
    request = {"methodArn": "a/b/GET/mcp", "headers": headers, "requestContext": {"requestId": "r"}}
    return lambda: authorizer.authorize(request)


def walk_as_operator(walk: Walk, operate: Operate) -> None:
    boto3.client("secretsmanager").create_secret(Name="upstream")
    token = walk.step(lambda: operate("", "make-initial-token"), "initial_token_made")
    walk.step(lambda: operate(token, "revoke-initial-token"), "initial_token_revoked")
    walk.step(lambda: operate("hush", "set-upstream-secret", "upstream"), "upstream_secret_set")
    walk.step(lambda: operate("hush", "set-secret", "TOKEN", "--arn", "upstream"), "app_secret_set")
    with pytest.raises(AssertionError):
        operate("hush", "set-upstream-secret", "nowhere")
    walk.events = [event["event"] for event in audit_events()]
    assert walk.events[-1] == "command_failed"


def walk_through_an_incident(walk: Walk, operate: Operate, client: dict[str, Any]) -> None:
    for command in ("list-clients", "list-access"):
        walk.step(functools.partial(operate, "", command))
    walk.step(lambda: operate("", "show-client", client["client_id"]))
    for command, event in (("disable-client", "client_disabled"), ("enable-client", "client_enabled")):
        walk.step(functools.partial(operate, "", command, client["client_id"], "--yes"), event)
    walk.step(lambda: operate("", "remove-user", "--email", "Alice@example.com", "--yes"), "user_removed")
    walk.step(lambda: operate("", "revoke-issued-before", "now", "--yes"), "all_revoked")
    secret = boto3.client("secretsmanager").create_secret(Name="leaked-key", SecretString=new_credential())["ARN"]
    rotate_now = ("--signing-key", secret, "rotate-signing-key", "--yes")
    walk.step(lambda: operate("", *rotate_now), "signing_key_rotation_started")


def walk_as_rotation(walk: Walk, audit: CloudWatchAuditLog) -> None:
    keys = SecretsManagerKeys(boto3.client("secretsmanager").create_secret(Name="other-key")["ARN"])
    walk.step(lambda: rotate({"Step": "initialise", "SecretId": ""}, keys, audit), "signing_key_made")
    version = "1" * 36

    def rotate_key() -> None:
        keys.put(version, new_credential(), "AWSPENDING")
        for step in ("createSecret", "setSecret", "testSecret", "finishSecret"):
            rotate({"Step": step, "SecretId": "", "ClientRequestToken": version}, keys, audit)

    walk.step(rotate_key, "signing_key_rotated")


def walk_as_machine(walk: Walk, send: Send) -> None:
    client = walk.step(lambda: send("POST", "/dcr", json=MACHINE), "client_registered")["json"]
    proof = basic(client["client_id"], client["client_secret"])

    def post(path: str, proof: dict[str, str], **form: str) -> dict[str, Any]:
        return send("POST", path, form=form, headers=proof)

    def manage(method: str, of: dict[str, Any], **parts: Any) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {of['registration_access_token']}"}
        path = {"clientId": client["client_id"]}
        return send(method, "/clients/{clientId}", headers=headers, path_parameters=path, **parts)

    grant = {"grant_type": "client_credentials"}
    token = walk.step(lambda: post("/token", proof, **grant), "token_issued")["json"]["access_token"]
    walk.step(lambda: post("/introspect", proof, token=token))
    walk.step(lambda: post("/revoke", proof, token=token), "token_revoked")
    walk.step(lambda: post("/token", basic(client["client_id"], "guess"), **grant), "refused")
    walk.step(lambda: manage("GET", client))
    asked = {**MACHINE, "client_id": client["client_id"]}
    events = ("client_replaced", "registration_token_rotated")
    updated = walk.step(lambda: manage("PUT", client, json=asked), *events)["json"]
    walk.step(lambda: manage("DELETE", updated), "client_deleted")


def refuse(walk: Walk, browser: Browser, client: dict[str, Any], idp: Provider) -> None:
    """Deny the client, then approve it, and be refused by the provider."""
    page = walk.step(lambda: browser.get("/authorize", asking(client)))
    walk.step(lambda: approve(browser, page, "deny"), "consent_denied")
    left = walk.step(lambda: approve(browser, page), "consent_given")
    idp.problem = NotAllowed("no")
    walk.step(lambda: come_back(browser, forward_url(left)), "login_refused")
    idp.problem = None


def sign_in(walk: Walk, browser: Browser, client: dict[str, Any]) -> dict[str, Any]:
    """Approve a pushed request, and return the token request for its code."""
    asked = asking(client, prompt="consent")
    pushed = walk.step(lambda: browser.send("POST", "/par", form=asked), "request_pushed")["json"]
    reference = {"client_id": client["client_id"], "request_uri": pushed["request_uri"]}
    page = walk.step(lambda: browser.get("/authorize", reference))
    left = walk.step(lambda: approve(browser, page), "consent_given")
    code = redirect_parameters(walk.step(lambda: come_back(browser, forward_url(left)), "login"))["code"]
    form = {"grant_type": "authorization_code", "code": code, "code_verifier": VERIFIER}
    return {**form, "redirect_uri": WEBSITE, "client_id": client["client_id"]}


def walk_as_client_of_a_user(walk: Walk, send: Send, form: dict[str, Any], clock: Clock) -> None:
    """Get and refresh tokens, and reuse a code and a refresh token."""
    issued = walk.step(lambda: send("POST", "/token", form=form), "token_issued")["json"]
    renewal = {"grant_type": "refresh_token", "refresh_token": issued["refresh_token"]}
    renewal["client_id"] = form["client_id"]
    walk.step(lambda: send("POST", "/token", form=renewal), "token_issued")
    clock.now += 3600
    walk.step(lambda: send("POST", "/token", form=renewal), "refresh_token_reused")


def walk_until_a_grant_is_displaced(walk: Walk, browser: Browser, client: dict[str, Any], clock: Clock) -> None:
    for _ in range(MOST_GRANTS_OF_ONE_CLIENT):
        clock.now += 60
        log_in(browser, client, prompt="consent")
    walk.events = [event["event"] for event in audit_events()]
    clock.now += 60
    events = ("consent_given", "login", "grant_displaced")
    walk.step(lambda: log_in(browser, client, prompt="consent"), *events)


def walk_through_the_account(walk: Walk, browser: Browser) -> None:
    def act(action: str) -> dict[str, Any]:
        proof = fields(browser.get("/account"))["proof"]
        return browser.post("/account", {"proof": proof, "action": action})

    walk.step(lambda: act("revoke_all"), "access_revoked")
    walk.step(lambda: act("sign_out"), "signed_out")
    left = walk.step(lambda: act("sign_in"))
    walk.step(lambda: come_back(browser, forward_url(left)), "login")


@pytest.fixture
def walk_as_user(
    walk: Walk,
    browser: Browser,
    users_send: Send,
    lasting: dict[str, Any],
    idp: Provider,
    clock: Clock,
) -> Callable[[], None]:
    walk.events = [event["event"] for event in audit_events()]

    def every_way() -> None:
        refuse(walk, browser, lasting, idp)
        walk_as_client_of_a_user(walk, users_send, sign_in(walk, browser, lasting), clock)
        form = sign_in(walk, browser, lasting)
        walk.step(lambda: users_send("POST", "/token", form=form), "token_issued")
        walk.step(lambda: users_send("POST", "/token", form=form), "code_replayed")
        walk_until_a_grant_is_displaced(walk, browser, lasting, clock)
        walk_through_the_account(walk, browser)

    return every_way


@pytest.mark.slow
def test_every_change_of_who_may_do_what_leaves_its_event_and_every_event_is_left_by_something(
    walk: Walk,
    walk_as_user: Callable[[], None],
    users_send: Send,
    operate: Operate,
    deny: Callable[[], Any],
    audit: CloudWatchAuditLog,
    lasting: dict[str, Any],
) -> None:
    walk_as_operator(walk, operate)
    walk_as_machine(walk, users_send)
    walk_as_user()
    walk_through_an_incident(walk, operate, lasting)
    walk.step(deny, "access_denied")
    walk_as_rotation(walk, audit)
    boto3.client("dynamodb").delete_table(TableName="table")
    walk.step(lambda: users_send("POST", "/dcr", json=MACHINE), "failed")
    assert set(walk.written) - MEANS == STATE
    assert set(walk.events) == set(get_args(EventName))


def test_every_kind_of_record_is_one_whose_changes_are_told_or_need_not_be() -> None:
    """Add a new kind of record to one of the sets above."""
    declared = {value.removesuffix("#") for name, value in vars(prefixes).items() if name.isupper()}
    assert declared | {"secret"} == STATE | MEANS | OF_MCP
