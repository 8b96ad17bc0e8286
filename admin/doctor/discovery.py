"""From the URL of the server to the metadata of its authorization server (RFC 9728, RFC 8414)."""

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from admin.doctor import shape
from admin.doctor.finding import Fault, Stopped
from admin.doctor.profile import (
    BAD_GATEWAY,
    CHALLENGE,
    FAILED,
    OAUTH,
    OAUTH_ROOT,
    OPENID,
    OPENID_APPENDED,
    OPENID_ROOT,
    PATH,
    REFUSED,
    ROOT,
    SILENT,
    UNREADABLE,
    Search,
)
from admin.doctor.visit import Visit
from admin.doctor.web import Answer, NoAnswer

RESOURCE_DOCUMENT = "/.well-known/oauth-protected-resource"
OAUTH_DOCUMENT = "/.well-known/oauth-authorization-server"
OPENID_DOCUMENT = "/.well-known/openid-configuration"
ENDPOINTS = ("authorization_endpoint", "token_endpoint")
OK, GATEWAY, SERVER_ERROR = 200, 502, 500

Found = tuple[str, Mapping[str, Any]]


def find_resource_metadata(visit: Visit) -> None:
    """Look for the protected resource metadata, and so for the issuer, where this client looks."""
    profile = visit.profile
    path = urlsplit(visit.mcp_url).path
    named = visit.challenge.get("resource_metadata")
    if named and not shape.is_url(named):
        visit.verdict.notes.append("the challenge names no URL as resource_metadata")
        named = None
    urls = {CHALLENGE: named, PATH: visit.origin + RESOURCE_DOCUMENT + path, ROOT: visit.origin + RESOURCE_DOCUMENT}
    places = (CHALLENGE,) if named and profile.challenge_alone else profile.resource.places
    search = Search(tuple(url for place in places if (url := urls[place])), profile.resource.goes_on_after)
    found, misses = _search(visit, search, ("resource",))
    if found is None and not profile.falls_back_to_origin:
        raise Stopped(misses[-1], _whose(misses[-1]), "Serve the protected resource metadata where the challenge says.")
    visit.issuer = visit.origin
    if found is None:
        visit.verdict.notes.append(f"no protected resource metadata ({misses[-1]})")
        return
    visit.verdict.steps.append("resource metadata")
    visit.resource = found[1]
    _check_resource(visit, str(found[1]["resource"]))
    visit.issuer = next(iter(found[1].get("authorization_servers") or [visit.origin]))


def find_server_metadata(visit: Visit) -> None:
    """Look for the authorization server metadata where this client looks, and check what it checks."""
    profile, issuer = visit.profile, urlsplit(visit.issuer)
    base, path = f"{issuer.scheme}://{issuer.netloc}", issuer.path.rstrip("/")
    urls = {
        OAUTH: base + OAUTH_DOCUMENT + path,
        OPENID: base + OPENID_DOCUMENT + path,
        OPENID_APPENDED: base + path + OPENID_DOCUMENT,
        OAUTH_ROOT: base + OAUTH_DOCUMENT,
        OPENID_ROOT: base + OPENID_DOCUMENT,
    }
    places = tuple(dict.fromkeys(urls[place] for place in profile.server.places))
    found, misses = _search(visit, Search(places, profile.server.goes_on_after), profile.needs)
    if found is None:
        raise _no_server_metadata(misses[-1], path)
    visit.metadata = found[1]
    visit.verdict.steps.append("server metadata")
    if profile.exact_issuer and visit.metadata["issuer"] != visit.issuer:
        raise Stopped(
            f"the resource names the issuer {visit.issuer}, but {found[0]} has {visit.metadata['issuer']}",
            Fault.SERVER,
            "Both come from publicUrl: no trailing slash, and nothing in front of the server may rewrite them.",
        )
    _check_abilities(visit)


def _search(visit: Visit, search: Search, needs: Sequence[str]) -> tuple[Found | None, list[str]]:
    """Return the first document with what the client needs and its URL, and what it met before."""
    misses: list[str] = []
    for url in search.places:
        try:
            answer = visit.get(url)
        except NoAnswer as error:
            if SILENT not in search.goes_on_after:
                raise
            misses.append(str(error))
            continue
        if visit.is_hidden(answer):
            misses.append(f"GET {url}: no Access-Control-Allow-Origin, so a page cannot read it")
            continue
        document = answer.json() if answer.status == OK else None
        more = visit.profile.needs_in_openid if OPENID_DOCUMENT in url else ()
        wrong = _problem(answer, document, (*needs, *more))
        if document is not None and wrong is None:
            return (url, document), misses
        misses.append(f"GET {url}: {wrong}")
        if _kind(answer) not in search.goes_on_after:
            break
    return None, misses


def _problem(answer: Answer, document: Mapping[str, Any] | None, needs: Sequence[str]) -> str | None:
    if answer.status != OK:
        return str(answer.status)
    return shape.problem(document, needs) if document is not None else "200, but not JSON"


def _kind(answer: Answer) -> str:
    if answer.status == GATEWAY:
        return BAD_GATEWAY
    if answer.status >= SERVER_ERROR:
        return FAILED
    return UNREADABLE if answer.status < 400 else REFUSED  # noqa: PLR2004


def _whose(miss: str) -> Fault:
    return Fault.FAILURE if re.search(r": (5\d\d|200)\b", miss) else Fault.EDGE


def _check_resource(visit: Visit, resource: str) -> None:
    match = visit.profile.resource_match
    if (match == "exact" and resource != visit.mcp_url) or (
        match == "prefix" and not visit.mcp_url.startswith(resource)
    ):
        raise Stopped(
            f"the metadata is that of {resource}, not of {visit.mcp_url}",
            Fault.SERVER,
            "Use the output mcp_url as it is. If that is this URL, publicUrl is wrong.",
        )


def _no_server_metadata(miss: str, path: str) -> Stopped:
    if path and _whose(miss) is Fault.EDGE:
        return Stopped(
            f"the issuer has the path {path}, and {miss}",
            Fault.EDGE,
            "Serve the server at the root of a host: set edge to cloudfront or domain.",
        )
    if _whose(miss) is Fault.FAILURE:
        return Stopped(miss, Fault.FAILURE, "Look at the log of the oauth function.")
    return Stopped(miss, Fault.EDGE, "Let whatever stands in front of the server pass all of /.well-known/.")


def _check_abilities(visit: Visit) -> None:
    """Check that the server announces what no client can do without, and what this one insists on."""
    if absent := [member for member in ENDPOINTS if not visit.metadata.get(member)]:
        seen = f"the server metadata has no {' and no '.join(absent)}"
        raise Stopped(seen, Fault.EDGE, "The server announces it: look for what rewrites or caches the metadata.")
    methods = visit.metadata.get("code_challenge_methods_supported")
    if "S256" not in (methods or []) and (methods is not None or visit.profile.needs_s256_announced):
        raise Stopped(
            "the server metadata does not announce S256 in code_challenge_methods_supported",
            Fault.EDGE,
            "The server announces it: look for what rewrites or caches the metadata.",
        )
    if "authorization_code" not in visit.metadata.get("grant_types_supported", ["authorization_code"]):
        raise Stopped(
            "no user can sign in: grant_types_supported has no authorization_code",
            Fault.SERVER,
            "Set upstream, the identity provider where users sign in.",
        )
