"""What a browser asks before it lets a page of another origin send a request (Fetch standard, CORS protocol)."""

from admin.doctor.finding import Fault, Stopped
from admin.doctor.visit import Visit
from admin.doctor.web import Answer

# For these a browser asks: they are not CORS-safelisted.
TO_MCP = ("authorization", "content-type", "mcp-protocol-version")
TO_REGISTER = ("content-type",)


def ask_for_permission(visit: Visit) -> None:
    """Send the preflights of a client that is a page."""
    if visit.profile.page is None:
        return
    _preflight(visit, visit.mcp_url, TO_MCP)
    if endpoint := visit.metadata.get("registration_endpoint"):
        _preflight(visit, endpoint, TO_REGISTER)
    visit.verdict.steps.append("CORS")


def _preflight(visit: Visit, url: str, wanted: tuple[str, ...]) -> None:
    asked = visit.headers(Access_Control_Request_Method="POST", Access_Control_Request_Headers=", ".join(wanted))
    answer = visit.web.ask("OPTIONS", url, asked)
    allowed = _names(answer, "access-control-allow-headers")
    # The wildcard does not cover Authorization.
    lacking = [name for name in wanted if name not in allowed and ("*" not in allowed or name == "authorization")]
    if answer.status // 100 != 2 or visit.is_hidden(answer):  # noqa: PLR2004
        seen = f"OPTIONS {url}: {answer.status} and no permission for {visit.profile.page}"
    elif lacking:
        seen = f"OPTIONS {url} does not allow the headers {', '.join(lacking)}"
    else:
        return
    raise Stopped(seen, Fault.EDGE, "Let whatever stands in front of the server pass OPTIONS and the CORS headers.")


def _names(answer: Answer, header: str) -> set[str]:
    return {name.strip().lower() for name in answer.headers.get(header, "").split(",")}
