"""Codes and refresh tokens that are used many times at once, in a table that is as atomic as DynamoDB."""

import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import boto3
import pytest

from local.aws import Aws
from local.state import State
from runtime.environment import oauth_settings
from runtime.oauth import pkce
from runtime.oauth.clients.lifetimes import Renewal
from runtime.oauth.credentials import new_client_id
from runtime.oauth.errors import InvalidGrant
from runtime.oauth.grants.authorization_code import AuthorizationCodeGrant
from runtime.oauth.grants.code import AuthorizationCode, RefreshToken
from runtime.oauth.grants.refresh_token import RefreshTokenGrant
from runtime.oauth.grants.user_tokens import UserTokens
from runtime.records.errors import NotThere
from runtime.records.oauth import Client, Grant, ReplacedToken
from runtime.settings import OAuthSettings
from runtime.storage.clients import DynamoDBClients
from runtime.storage.grants import DynamoDBGrants
from runtime.storage.signing_keys import SecretsManagerKeys
from runtime.storage.table import DynamoDBTable
from runtime.tokens.access_tokens import Tokens
from runtime.tokens.key_ring import KeyRing
from tests.e2e.conftest import AUTHORIZER_CACHE_SECONDS, Server
from tests.support.grants import add_grant

ATTEMPTS = 64
# One moment for all attempts, however long a small machine takes over them.
NOW = int(time.time())
PING = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
VERIFIER = "v" * 43
REDIRECT_URI = "https://app.example.com/callback"


@pytest.fixture
def settings(server: Server, monkeypatch: pytest.MonkeyPatch) -> OAuthSettings:
    """What the deployed oauth function is told; this process reaches what it reaches."""
    state = State.load(server.directory)
    assert state is not None
    aws = Aws(state.emulator_port, state.region)
    functions = aws.client("lambda").list_functions()["Functions"]
    [oauth] = [function for function in functions if function["FunctionName"].endswith("-oauth")]
    for name, value in {**oauth["Environment"]["Variables"], **aws.environment()}.items():
        monkeypatch.setenv(name, value)
    # A session that an earlier test made knows other credentials.
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    return replace(oauth_settings(), interactive=True)


@pytest.fixture
def stores(settings: OAuthSettings) -> list[DynamoDBGrants]:
    """A store for each attempt: boto3 does not share one among threads."""
    issuer = settings.identity_provider
    return [DynamoDBGrants(DynamoDBTable(settings.table_name), lambda: NOW, issuer) for _ in range(ATTEMPTS)]


@pytest.fixture
def tokens(settings: OAuthSettings) -> Tokens:
    keys = KeyRing(SecretsManagerKeys(settings.signing_key_arn), lambda: NOW)
    keys.newest()
    return Tokens(settings.issuer, settings.resource, keys, lambda: NOW, settings.authorizer_cache_seconds)


@pytest.fixture
def client(server: Server, settings: OAuthSettings) -> Client:
    asked = {"redirect_uris": [REDIRECT_URI], "grant_types": ["authorization_code", "refresh_token"]}
    client_id = server.send("POST", "/dcr", json={**asked, "token_endpoint_auth_method": "none"}).json()["client_id"]
    client = DynamoDBClients(DynamoDBTable(settings.table_name), lambda: NOW).get(client_id)
    assert client is not None
    return client


def store_grant(grants: DynamoDBGrants, settings: OAuthSettings, client: Client) -> tuple[Grant, AuthorizationCode]:
    code = AuthorizationCode.new(new_client_id())
    grant = Grant(
        grant_id=code.grant_id,
        client_id=client.client_id,
        client_name="An editor",
        subject="alice",
        scope="mcp",
        resource=settings.resource,
        redirect_uri=REDIRECT_URI,
        code_challenge=pkce.challenge(VERIFIER),
        code_hash=code.hash,
        code_expires_at=NOW + 600,
        created_at=NOW,
        absolute_expires_at=NOW + 86_400,
        expires_at=NOW + 600,
    )
    add_grant(grants, grant)
    return grant, code


def at_once(
    attempt: Callable[[DynamoDBGrants], Any], stores: list[DynamoDBGrants], refusal: type[Exception]
) -> list[Any]:
    """What the attempts that were not refused gave, all of them made at the same moment."""
    start = threading.Barrier(len(stores))

    def one(store: DynamoDBGrants) -> Any:
        start.wait()
        try:
            return attempt(store)
        except refusal:
            return refusal

    with ThreadPoolExecutor(len(stores)) as threads:
        return [outcome for outcome in threads.map(one, stores) if outcome is not refusal]


def test_of_many_writes_that_redeem_a_code_exactly_one_is_made(
    stores: list[DynamoDBGrants], settings: OAuthSettings, client: Client
) -> None:
    """RFC 6749 4.1.2, by the condition of the write alone."""
    grant, _ = store_grant(stores[0], settings, client)

    def redeem(store: DynamoDBGrants) -> None:
        store.redeem(grant.grant_id, "family", "hash", NOW + 600)

    assert len(at_once(redeem, stores, NotThere)) == 1


def test_of_many_writes_that_rotate_a_refresh_token_exactly_one_is_made(
    stores: list[DynamoDBGrants], settings: OAuthSettings, client: Client
) -> None:
    """RFC 9700 4.14.2, by the condition of the write alone."""
    grant, _ = store_grant(stores[0], settings, client)
    stores[0].redeem(grant.grant_id, "family", "first", NOW + 600)
    read = stores[0].get(grant.grant_id)
    assert read is not None

    def rotate(store: DynamoDBGrants) -> str:
        mine = RefreshToken.new(grant.grant_id).hash
        store.rotate(read, mine, (ReplacedToken("first", mine, NOW),), NOW + 600)
        return mine

    [winner] = at_once(rotate, stores, NotThere)
    written = stores[0].get(grant.grant_id)
    assert written is not None
    assert (written.refresh_hash, written.replaced) == (winner, (ReplacedToken("first", winner, NOW),))


def test_of_many_uses_of_a_code_at_once_one_is_answered_and_the_grant_ends(
    stores: list[DynamoDBGrants], settings: OAuthSettings, client: Client, tokens: Tokens
) -> None:
    """RFC 6749 4.1.2: more than one use of a code ends what it gave."""
    grant, code = store_grant(stores[0], settings, client)
    user_tokens, renew = handed_out(settings, tokens)

    def use(store: DynamoDBGrants) -> Mapping[str, Any]:
        return AuthorizationCodeGrant(store, user_tokens, renew)(client, {"code": str(code), "code_verifier": VERIFIER})

    assert len(at_once(use, stores, InvalidGrant)) == 1
    assert stores[0].get(grant.grant_id) is None


def test_of_many_uses_of_a_refresh_token_at_once_all_get_the_same_successor(
    stores: list[DynamoDBGrants], settings: OAuthSettings, client: Client, tokens: Tokens
) -> None:
    """Programs that share a token and refresh at once; what they get is good for all of them once more."""
    grant, _ = store_grant(stores[0], settings, client)
    token = RefreshToken.new(grant.grant_id)
    stores[0].redeem(grant.grant_id, token.family_hash, token.hash, NOW + 600)
    user_tokens, renew = handed_out(settings, tokens)

    for _ in range(3):
        presented = {"refresh_token": str(token)}

        def use(store: DynamoDBGrants, presented: Mapping[str, str] = presented) -> Mapping[str, Any]:
            return RefreshTokenGrant(store, user_tokens, renew)(client, presented)

        answered = at_once(use, stores, InvalidGrant)
        assert len(answered) == ATTEMPTS
        [following] = {answer["refresh_token"] for answer in answered}
        assert len({answer["access_token"] for answer in answered}) == ATTEMPTS
        token = RefreshToken.read(following)
        written = stores[0].get(grant.grant_id)
        assert written is not None
        assert written.refresh_hash == token.hash


def test_programs_at_different_places_of_a_chain_all_end_at_its_newest_token(
    stores: list[DynamoDBGrants], settings: OAuthSettings, client: Client, tokens: Tokens
) -> None:
    """Half of them still have the first token while the others use the second."""
    grant, _ = store_grant(stores[0], settings, client)
    first = RefreshToken.new(grant.grant_id)
    stores[0].redeem(grant.grant_id, first.family_hash, first.hash, NOW + 600)
    user_tokens, renew = handed_out(settings, tokens)

    def refresh(store: DynamoDBGrants, token: str) -> str:
        return str(RefreshTokenGrant(store, user_tokens, renew)(client, {"refresh_token": token})["refresh_token"])

    second = refresh(stores[0], str(first))
    behind = set(stores[: ATTEMPTS // 2])
    got = at_once(lambda store: refresh(store, str(first) if store in behind else second), stores, InvalidGrant)
    assert len(got) == ATTEMPTS
    assert second not in got[ATTEMPTS // 2 :]
    # Who had the first one may have come before the second was used.
    assert len(set(got) - {second}) == 1
    assert refresh(stores[0], second) == got[-1]


def test_of_many_uses_after_the_grace_time_none_is_answered_and_the_grant_ends(
    stores: list[DynamoDBGrants], settings: OAuthSettings, client: Client, tokens: Tokens
) -> None:
    """RFC 9700 4.14.2."""
    strict = replace(settings, refresh_token_grace_seconds=0)
    grant, _ = store_grant(stores[0], settings, client)
    first = RefreshToken.new(grant.grant_id)
    stores[0].redeem(grant.grant_id, first.family_hash, first.hash, NOW + 600)
    user_tokens, renew = handed_out(strict, tokens)

    def use(store: DynamoDBGrants) -> Mapping[str, Any]:
        return RefreshTokenGrant(store, user_tokens, renew)(client, {"refresh_token": str(first)})

    use(stores[0])
    assert at_once(use, stores, InvalidGrant) == []
    assert stores[0].get(grant.grant_id) is None


def handed_out(settings: OAuthSettings, tokens: Tokens) -> tuple[UserTokens, Renewal]:
    clients = DynamoDBClients(DynamoDBTable(settings.table_name), lambda: NOW)
    return UserTokens(settings, tokens, lambda: NOW), Renewal(settings, clients, lambda: NOW)


def test_an_access_token_of_a_user_calls_the_mcp_endpoint_until_its_grant_is_revoked(
    server: Server, stores: list[DynamoDBGrants], settings: OAuthSettings, client: Client, tokens: Tokens
) -> None:
    """RFC 7009 2.1: with the grant end all access tokens, once the cached answer has run out."""
    grant, code = store_grant(stores[0], settings, client)
    user_tokens, renew = handed_out(settings, tokens)
    code_grant = AuthorizationCodeGrant(stores[0], user_tokens, renew)
    token = code_grant(client, {"code": str(code), "code_verifier": VERIFIER})["access_token"]
    assert server.rpc(token, PING).status_code == 200
    stores[0].revoke(grant.grant_id)
    time.sleep(AUTHORIZER_CACHE_SECONDS + 0.5)
    assert server.rpc(token, PING).status_code == 401
