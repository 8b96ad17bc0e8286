"""The ladder that every client climbs: the first step that fails is its verdict."""

from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from admin.doctor.authorization import reach_the_login_page
from admin.doctor.challenge import UNAUTHORIZED, read_challenge
from admin.doctor.clients.python_sdk import PYTHON_SDK
from admin.doctor.cross_origin import ask_for_permission
from admin.doctor.discovery import find_resource_metadata, find_server_metadata
from admin.doctor.finding import Fault, Stopped, Verdict
from admin.doctor.identity import Registrations, identify
from admin.doctor.profile import Profile
from admin.doctor.session import Machine, use_the_server
from admin.doctor.visit import Visit
from admin.doctor.web import NoAnswer, Web
from runtime.http.loopback import is_loopback

LOGIN = "the login, which needs a user"


class NoServer(Exception):
    """There is no MCP server at the URL, for a reason that the message gives."""


def examine(
    mcp_url: str, profiles: Sequence[Profile], web: Web, registrations: Registrations, machine: Machine
) -> Iterator[Verdict]:
    """Yield the verdict on each client."""
    for profile in profiles:
        visit = Visit(profile, mcp_url, web, Verdict(profile.name))
        try:
            read_challenge(visit)
            find_resource_metadata(visit)
            find_server_metadata(visit)
            ask_for_permission(visit)
            identify(visit, registrations)
            reach_the_login_page(visit)
            visit.verdict.unchecked.append(LOGIN)
            use_the_server(visit, machine)
        except Stopped as stopped:
            visit.verdict.stopped = stopped
        except NoAnswer as error:
            visit.verdict.stopped = Stopped(
                str(error), Fault.FAILURE, "Look at the durations on the dashboard, and at the edge."
            )
        if profile.hosted and is_loopback(urlsplit(mcp_url).hostname):
            visit.verdict.notes.append("it calls from the network of its vendor, which cannot reach this machine")
        yield visit.verdict


def check_presence(mcp_url: str, web: Web) -> None:
    """Raise ``NoServer`` unless there is something at the URL that asks for a login, or names itself a resource."""
    visit = Visit(PYTHON_SDK, mcp_url, web, Verdict(PYTHON_SDK.name))
    body, headers = visit.opening()
    try:
        answer = web.ask("POST", mcp_url, headers, body)
        if answer.status != UNAUTHORIZED:
            find_resource_metadata(visit)
    except Stopped:
        # There is metadata, if not for this URL: the verdicts say what is wrong with it.
        return
    except NoAnswer as error:
        raise NoServer(f"cannot reach the server: {error}") from error
    if answer.status != UNAUTHORIZED and visit.resource is None:
        raise NoServer(f"{mcp_url} is not an MCP server that asks for a login: it answers {answer.status}")
