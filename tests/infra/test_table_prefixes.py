"""Tests of the keys of the table that each function can reach."""

import fnmatch
import json
import time
from typing import Any

import pytest

from runtime.prefixes import CLIENT_DOCUMENTS, CLIENT_KEYS
from runtime.records.login import Login, Session, UserChange
from runtime.records.mcp import Exchange, Principal, Task
from runtime.records.oauth import Client, FetchedDocument, Grant
from runtime.storage.clients import DynamoDBClients
from runtime.storage.counters import DynamoDBCounters
from runtime.storage.cutoff import DynamoDBCutoff
from runtime.storage.documents import exchange_store, task_store
from runtime.storage.fetched import DynamoDBFetched
from runtime.storage.initial_tokens import DynamoDBInitialTokens
from runtime.storage.levels import DynamoDBLevels
from runtime.storage.logins import DynamoDBLogins, DynamoDBPushedRequests, DynamoDBSessions
from runtime.storage.marks import DynamoDBOneTimeIds, DynamoDBRevocations
from runtime.storage.users import DynamoDBUsers
from tests.infra.policies import allowed_resources, logging, permits, statements
from tests.infra.recorder import Stack, arn
from tests.memory.table import MemoryTable

# A login writes these together: a new grant, and its entry in the record of its user.
TOGETHER = {"dynamodb:PutItem": "grant#1", "dynamodb:UpdateItem": "person#1"}


def in_transaction(statement: dict[str, Any]) -> bool:
    """Whether a statement is for the writes of a transaction only."""
    return "dynamodb:EnclosingOperation" in json.dumps(statement.get("Condition", {}))


def leading_keys(stack: Stack, function: str, stage: str = "dev") -> dict[str, list[str]]:
    """Return the patterns of partition keys that a function can reach, with the actions on their items."""
    reached: dict[str, list[str]] = {}
    for statement in statements(stack, f"{stage}-{function}-policy"):
        if statement["Action"][0].startswith("dynamodb:") and not in_transaction(statement):
            assert list(statement["Condition"]) == ["ForAllValues:StringLike"]
            [(key, patterns)] = statement["Condition"]["ForAllValues:StringLike"].items()
            assert key == "dynamodb:LeadingKeys"
            actions = [action.removeprefix("dynamodb:").removesuffix("Item") for action in statement["Action"]]
            for pattern in patterns:
                reached[pattern] = reached.get(pattern, []) + actions
    return reached


@pytest.mark.parametrize(
    ("function", "prefixes"),
    [
        ("authorizer", {f"{kind}#*": ["BatchGet"] for kind in ("client", "revoked", "grant", "cutoff")}),
        (
            "oauth",
            {
                "client#*": ["Get", "Put", "Update", "Delete"],
                "initial#*": ["Get"],
                "rate#*": ["Update"],
                "once#*": ["Put"],
                "revoked#*": ["Get", "Put"],
                "grant#*": ["Update", "Delete", "BatchGet"],
                "keys#*": ["Get", "Put"],
                "document#*": ["Get", "Put"],
                "cutoff#*": ["BatchGet"],
            },
        ),
        ("mcp", {key: ["Get", "Put"] for key in ("exchange#*", "level#*", "task#*")}),
        ("worker", {"task#*": ["Get", "Put"]}),
    ],
)
def test_the_table_is_reached_by_the_prefixes_of_a_function_only(
    stack: Stack, function: str, prefixes: dict[str, list[str]]
) -> None:
    assert leading_keys(stack, function) == prefixes


def test_the_login_reaches_what_it_keeps_where_users_log_in_and_nothing_where_nobody_does(
    stack: Stack, custom_stack: Stack
) -> None:
    assert leading_keys(custom_stack, "login", "prod") == {
        "client#*": ["Get"],
        "once#*": ["Put"],
        "rate#*": ["Update"],
        "grant#*": ["Delete", "BatchGet"],
        "cutoff#*": ["BatchGet"],
        "login#*": ["Put", "Delete"],
        "par#*": ["Get", "Put", "Update"],
        "session#*": ["Put", "Delete", "BatchGet"],
        "person#*": ["Get", "Update"],
        "keys#*": ["Get", "Put"],
        "document#*": ["Get", "Put"],
    }
    readable = allowed_resources(custom_stack, "prod-login-policy")["secretsmanager:GetSecretValue"]
    assert readable == [arn("Secret", f"remote-mcp-prod-{name}") for name in ("signing-key", "upstream-secret")]
    assert allowed_resources(stack, "dev-login-policy") == logging("login")


@pytest.mark.parametrize("reading", ["its own key", "the keys of all writes", "no key"])
@pytest.mark.parametrize("action", TOGETHER)
def test_a_login_writes_a_grant_and_its_user_together_however_aws_fills_in_the_keys(
    custom_stack: Stack, action: str, reading: str
) -> None:
    """AWS documents ``dynamodb:LeadingKeys`` for single operations only."""
    keys = {"its own key": [TOGETHER[action]], "the keys of all writes": [*TOGETHER.values()], "no key": []}[reading]
    context = {"dynamodb:EnclosingOperation": ["TransactWriteItems"], "dynamodb:LeadingKeys": keys}
    assert any(permits(each, action, context) for each in statements(custom_stack, "prod-login-policy"))


def test_a_transaction_permits_nothing_outside_of_one_and_no_other_items(custom_stack: Stack) -> None:
    [together] = [each for each in statements(custom_stack, "prod-login-policy") if in_transaction(each)]
    enclosing = {"dynamodb:EnclosingOperation": ["TransactWriteItems"]}
    keys = [*TOGETHER.values()]
    assert permits(together, "dynamodb:PutItem", {**enclosing, "dynamodb:LeadingKeys": keys})
    assert not permits(together, "dynamodb:PutItem", {"dynamodb:LeadingKeys": keys})
    assert not permits(together, "dynamodb:PutItem", {**enclosing, "dynamodb:LeadingKeys": [*keys, "client#1"]})
    assert not permits(together, "dynamodb:DeleteItem", {**enclosing, "dynamodb:LeadingKeys": keys})


def test_only_the_login_writes_in_transactions(custom_stack: Stack) -> None:
    policies = custom_stack.all("iam/rolePolicy:RolePolicy")
    assert [one.name for one in policies if "EnclosingOperation" in one.inputs["policy"]] == [
        "remote-mcp-prod-login-policy"
    ]


def test_only_the_login_reads_the_client_secret_of_the_provider(custom_stack: Stack) -> None:
    secret = arn("Secret", "remote-mcp-prod-upstream-secret")
    policies = [one for one in custom_stack.all("iam/rolePolicy:RolePolicy") if secret in one.inputs["policy"]]
    assert [one.name for one in policies] == ["remote-mcp-prod-login-policy"]


@pytest.fixture
def written() -> dict[str, list[str]]:
    """Return the partition keys of the items that each function stores, or finds there."""
    table = MemoryTable()
    owner = Principal("c", "s")
    DynamoDBClients(table, time.time).add(Client("c", None, "hash", {}, stated_auth_method=True, issued_at=0))
    DynamoDBCounters(table).count("c", 1, 1)
    exchange_store(table).put(Exchange("e", owner, {}, "2025-11-25", {}, 1, {}, {}, {}, ()))
    DynamoDBFetched(table, CLIENT_DOCUMENTS).put("hash", FetchedDocument({}, 0, 1))
    DynamoDBFetched(table, CLIENT_KEYS).put("hash", FetchedDocument({}, 0, 1))
    DynamoDBInitialTokens(table).add("hash", 1)
    DynamoDBOneTimeIds(table).consume("c", "jti", 1, 0)
    DynamoDBRevocations(table).revoke("jti", 1)
    DynamoDBCutoff(table).advance(1)
    DynamoDBPushedRequests(table).add("p", {}, 1, 1)
    DynamoDBLogins(table).add("l", Login("b", "n", "v", None, approved=True, expires_at=1))
    DynamoDBSessions(table).add("s", Session("s", None, None, 0, 1))
    grant = Grant("g", "c", "", "s", "", "", "", "", "", 1, 0, 1, 1)
    DynamoDBUsers(table).add_grant(grant, UserChange({}, {}, (), (), 1))
    DynamoDBLevels(table).put(owner, "info", 1)
    task_store(table).put(Task("t", owner, "working", {}, 0, 0, 1, 0, {}, {}, {}))
    keys = {key.partition("#")[0]: key for key in table.items}
    shared = [keys[kind] for kind in ("client", "cutoff", "document", "grant", "keys", "once", "rate")]
    oauth_kinds = ("client", "cutoff", "document", "grant", "initial", "keys", "once", "rate", "revoked")
    return {
        "login": [*shared, *(keys.pop(kind) for kind in ("login", "par", "person", "session"))],
        "oauth": [keys.pop(kind) for kind in oauth_kinds],
        "worker": [keys["task"]],
        "mcp": list(keys.values()),
    }


@pytest.mark.parametrize("function", ["login", "mcp", "oauth", "worker"])
def test_a_function_reaches_what_it_keeps_and_nothing_else(
    custom_stack: Stack, written: dict[str, list[str]], function: str
) -> None:
    """Each store writes what the policy of its function permits, without a stack to try it on."""
    reached = {
        pattern: [key for key in written[function] if fnmatch.fnmatchcase(key, pattern)]
        for pattern in leading_keys(custom_stack, function, "prod")
    }
    assert all(reached.values()), reached
    assert sorted(key for keys in reached.values() for key in keys) == sorted(written[function])
