"""Sends made-up requests to a running stack and counts what came back."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode

from tests.fuzz.credentials import TIMEOUT, Credentials
from tests.fuzz.document import CHECKS, OPERATIONS, Operation, check
from tests.fuzz.login_repairs import LOGIN, repair_login
from tests.fuzz.repairs import noise, repair
from tests.fuzz.user import User

# How many of the cases each operation gets, relative to the others: most go where there is most to get wrong.
WEIGHTS = {
    "/mcp": 12,
    "/dcr": 10,
    "/clients/{clientId}": 8,
    "/token": 8,
    "/revoke": 5,
    "/introspect": 5,
    "/par": 5,
    "/consent": 5,
}
WITHOUT_BODY = 1
# Everything about it is in its query.
QUERIES = {"/authorize": 8, "/callback": 4, "/account": 4}
OTHER_METHODS = ("DELETE", "GET", "HEAD", "PATCH", "POST", "PUT")
ALL = list(HealthCheck)
Failure = tuple[str, str]


@dataclass
class Report:
    """How often each operation answered with each status, and what the document does not describe."""

    answers: Counter[tuple[str, int]] = field(default_factory=Counter)
    failures: list[Failure] = field(default_factory=list)

    @property
    def cases(self) -> int:
        """How many requests were sent."""
        return self.answers.total()


def fuzz(url: str, cases: int, randomness: int) -> Report:
    """Send about ``cases`` requests, and never fewer, the same ones for the same ``randomness``."""
    report, credentials = Report(), Credentials(url)
    user = User.before(url, credentials.session)
    for operation in OPERATIONS.values():
        share = -(-cases * _weight(operation) // sum(map(_weight, OPERATIONS.values())))
        sent = Sent(url, operation, credentials, user, report)
        others = max(share // 10, 1)
        _others(sent, others, randomness)
        strategies = _strategies(operation)
        for strategy in strategies:
            _made_up(sent, strategy, -(-(share - others) // len(strategies)), randomness)
    return report


@dataclass
class Sent:
    """Sends requests for one operation."""

    url: str
    operation: Operation
    credentials: Credentials
    user: User
    report: Report

    def case(self, case: Case[Any], arguments: dict[str, Any]) -> None:
        """Send a case and hold the answer against the document."""
        response = case.call(self.url, self.credentials.session, timeout=TIMEOUT, allow_redirects=False, **arguments)
        self.report.answers[self.operation.label, response.status_code] += 1
        try:
            case.validate_response(response, checks=CHECKS)
        except BaseExceptionGroup as found:
            self.report.failures.append((self.operation.label, "\n".join(map(str, found.exceptions))))
        except AssertionError as found:
            self.report.failures.append((self.operation.label, str(found)))
        if self.operation.path == "/clients/{clientId}":
            self.credentials.saw(case.method, response)

    def other_method(self, method: str, arguments: dict[str, Any]) -> None:
        """Send a request of a method that may not be described for the path."""
        path = self.operation.path.replace("{clientId}", "abc")
        response = self.credentials.session.request(method, self.url + path, timeout=TIMEOUT, **arguments)
        self.report.answers[f"{method} {self.operation.path}", response.status_code] += 1
        try:
            check(method, path, response)
        except (AssertionError, BaseExceptionGroup) as found:
            self.report.failures.append((f"{method} {self.operation.path}", str(found)))


def _weight(operation: Operation) -> int:
    bodyless = operation.method.upper() in {"GET", "OPTIONS", "DELETE"}
    weights = QUERIES if bodyless else {**QUERIES, **WEIGHTS}
    return weights.get(operation.path, WITHOUT_BODY)


def _strategies(operation: Operation) -> list[st.SearchStrategy[Case[Any]]]:
    """Valid requests, and invalid ones where there is anything about a request that could be."""
    modes = [GenerationMode.POSITIVE]
    if operation.body or (operation.headers and operation.method.upper() != "OPTIONS"):
        modes.append(GenerationMode.NEGATIVE)
    return [operation.as_strategy(generation_mode=mode) for mode in modes]


def _made_up(sent: Sent, strategy: st.SearchStrategy[Case[Any]], count: int, randomness: int) -> None:
    @seed(randomness)
    @settings(max_examples=count, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=ALL)
    @given(st.data())
    def send(data: st.DataObject) -> None:
        case = data.draw(strategy)
        arguments: dict[str, Any] = {"headers": {}}
        match data.draw(st.sampled_from(["as it is", "repaired", "repaired", "noise"])):
            case "repaired":
                if sent.operation.path in LOGIN:
                    arguments = repair_login(case, sent.user, data.draw)
                else:
                    arguments = repair(case, sent.credentials, data.draw)
            case "noise":
                arguments = noise(data.draw)
        if sent.operation.path == "/mcp" and data.draw(st.sampled_from([True, True, True, False])):
            # Without it nothing is seen but the gateway's 401.
            arguments["headers"]["Authorization"] = f"Bearer {sent.credentials.token}"
        sent.case(case, arguments)

    send()


def _others(sent: Sent, count: int, randomness: int) -> None:
    @seed(randomness)
    @settings(max_examples=count, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=ALL)
    @given(st.data())
    def send(data: st.DataObject) -> None:
        arguments = noise(data.draw)
        if data.draw(st.booleans()):
            arguments["headers"]["Authorization"] = f"Bearer {sent.credentials.token}"
        sent.other_method(data.draw(st.sampled_from(OTHER_METHODS)), arguments)

    send()
