"""The busiest second of a stack, drawn at random, sent through the real stores."""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace

from admin.cost.stack import Stack
from admin.cost.traffic import traffic_of
from admin.cost.workload import MONTH_SECONDS, Workload
from runtime.http.network import network
from runtime.oauth.credentials import digest
from runtime.oauth.errors import TooManyRequests
from runtime.oauth.rate_limit import HOUR, RateLimit
from runtime.prefixes import CLIENT_DOCUMENTS
from runtime.records.login import UserChange
from runtime.storage.clients import DynamoDBClients
from runtime.storage.counters import DynamoDBCounters
from runtime.storage.fetched import DynamoDBFetched
from runtime.storage.grants import DynamoDBGrants
from runtime.storage.logins import DynamoDBSessions
from runtime.storage.token_status import DynamoDBTokenStatus
from runtime.storage.users import DynamoDBUsers
from tests.heat.table import HeatTable
from tests.unit.conftest import NOW
from tests.unit.tokens.asking import CLIENT, GRANT

DOCUMENT = "https://client.example/oauth/metadata.json"
HOSTED = "192.0.2.1"
# Users' networks, many users behind some of them.
NETWORKS = 10**6
PROVIDER = "https://idp.example"


def clock() -> float:
    """Stand still."""
    return float(NOW)


def zipf(source: random.Random, number: int) -> int:
    """Return a rank from 1 to ``number``, drawn so that the first is as frequent as ranks 2 and 3 together."""
    return int(number ** source.random())


@dataclass
class Second:
    """Draws who does what, and does it. ``instances`` of the oauth function count registrations."""

    users: int
    hosted_percent: float
    document_percent: float
    source: random.Random
    instances: int = 100

    def __post_init__(self) -> None:
        self.table = HeatTable()
        self._statuses = DynamoDBTokenStatus(self.table, clock, PROVIDER)
        self._clients = DynamoDBClients(self.table, clock)
        self._grants = DynamoDBGrants(self.table, clock, PROVIDER)
        self._sessions = DynamoDBSessions(self.table, PROVIDER)
        self._documents = DynamoDBFetched(self.table, CLIENT_DOCUMENTS)
        self._people = DynamoDBUsers(self.table, PROVIDER)
        self._limits = [
            RateLimit("registration", 10_000, HOUR, DynamoDBCounters(self.table), clock) for _ in range(self.instances)
        ]

    def run(self, rates: dict[str, int]) -> HeatTable:
        """Do each activity as often as ``rates`` says, and return the table."""
        does: dict[str, Callable[[], None]] = {
            "authorize_user": self._authorize,
            "refresh": self._refresh,
            "login": self._log_in,
            "register": self._register,
        }
        for name, times in rates.items():
            for _ in range(times):
                does[name]()
        return self.table

    def _user(self) -> int:
        return zipf(self.source, self.users)

    def _client_of(self, user: int) -> str:
        """Return the client that a user calls with: one that all share, or one of the user's own."""
        shared = self.source.random() * 100 < self.document_percent
        return DOCUMENT if shared else digest(f"client {user}")[:32]

    def _find_client(self, user: int) -> None:
        """Read what ``ClientDirectory`` reads: of a client with a document, also its copy of that."""
        client_id = self._client_of(user)
        self._clients.get(client_id)
        if client_id == DOCUMENT:
            self._documents.get(digest(client_id), NOW)

    def _authorize(self) -> None:
        # In each minute a user is looked up once, however often they call, so all users are equally likely here.
        user = self.source.randrange(self.users)
        self._statuses.get(
            digest(f"token {user} {self.source.random()}"), self._client_of(user), digest(f"grant {user}")
        )

    def _refresh(self) -> None:
        user = self.source.randrange(self.users)
        grant = replace(GRANT, grant_id=digest(f"grant {user}"))
        self._find_client(user)
        self._grants.get(grant.grant_id)
        self._grants.rotate(grant, "new", (), NOW + 60)

    def _log_in(self) -> None:
        user = self._user()
        subject = f"user {user}"
        self._find_client(user)
        self._sessions.get(digest(f"session {user}"), NOW)
        self._people.get(subject)
        grant = replace(GRANT, grant_id=digest(f"grant {user} {self.source.random()}"), subject=subject)
        change = UserChange({}, {}, (), (), NOW + 60)
        self._people.add_grant(grant, change)

    def _register(self) -> None:
        hosted = self.source.random() * 100 < self.hosted_percent
        rank = zipf(self.source, NETWORKS)
        address = HOSTED if hosted else f"198.{rank >> 16 & 255}.{rank >> 8 & 255}.{rank & 255}"
        try:
            self.source.choice(self._limits).count(network(address))
        except TooManyRequests:
            return
        self._clients.add(replace(CLIENT, client_id=digest(f"new {self.source.random()}")[:32]))


def rates_of(workload: Workload, stack: Stack) -> dict[str, int]:
    """Return how often each activity happens in the busiest second."""
    activities = traffic_of(workload, stack).activities
    names = ("authorize_user", "refresh", "login", "register")
    return {name: round(activities[name] * workload.peak / MONTH_SECONDS) for name in names}
