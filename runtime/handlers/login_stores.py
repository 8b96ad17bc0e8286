"""The stores behind the login function, on the table of the authorization server."""

from runtime.login.reading import GetClient
from runtime.login.stores import LoginStores
from runtime.oauth.stores import Stores
from runtime.settings import LoginSettings
from runtime.storage.logins import DynamoDBLogins, DynamoDBPushedRequests, DynamoDBSessions
from runtime.storage.people import DynamoDBPeople


def login_stores(settings: LoginSettings, shared: Stores, get_client: GetClient) -> LoginStores:
    """What the login function keeps beside what it shares with the oauth function."""
    table, provider = settings.table_name, settings.identity_provider
    own = (
        DynamoDBPushedRequests(table),
        DynamoDBLogins(table, provider),
        DynamoDBSessions(table, provider),
        DynamoDBPeople(table, provider),
    )
    return LoginStores(get_client, *own, shared.grants, shared.counters, shared.audit)
