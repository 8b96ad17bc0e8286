"""Puts something right in a made-up request to where users log in."""

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st
from schemathesis import Case

from tests.fuzz.user import BROWSER, User

LOGIN = {"/authorize", "/par", "/consent", "/callback", "/account"}
SPOILT = st.dictionaries(
    st.sampled_from(
        ["response_type", "scope", "state", "resource", "code_challenge", "prompt", "response_mode", "request"]
    ),
    st.one_of(st.text(max_size=50), st.sampled_from(["mcp", "none", "consent", "none login", "query"])),
    max_size=2,
)


def repair_login(case: Case[Any], user: User, draw: Callable[[st.SearchStrategy[Any]], Any]) -> dict[str, Any]:
    """Change a case in place; what is to be given to ``case.call`` with it."""
    path = case.operation.path
    case.headers.clear()
    case.cookies.clear()
    arguments: dict[str, Any] = {"headers": dict(BROWSER)}
    if path == "/authorize":
        case.query = user.request | draw(SPOILT)
    elif path == "/par":
        asked = {name: value for name, value in user.request.items() if name != "client_id"}
        case.body = asked | draw(SPOILT)
        arguments["auth"] = (user.client_id, user.secret)
    elif path == "/consent":
        case.body = {"request": user.signed_request(), "decision": draw(st.sampled_from(["approve", "deny"]))}
    elif path == "/account" and case.method == "POST":
        action = draw(st.sampled_from(["sign_in", "sign_out", "revoke", "revoke_all"]))
        case.body = {"proof": user.proof(), "action": action, "client_id": user.client_id}
    return arguments
