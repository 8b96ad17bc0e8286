"""The first message of a client, without a token, and the challenge that starts a login (RFC 9728 5.1)."""

import re

from admin.doctor.finding import Fault, Stopped
from admin.doctor.visit import Visit
from admin.doctor.web import Answer

PARAMETER = re.compile(r'([A-Za-z_]+)=(?:"([^"]*)"|([^\s,"]+))')
REMAPPED = "x-amzn-remapped-www-authenticate"
UNAUTHORIZED, FORBIDDEN, SERVER_ERROR = 401, 403, 500


def read_challenge(visit: Visit) -> None:
    """Send the first message without a token: a login starts with a 401 only."""
    body, headers = visit.opening()
    answer = visit.web.ask("POST", visit.mcp_url, headers, body)
    if answer.status != UNAUTHORIZED:
        raise _no_login(answer)
    if visit.is_hidden(answer):
        raise Stopped(
            "the browser hides the 401 from the page: it has no Access-Control-Allow-Origin",
            Fault.EDGE,
            "Let the edge pass the CORS headers of the gateway responses.",
        )
    visit.verdict.steps.append("401")
    challenge = answer.headers.get("www-authenticate", "")
    exposed = answer.headers.get("access-control-expose-headers", "").lower()
    if visit.profile.page and "www-authenticate" not in exposed and "*" not in exposed:
        visit.verdict.notes.append("the page cannot read the challenge: Access-Control-Expose-Headers lacks it")
    elif challenge.lower().startswith("bearer"):
        visit.challenge = {name: quoted or plain for name, quoted, plain in PARAMETER.findall(challenge)}
    elif REMAPPED in answer.headers:
        visit.verdict.notes.append(f"no challenge: API Gateway renamed it to {REMAPPED}")
    else:
        visit.verdict.notes.append("the 401 has no WWW-Authenticate challenge")


def _no_login(answer: Answer) -> Stopped:
    """Say why a client does not start a login."""
    seen = f"POST {answer.url} without a token: {answer.status} instead of 401"
    if answer.status >= SERVER_ERROR:
        return Stopped(seen, Fault.FAILURE, "Look at the API's access log and the log of the authorizer.")
    if answer.status == FORBIDDEN:
        advice = (
            "Something refuses the request before the login: a firewall, a resource policy, or the API key of the edge."
        )
        return Stopped(seen, Fault.EDGE, advice)
    return Stopped(seen, Fault.SERVER, "This is not the MCP URL of a server that asks for a login.")
