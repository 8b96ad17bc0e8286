"""The stores of the login function, on the table of the authorization server."""

from runtime.login.request_reader import GetClient
from runtime.login.stores import LoginStores
from runtime.oauth.stores import Stores
from runtime.storage.logins import DynamoDBLogins, DynamoDBPushedRequests, DynamoDBSessions
from runtime.storage.table import Table
from runtime.storage.users import DynamoDBUsers


def login_stores(table: Table, identity_provider: str, shared: Stores, get_client: GetClient) -> LoginStores:
    """Return the stores of the login function: its own, and those it shares with the oauth function."""
    own = (
        DynamoDBPushedRequests(table),
        DynamoDBLogins(table, identity_provider),
        DynamoDBSessions(table, identity_provider),
        DynamoDBUsers(table, identity_provider),
    )
    return LoginStores(get_client, *own, shared.grants, shared.counters, shared.audit)
