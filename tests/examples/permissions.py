"""The proof that an example needs each permission that its needs file declares: each is taken away once."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest

from local.aws import Aws
from local.stack import find_running
from local.state import Entry, State
from tests.examples.conftest import Example

ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"
Statement = Mapping[str, Any]


def check_that_each_is_needed(
    example: Example, features: Mapping[str, Callable[[], object]], *, function: str = "mcp"
) -> None:
    """Take each permission of the app from a function, and see that what needs it fails for lack of it.

    ``features`` maps each action that the example's needs file permits to a call of a tool that needs it. A feature
    raises ``AssertionError`` with the answer of a tool that fails.
    """
    state = find_running(example.stack.directory)
    aws = Aws(state.emulator_port, state.region)
    policy = _policy_of(state, function)
    statements = json.loads(policy.inputs["policy"])["Statement"]
    found = [(place, action) for place, each in enumerate(statements) for action in _actions_of_app(each, features)]
    assert {action for _, action in found} == features.keys(), "name a feature for each action of the needs file"
    for place, action in found:
        with _lacking(aws, policy, statements, place, action):
            with pytest.raises(AssertionError, match="lacks a permission in AWS"):
                features[action]()
            features_log = _log_of(aws, state, function)
            assert any(action in line for line in features_log), f"the log does not name {action}"
    for feature in dict.fromkeys(features.values()):
        feature()


def _actions_of_app(statement: Statement, features: Mapping[str, object]) -> list[str]:
    """Return the actions of a statement that an app declares: those for which it names a feature."""
    if statement["Effect"] != "Allow":
        return []
    return [action for action in statement["Action"] if action in features]


def _policy_of(state: State, function: str) -> Entry:
    [policy] = [
        entry
        for entry in state.resources.values()
        if entry.type == ROLE_POLICY and entry.name.endswith(f"-{function}-policy")
    ]
    return policy


@contextmanager
def _lacking(aws: Aws, policy: Entry, statements: list[Statement], place: int, action: str) -> Iterator[None]:
    """Take one action of one statement from a role while in the context."""
    rest = [each for each in statements[place]["Action"] if each != action]
    changed = [
        *statements[:place],
        *([{**statements[place], "Action": rest}] if rest else []),
        *statements[place + 1 :],
    ]
    _put(aws, policy, changed)
    try:
        yield
    finally:
        _put(aws, policy, statements)


def _put(aws: Aws, policy: Entry, statements: list[Statement]) -> None:
    role, _, name = policy.id.partition(":")
    document = json.dumps({"Version": "2012-10-17", "Statement": statements})
    aws.client("iam").put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=document)


def _log_of(aws: Aws, state: State, function: str) -> list[str]:
    [group] = [
        entry.outputs["arn"].rpartition(":")[2]
        for entry in state.resources.values()
        if entry.type == "aws:cloudwatch/logGroup:LogGroup" and entry.name.endswith(f"-{function}-logs")
    ]
    pages = aws.client("logs").get_paginator("filter_log_events").paginate(logGroupName=group)
    return [event["message"] for page in pages for event in page["events"]]
