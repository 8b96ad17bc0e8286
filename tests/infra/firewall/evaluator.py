"""Evaluates the declared rules of a web ACL as AWS WAF documents it."""

import ipaddress
import json
import posixpath
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from tests.infra.firewall.groups import DOCUMENTED, HttpRequest, matching_rules
from tests.infra.recorder import Stack, arn

ACLS = "wafv2/webAcl:WebAcl"
NO_TRAFFIC: Mapping[str, int] = {}
Statement = Mapping[str, Any]


@dataclass(frozen=True)
class Verdict:
    """What happened to a request: the ``rule`` that ended it, if one did, and the ``labels`` it had by then."""

    rule: str | None
    labels: frozenset[str]
    status: int | None = None
    headers: Mapping[str, str] | None = None
    body: Mapping[str, str] | None = None


@dataclass
class Evaluation:
    """One request on its way through the rules. ``sent`` counts the requests of its address by path."""

    request: HttpRequest
    ip_sets: Mapping[str, Sequence[str]]
    sent: Mapping[str, int]
    labels: set[str]

    def holds(self, statement: Statement) -> bool:
        """Whether a statement matches. A managed group matches if one of its rules blocks."""
        [(kind, options)] = statement.items()
        return bool(getattr(self, f"_{kind}")(options))

    def _andStatement(self, options: Statement) -> bool:  # noqa: N802  # the names of statements
        return all(self.holds(each) for each in options["statements"])

    def _orStatement(self, options: Statement) -> bool:  # noqa: N802
        return any(self.holds(each) for each in options["statements"])

    def _notStatement(self, options: Statement) -> bool:  # noqa: N802
        return not self.holds(options["statement"])

    def _labelMatchStatement(self, options: Statement) -> bool:  # noqa: N802
        assert options["scope"] == "LABEL"
        return options["key"] in self.labels

    def _ipSetReferenceStatement(self, options: Statement) -> bool:  # noqa: N802
        address = ipaddress.ip_address(self.request.address)
        return any(address in ipaddress.ip_network(network) for network in self.ip_sets[options["arn"]])

    def _regexMatchStatement(self, options: Statement) -> bool:  # noqa: N802
        assert options["fieldToMatch"] == {"uriPath": {}}
        path = transformed(self.request.path, options["textTransformations"])
        return re.search(options["regexString"], path) is not None

    def _rateBasedStatement(self, options: Statement) -> bool:  # noqa: N802
        scoped = self.holds(options["scopeDownStatement"])
        return scoped and self.sent.get(self.request.path, 0) >= options["limit"]

    def _managedRuleGroupStatement(self, options: Statement) -> bool:  # noqa: N802
        """Add the labels of a group. The first rule that blocks ends it; a rule that counts does not."""
        group = DOCUMENTED[options["name"]]
        counting = {each["name"] for each in options["ruleActionOverrides"] if each["actionToUse"] == {"count": {}}}
        for rule in matching_rules(options["name"], self.request):
            self.labels.add(group["namespace"] + group["rules"][rule])
            if rule not in counting and rule not in group["counting"]:
                return True
        return False


def evaluate(stack: Stack, request: HttpRequest, sent: Mapping[str, int] = NO_TRAFFIC) -> Verdict:
    """Return what the web ACL of a stack does with a request."""
    acl = stack.one(ACLS).inputs
    ip_sets = {arn("IpSet", each.name): each.inputs["addresses"] for each in stack.all("wafv2/ipSet:IpSet")}
    evaluation = Evaluation(request, ip_sets, sent, set())
    for rule in sorted(acl["rules"], key=lambda rule: rule["priority"]):
        if not evaluation.holds(rule["statement"]):
            continue
        labels = frozenset(evaluation.labels)
        if "action" not in rule:
            assert rule["overrideAction"] == {"none": {}}
            return Verdict(rule["name"], labels)
        response = rule["action"]["block"]["customResponse"]
        bodies = {body["key"]: json.loads(body["content"]) for body in acl["customResponseBodies"]}
        headers = {header["name"]: header["value"] for header in response["responseHeaders"]}
        status = int(response["responseCode"])
        return Verdict(rule["name"], labels, status, headers, bodies[response["customResponseBodyKey"]])
    assert acl["defaultAction"] == {"allow": {}}
    return Verdict(None, frozenset(evaluation.labels))


def transformed(text: str, transformations: Sequence[Mapping[str, Any]]) -> str:
    """Return a text after the transformations of a statement."""
    for each in sorted(transformations, key=lambda each: each["priority"]):
        match each["type"]:
            case "NONE":
                continue
            case "URL_DECODE":
                text = unquote(text)
            case "NORMALIZE_PATH":
                text = "/" + posixpath.normpath(text).lstrip("/")
            case other:
                raise LookupError(other)
    return text


def capacity(statement: Statement) -> int:
    """Return the WCU of a statement: AWS WAF, Developer Guide, the page of each statement."""
    [(kind, options)] = statement.items()
    match kind:
        case "andStatement" | "orStatement":
            return sum(capacity(each) for each in options["statements"])
        case "notStatement":
            return capacity(options["statement"])
        case "labelMatchStatement" | "ipSetReferenceStatement":
            return 1
        case "regexMatchStatement":
            return 3 + 10 * len([each for each in options["textTransformations"] if each["type"] != "NONE"])
        case "rateBasedStatement":
            return 2 + capacity(options["scopeDownStatement"])
        case "managedRuleGroupStatement":
            return int(DOCUMENTED[options["name"]]["capacity"])
    raise LookupError(kind)
