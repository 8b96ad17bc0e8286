"""Tests of keys that set one member of an object."""

import json

import pulumi
import pytest

from components.config import StackConfig
from tests.infra.configuration import load, refusal
from tests.infra.recorder import Recorder

ISSUER, CLIENT = "https://idp.example.com", "remote-mcp"


def test_a_key_with_a_period_sets_a_member() -> None:
    whole = load({"upstream": json.dumps({"issuer": ISSUER, "clientId": CLIENT, "allowedEmailDomains": ["acme.com"]})})
    members = {"upstream.issuer": ISSUER, "upstream.clientId": CLIENT, "upstream.allowedEmailDomains": '["acme.com"]'}
    assert load(members).upstream == whole.upstream


def test_a_key_with_a_period_adds_to_the_members_of_the_object() -> None:
    """``pulumi config set --path`` sets those in the object."""
    provider = load({"upstream.issuer": ISSUER, "upstream": json.dumps({"clientId": CLIENT})}).upstream
    assert provider is not None
    assert (provider.issuer, provider.client_id) == (ISSUER, CLIENT)


def test_an_object_that_is_switched_off_takes_members() -> None:
    assert load({"upstream.issuer": ISSUER, "upstream.clientId": CLIENT, "upstream": "null"}).upstream is not None


def test_a_member_that_is_set_twice_is_refused_even_with_the_same_value() -> None:
    whole = json.dumps({"issuer": ISSUER, "clientId": CLIENT})
    message = refusal({"upstream": whole, "upstream.issuer": ISSUER})
    assert "upstream.issuer is set twice, as a key of its own and in upstream" in message
    assert "remove the first: pulumi config rm upstream.issuer" in message


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("upstream.issuer", ISSUER, "upstream.clientId is required, but not set: The id of the client"),
        ("upstream.isuer", ISSUER, "upstream.isuer is set, but there is no such member; allowed members: issuer,"),
        ("reservedConcurrency.mcp", "many", 'reservedConcurrency.mcp is "many"; allowed: '),
        ("scopes.mcp", "Use", 'scopes.mcp is "Use", but there is no such key; did you mean scopes?'),
        ("edge.kind", "none", 'edge.kind is "none", but there is no such key; '),
    ],
)
def test_what_is_wrong_with_a_member_is_told_by_its_name(key: str, value: str, said: str) -> None:
    assert said in refusal({key: value})


def test_members_of_an_object_that_is_none_are_not_what_is_complained_about() -> None:
    message = refusal({"upstream": "https://idp.example.com", "upstream.clientId": CLIENT})
    assert 'upstream is "https://idp.example.com"; allowed: ' in message
    assert "set twice" not in message


def test_the_value_of_a_secret_member_is_not_shown() -> None:
    pulumi.runtime.set_mocks(Recorder(), project="remote-mcp", stack="dev")
    key = "remote-mcp:upstream.issuer"
    pulumi.runtime.set_all_config({key: "hidden", "remote-mcp:upstream.clientId": CLIENT}, [key])
    try:
        with pytest.raises(pulumi.RunError, match=r"upstream\.issuer is \[secret\]") as refused:
            StackConfig.load()
    finally:
        pulumi.runtime.set_all_config({}, [])
    assert "hidden" not in str(refused.value)
