"""A model of the groups of rules that AWS manages: what AWS documents, and matchers for the examples that it gives.

AWS does not publish the patterns. These find at least what the documents and users name.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote_plus

DOCUMENTED: Mapping[str, Any] = json.loads((Path(__file__).parent / "managed_groups.json").read_bytes())


@dataclass(frozen=True)
class HttpRequest:
    """A request as AWS WAF sees it, with header names in lower case. ``lists`` are those that its address is on."""

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""
    address: str = "198.51.100.7"
    lists: tuple[str, ...] = ()

    def part(self, name: str) -> str:
        """Return a part by its name in the name of a rule, decoded."""
        match name:
            case "HEADER":
                return "\n".join(f"{key}: {value}" for key, value in self.headers.items())
            case "COOKIE":
                return self.headers.get("cookie", "")
            case "QUERYSTRING" | "QUERYARGUMENTS":
                return unquote_plus(self.query)
            case "URIPATH":
                return unquote_plus(self.path)
            case "BODY":
                return unquote_plus(self.body)
        raise LookupError(name)


# By what the name of a rule starts with.
PATTERNS = {
    # 127.0.0.1 and localhost are reported by users whose registrations were blocked.
    "EC2MetaDataSSRF": r"169\.254\.169\.254|://(localhost|127\.\d+\.\d+\.\d+|\[::1\])",
    "GenericLFI": r"\.\./|\.\.\\|/etc/passwd",
    "GenericRFI": r"(https?|ftps?|file)://\d+\.\d+\.\d+\.\d+",
    "RestrictedExtensions": r"\.(log|ini|bak|conf|sql)\b",
    "CrossSiteScripting": r"<(script|img|svg|iframe|a|div|html|b)\b|\bon(error|load|click)\s*=|javascript:",
    "JavaDeserializationRCE": r"java\.lang\.Runtime|getRuntime\(\)\.exec",
    "Log4JRCE": r"\$\{jndi:",
    "ReactJSRCE": r"\$1:__proto__|\$ACTION_REF",
    "ExploitablePaths": r"web-inf|/\.git/|/phpmyadmin",
}
BOTS = re.compile("nessus|nmap|sqlmap|nikto", re.IGNORECASE)
Matcher = Callable[[HttpRequest], bool]
OTHERS: Mapping[str, Matcher] = {
    "NoUserAgent_HEADER": lambda request: "user-agent" not in request.headers,
    "UserAgent_BadBots_HEADER": lambda request: bool(BOTS.search(request.headers.get("user-agent", ""))),
    "SizeRestrictions_QUERYSTRING": lambda request: len(request.query) > 2048,
    "SizeRestrictions_Cookie_HEADER": lambda request: len(request.headers.get("cookie", "")) > 10_240,
    "SizeRestrictions_BODY": lambda request: len(request.body.encode()) > 8192,
    "SizeRestrictions_URIPATH": lambda request: len(request.path) > 1024,
    "Host_localhost_HEADER": lambda request: "localhost" in request.headers.get("host", ""),
    "PROPFIND_METHOD": lambda request: request.method == "PROPFIND",
    **{
        name: lambda request, name=name: name in request.lists  # type: ignore[misc]
        for name in DOCUMENTED["AWSManagedRulesAmazonIpReputationList"]["rules"]
    },
}


def matching_rules(group: str, request: HttpRequest) -> Iterator[str]:
    """Return the names of the rules of a group that a request triggers."""
    for name in DOCUMENTED[group]["rules"]:
        if matches(name, request):
            yield name


def matches(rule: str, request: HttpRequest) -> bool:
    """Whether a request triggers a rule."""
    if rule in OTHERS:
        return OTHERS[rule](request)
    kind, _, part = rule.rpartition("_")
    return bool(re.search(PATTERNS[kind], request.part(part), re.IGNORECASE))
