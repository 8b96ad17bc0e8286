"""The stores behind the login function, on the table of the authorization server."""

from runtime.login.stores import LoginStores
from runtime.oauth.stores import Stores
from runtime.storage.logins import DynamoDBLogins, DynamoDBPushedRequests, DynamoDBSessions
from runtime.storage.people import DynamoDBPeople
from runtime.storage.records import Client


def login_stores(table: str, shared: Stores) -> LoginStores:
    """What the login function keeps beside what it shares with the oauth function."""

    def get_client(client_id: str, _source: str) -> Client | None:
        return shared.clients.get(client_id)

    own = (DynamoDBPushedRequests(table), DynamoDBLogins(table), DynamoDBSessions(table), DynamoDBPeople(table))
    return LoginStores(get_client, *own, shared.grants, shared.counters, shared.audit)
