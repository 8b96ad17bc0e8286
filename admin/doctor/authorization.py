"""The authorization request of a client (RFC 6749 4.1.1, RFC 7636, RFC 8707), up to the page that its user sees."""

import re
import secrets
from urllib.parse import parse_qs, urlencode, urlsplit

from admin.doctor.finding import Fault, Stopped
from admin.doctor.visit import Visit
from admin.doctor.web import Answer
from runtime.oauth import pkce

FOUND = frozenset({302, 303})
OK = 200
TEXT = re.compile(r"<main>.*</main>", re.DOTALL)
TAG = re.compile(r"<[^>]+>|\s+")


def reach_the_login_page(visit: Visit) -> None:
    """Open the authorization URL as a browser without cookies does: what follows needs a user."""
    answer = visit.web.send("GET", _authorization_url(visit), {"Accept": "text/html"})
    location = answer.headers.get("location", "")
    goes_on = answer.status in FOUND and not location.startswith(visit.redirect_uri)
    is_page = answer.status == OK and "text/html" in answer.headers.get("content-type", "")
    if not goes_on and not is_page:
        raise _explain_refusal(visit, answer, location)
    visit.verdict.steps.append("login page")


def _authorization_url(visit: Visit) -> str:
    resource = {"resource": visit.resource["resource"]} if visit.resource else {}
    scope = {"scope": visit.scope} if visit.scope else {}
    parameters = {
        "response_type": "code",
        "client_id": visit.client_id,
        "redirect_uri": visit.redirect_uri,
        "state": secrets.token_urlsafe(16),
        "code_challenge": pkce.challenge(secrets.token_urlsafe(32)),
        "code_challenge_method": pkce.METHOD,
        **scope,
        **resource,
    }
    endpoint = visit.metadata["authorization_endpoint"]
    return f"{endpoint}{'&' if urlsplit(endpoint).query else '?'}{urlencode(parameters)}"


def _explain_refusal(visit: Visit, answer: Answer, location: str) -> Stopped:
    """Say why there is no page."""
    error = parse_qs(urlsplit(location).query)
    reason = " ".join(error.get("error", []) + error.get("error_description", [])) or _text(answer)
    seen = f"authorization request refused: {answer.status} {reason}".rstrip()
    if answer.status >= 500:  # noqa: PLR2004
        return Stopped(seen, Fault.FAILURE, "Look at the log of the login function.")
    if visit.client_id == visit.profile.document:
        advice = (
            f"The server has to read {visit.client_id}: see clientIdMetadataDocuments, and `client document` in the "
        )
        advice += "log of the login function. With [] the client registers instead."
        return Stopped(seen, Fault.SERVER, advice)
    return Stopped(seen, Fault.SERVER, "Look for the reason in the log of the login function.")


def _text(answer: Answer) -> str:
    """Return what a page says, in one line."""
    page = TEXT.search(answer.body.decode(errors="replace"))
    return " ".join(TAG.sub(" ", page[0]).split())[:200] if page else ""
