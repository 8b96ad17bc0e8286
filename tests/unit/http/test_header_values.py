"""Header values are parsed by HTTP's rules, which have less white space and fewer digits than Python (RFC 9110 5.6)."""

from typing import Any

import pytest

from runtime.http.header_values import bearer_token, cookie_values, credentials, media_type
from runtime.oauth.remote.cache_lifetime import SHORTEST_SECONDS, cache_lifetime
from runtime.oauth.stores import Stores
from runtime.records.oauth import Client
from runtime.storage.token_status import DynamoDBTokenStatus
from runtime.tokens.access_tokens import Tokens
from runtime.tokens.authorizer import Authorizer
from runtime.tokens.denials import Denials
from runtime.tokens.key_ring import KeyRing
from runtime.tokens.rotation import create_first_key
from tests.memory.keys import MemoryKeys
from tests.memory.table import MemoryTable
from tests.unit.conftest import NOW, Clock, Send, authorizer_settings, basic

# White space to Python, none to HTTP (RFC 9110 5.6.3).
FOREIGN = ["\xa0", "\x85", "\x0b", "\x0c", "\x1c", "\x1f", "\n", "\r", "\u2003", "\u2028", "\u3000"]
MACHINE = {"client_name": "robot", "grant_types": ["client_credentials"]}
GRANT = {"grant_type": "client_credentials"}


def test_a_cookie_pair_counts_by_a_name_that_is_a_token() -> None:
    """RFC 6265bis 4.1.1."""
    value = "a=1; \tb \t=\t 2\t; =3; c; \xa0d=4; e\xa0=5; (f)=6; a=\xa0; A=7"
    assert cookie_values(value) == {"a": ["1", "\xa0"], "b": ["2"], "A": ["7"]}


@pytest.mark.parametrize(
    ("value", "stated"),
    [
        ("application/json", "application/json"),
        (" Application/JSON\t; charset=utf-8", "application/json"),
        ("application/json, application/json", ""),
        ("application/json\xa0", ""),
        ("application json", ""),
        ("", ""),
    ],
)
def test_a_media_type_is_two_tokens(value: str, stated: str) -> None:
    """RFC 9110 8.3.1."""
    assert media_type(value) == stated


@pytest.mark.parametrize(
    ("value", "token"),
    [
        ("Bearer a.b-c_d~e+f/g==", "a.b-c_d~e+f/g=="),
        ("bEARER   abc\t", "abc"),
        ("Bearer", None),
        ("Bearer ", None),
        ("Bearer\tabc", None),
        ("Bearer a b", None),
        ("Bearer abc, Bearer abc", None),
        ("Bearer a=b", None),
        ("Basic abc", None),
        *((f"Bearer {char}abc", None) for char in FOREIGN),
        *((f"Bearer abc{char}", None) for char in FOREIGN),
        *((f"{char}Bearer abc", None) for char in FOREIGN),
    ],
)
def test_a_bearer_token_is_a_scheme_spaces_and_a_token68(value: str, token: str | None) -> None:
    """RFC 6750 2.1: ``credentials = "Bearer" 1*SP b64token``."""
    assert bearer_token(value) == token


def test_a_scheme_is_compared_in_any_case() -> None:
    """RFC 9110 11.1."""
    assert credentials("BASIC YTpi", "basic") == "YTpi"


@pytest.mark.parametrize("char", FOREIGN)
def test_no_endpoint_takes_a_credential_with_foreign_white_space(send: Send, char: str) -> None:
    client = send("POST", "/dcr", json=MACHINE)["json"]
    path = {"path_parameters": {"clientId": client["client_id"]}}
    managing = {"Authorization": f"Bearer {client['registration_access_token']}{char}"}
    assert send("GET", "/clients/{clientId}", headers=managing, **path)["statusCode"] == 401
    authentic = basic(client["client_id"], client["client_secret"])["Authorization"]
    assert send("POST", "/token", form=GRANT, headers={"Authorization": authentic + char})["statusCode"] == 401
    form = {"Content-Type": f"application/x-www-form-urlencoded{char}", "Authorization": authentic}
    assert send("POST", "/token", body="grant_type=client_credentials", headers=form)["statusCode"] == 415


@pytest.mark.parametrize("char", FOREIGN)
def test_the_authorizer_takes_no_token_with_foreign_white_space_and_no_two_tokens(
    keys: MemoryKeys, tokens: Tokens, stores: Stores, table: MemoryTable, clock: Clock, char: str
) -> None:
    """API Gateway caches a policy by the header's value: two values must not be one token."""
    create_first_key(keys)
    stores.clients.add(Client("c" * 32, "hash", "hash", {"scope": "mcp"}, False, NOW))
    statuses = DynamoDBTokenStatus(table, clock)
    authorizer = Authorizer(
        tokens, KeyRing(keys, clock), statuses, authorizer_settings(), Denials(lambda: stores.audit, clock)
    )
    token = tokens.issue("c" * 32, "s", "mcp", 60)

    def effect(*values: str) -> Any:
        request = {"methodArn": "arn/dev/POST/mcp", "requestContext": {"requestId": "r"}}
        headers = {"headers": {"Authorization": values[-1]}, "multiValueHeaders": {"Authorization": list(values)}}
        return authorizer.authorize(request | headers)["policyDocument"]["Statement"][0]["Effect"]

    assert effect(f"Bearer {token}") == "Allow"
    assert effect(f"Bearer {token}{char}") == "Deny"
    assert effect("Bearer other", f"Bearer {token}") == "Deny"


@pytest.mark.parametrize("value", ["max-age=\xa0600", "max-age=600\x85", "max-age=\u0666\u0660\u0660"])
def test_a_lifetime_is_written_in_ascii(value: str) -> None:
    """RFC 9111 1.2.2."""
    assert cache_lifetime(value, "") == SHORTEST_SECONDS
