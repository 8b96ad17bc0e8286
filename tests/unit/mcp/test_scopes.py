"""What a caller without the scopes of something can still reach of it: nothing."""

from collections.abc import Callable
from typing import Any

import pytest

from runtime.authoring import completion, prompt, resource
from tests.unit.mcp.conftest import Server, caller, result

ADMIN = caller(scope="mcp mcp:admin")


@prompt(scopes=["mcp:admin"])
def dismiss(employee: str) -> str:
    """Dismiss an employee."""
    return f"Dismiss {employee}."


@resource("test://payroll/{employee}", scopes=["mcp:admin"])
def payroll(employee: str) -> str:
    """What an employee earns."""
    return employee


@completion(dismiss, "employee")
def employees(value: str) -> list[str]:
    """Employees."""
    return [name for name in ("Ada", "Alan") if name.startswith(value)]


@completion(payroll, "employee")
def payees(value: str) -> list[str]:
    """Employees again."""
    return employees(value)  # type: ignore[no-any-return]


@pytest.fixture
def server(serve: Callable[..., Server]) -> Server:
    return serve(dismiss, payroll, employees, payees)


@pytest.mark.parametrize(
    "reference",
    [{"type": "ref/prompt", "name": "dismiss"}, {"type": "ref/resource", "uri": "test://payroll/{employee}"}],
)
@pytest.mark.parametrize("era", ["modern", "legacy"])
def test_suggestions_need_the_scopes_of_what_they_are_for(server: Server, era: str, reference: dict[str, Any]) -> None:
    """2026-07-28, Completion, Security: implementations MUST "control access to sensitive suggestions"."""
    send = getattr(server, era)
    ask = {"ref": reference, "argument": {"name": "employee", "value": "A"}}
    answer = send("completion/complete", ask)
    assert (answer["statusCode"], answer["json"]["error"]["data"]) == (403, {"requiredScopes": ["mcp:admin"]})
    assert result(send("completion/complete", ask, authorizer=ADMIN))["completion"]["values"] == ["Ada", "Alan"]


@pytest.mark.parametrize("method", ["resources/subscribe", "resources/unsubscribe"])
def test_a_subscription_needs_the_scopes_of_its_resource(server: Server, method: str) -> None:
    """2025-11-25, Resources, Security Considerations: access controls for sensitive resources."""
    assert server.legacy(method, {"uri": "test://payroll/Ada"})["statusCode"] == 403
    assert result(server.legacy(method, {"uri": "test://payroll/Ada"}, authorizer=ADMIN)) == {}
