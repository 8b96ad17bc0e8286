"""What can be wrong with a deployment, one thing at a time."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from tests.unit.admin.doctor.deployment import Asked, Fault, Given, json_answer
from tests.unit.conftest import Clock

RESOURCE = "/.well-known/oauth-protected-resource"
OAUTH = "/.well-known/oauth-authorization-server"
OPENID = "/.well-known/openid-configuration"
HTML = {"Content-Type": "text/html", "Access-Control-Allow-Origin": "*"}
FORBIDDEN = json_answer(403, {"message": "Forbidden"})
GONE = json_answer(404, {"error": "not_found"})
FAILED = json_answer(500, {"message": "Internal server error"})
PAGE = Given(200, HTML, "<html>Welcome</html>")

Matches = Callable[[Asked], bool]


def at(path: str, method: str | None = None) -> Matches:
    """Match requests for a path."""
    return lambda asked: asked.path == path and method in {None, asked.method}


def below(path: str) -> Matches:
    """Match requests for a path and what is below it."""
    return lambda asked: asked.path == path or asked.path.startswith(f"{path}/")


def with_token(path: str, method: str) -> Matches:
    """Match requests with an access token."""
    return lambda asked: at(path, method)(asked) and "Bearer" in asked.headers.get("Authorization", "")


def calls(method: str) -> Matches:
    """Match a call of an MCP method with a token."""
    return lambda asked: with_token("/mcp", "POST")(asked) and json.loads(asked.body)["method"] == method


def gives(matches: Matches, answer: Given) -> Fault:
    """Return another answer."""
    return lambda asked, given: answer if matches(asked) else given


def changes(matches: Matches, **members: Any) -> Fault:
    """Change members of a document; those that are ``None`` are left out. A function gets the old value."""

    def fault(asked: Asked, given: Given) -> Given:
        if not matches(asked):
            return given
        document = given.json()
        for name, value in members.items():
            document[name] = value(document[name]) if callable(value) else value
        kept = {name: value for name, value in document.items() if value is not None}
        return given._replace(body=json.dumps(kept))

    return fault


def renames(matches: Matches, headers: Mapping[str, str | None]) -> Fault:
    """Rename headers, or leave them out if there is no new name."""

    def fault(asked: Asked, given: Given) -> Given:
        if not matches(asked):
            return given
        names = {name: headers.get(name, name) for name in given.headers}
        return given._replace(headers={new: given.headers[old] for old, new in names.items() if new})

    return fault


def all_of(*faults: Fault) -> Fault:
    """Plant several faults."""

    def fault(asked: Asked, given: Given) -> Given:
        for each in faults:
            given = each(asked, given)
        return given

    return fault


def delays(matches: Matches, clock: Clock, seconds: float) -> Fault:
    """Let time pass before an answer."""

    def fault(asked: Asked, given: Given) -> Given:
        clock.now += seconds if matches(asked) else 0
        return given

    return fault


def healthy(_asked: Asked, given: Given) -> Given:
    """Change nothing."""
    return given
