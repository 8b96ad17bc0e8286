"""An authorizer behind the edge, which knows one client."""

import hashlib

import pytest

from runtime.oauth.stores import Stores
from runtime.storage.token_status import DynamoDBTokenStatus
from runtime.tokens.access_tokens import Tokens
from runtime.tokens.authorizer import Authorizer
from runtime.tokens.denials import Denials
from runtime.tokens.key_ring import KeyRing
from runtime.tokens.rotation import create_first_key
from tests.memory.keys import MemoryKeys
from tests.memory.table import MemoryTable
from tests.unit.conftest import Clock, authorizer_settings
from tests.unit.tokens.asking import CLIENT


@pytest.fixture
def authorizer(keys: MemoryKeys, tokens: Tokens, stores: Stores, table: MemoryTable, clock: Clock) -> Authorizer:
    create_first_key(keys)
    stores.clients.add(CLIENT)
    statuses = DynamoDBTokenStatus(table, clock)
    hashes = tuple(hashlib.sha256(key.encode()).hexdigest() for key in ("the key that is sent", "the other key"))
    settings = authorizer_settings(
        scope_implies={"mcp:admin": ["mcp:read", "mcp:write"]}, is_behind_proxy=True, edge_key_hashes=hashes
    )
    return Authorizer(tokens, KeyRing(keys, clock), statuses, settings, Denials(lambda: stores.audit, clock))
