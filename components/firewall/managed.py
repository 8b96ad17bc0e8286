"""The groups of rules that AWS manages, and who may trigger which rule without being blocked.

AWS WAF, Developer Guide, AWS Managed Rules: names, labels and capacities.
"""

from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple


class Tolerance(StrEnum):
    """Where a request may trigger a rule. The value is part of the name of the rule that blocks it elsewhere."""

    NOWHERE = "nowhere"
    # A program without a user agent has to reach the metadata, too.
    ROUTES = "routes"
    # URIs on loopback, long queries and text that looks like SQL or HTML.
    FREE_TEXT = "free-text"
    # Tools take every text, exploits included: whoever discusses one would be blocked.
    TOOLS = "tools"


class ManagedRule(NamedTuple):
    """A rule, the last part of the label that it adds to a request, and where it is tolerated."""

    name: str
    label: str
    tolerance: Tolerance = Tolerance.NOWHERE


class ManagedGroup(NamedTuple):
    """A group, what the labels of its rules start with, and its capacity in WCU."""

    key: str
    name: str
    namespace: str
    capacity: int
    rules: tuple[ManagedRule, ...]


REPUTATION = ManagedGroup(
    "reputation",
    "AWSManagedRulesAmazonIpReputationList",
    "awswaf:managed:aws:amazon-ip-list:",
    25,
    # AWS itself only counts what AWSManagedIPDDoSList finds.
    (
        ManagedRule("AWSManagedIPReputationList", "AWSManagedIPReputationList"),
        ManagedRule("AWSManagedReconnaissanceList", "AWSManagedReconnaissanceList"),
    ),
)
COMMON = ManagedGroup(
    "common",
    "AWSManagedRulesCommonRuleSet",
    "awswaf:managed:aws:core-rule-set:",
    700,
    (
        ManagedRule("NoUserAgent_HEADER", "NoUserAgent_Header", Tolerance.ROUTES),
        ManagedRule("UserAgent_BadBots_HEADER", "BadBots_Header"),
        ManagedRule("SizeRestrictions_QUERYSTRING", "SizeRestrictions_QueryString", Tolerance.FREE_TEXT),
        ManagedRule("SizeRestrictions_Cookie_HEADER", "SizeRestrictions_Cookie_Header"),
        ManagedRule("SizeRestrictions_BODY", "SizeRestrictions_Body", Tolerance.FREE_TEXT),
        ManagedRule("SizeRestrictions_URIPATH", "SizeRestrictions_URIPath"),
        ManagedRule("EC2MetaDataSSRF_BODY", "EC2MetaDataSSRF_Body", Tolerance.FREE_TEXT),
        ManagedRule("EC2MetaDataSSRF_COOKIE", "EC2MetaDataSSRF_Cookie"),
        ManagedRule("EC2MetaDataSSRF_URIPATH", "EC2MetaDataSSRF_URIPath"),
        ManagedRule("EC2MetaDataSSRF_QUERYARGUMENTS", "EC2MetaDataSSRF_QueryArguments", Tolerance.FREE_TEXT),
        ManagedRule("GenericLFI_QUERYARGUMENTS", "GenericLFI_QueryArguments", Tolerance.FREE_TEXT),
        ManagedRule("GenericLFI_URIPATH", "GenericLFI_URIPath"),
        ManagedRule("GenericLFI_BODY", "GenericLFI_Body", Tolerance.FREE_TEXT),
        ManagedRule("RestrictedExtensions_URIPATH", "RestrictedExtensions_URIPath"),
        ManagedRule("RestrictedExtensions_QUERYARGUMENTS", "RestrictedExtensions_QueryArguments", Tolerance.FREE_TEXT),
        ManagedRule("GenericRFI_QUERYARGUMENTS", "GenericRFI_QueryArguments", Tolerance.FREE_TEXT),
        ManagedRule("GenericRFI_BODY", "GenericRFI_Body", Tolerance.FREE_TEXT),
        ManagedRule("GenericRFI_URIPATH", "GenericRFI_URIPath"),
        ManagedRule("CrossSiteScripting_COOKIE", "CrossSiteScripting_Cookie"),
        ManagedRule("CrossSiteScripting_QUERYARGUMENTS", "CrossSiteScripting_QueryArguments", Tolerance.FREE_TEXT),
        ManagedRule("CrossSiteScripting_BODY", "CrossSiteScripting_Body", Tolerance.FREE_TEXT),
        ManagedRule("CrossSiteScripting_URIPATH", "CrossSiteScripting_URIPath"),
    ),
)
BAD_INPUTS = ManagedGroup(
    "bad-inputs",
    "AWSManagedRulesKnownBadInputsRuleSet",
    "awswaf:managed:aws:known-bad-inputs:",
    200,
    (
        ManagedRule("JavaDeserializationRCE_HEADER", "JavaDeserializationRCE_Header"),
        ManagedRule("JavaDeserializationRCE_BODY", "JavaDeserializationRCE_Body", Tolerance.TOOLS),
        ManagedRule("JavaDeserializationRCE_URIPATH", "JavaDeserializationRCE_URIPath"),
        ManagedRule("JavaDeserializationRCE_QUERYSTRING", "JavaDeserializationRCE_QueryString"),
        ManagedRule("Host_localhost_HEADER", "Host_Localhost_Header"),
        ManagedRule("PROPFIND_METHOD", "Propfind_Method"),
        ManagedRule("ExploitablePaths_URIPATH", "ExploitablePaths_URIPath"),
        ManagedRule("Log4JRCE_HEADER", "Log4JRCE_Header"),
        ManagedRule("Log4JRCE_QUERYSTRING", "Log4JRCE_QueryString"),
        ManagedRule("Log4JRCE_BODY", "Log4JRCE_Body", Tolerance.TOOLS),
        ManagedRule("Log4JRCE_URIPATH", "Log4JRCE_URIPath"),
        ManagedRule("ReactJSRCE_BODY", "ReactJSRCE_Body", Tolerance.TOOLS),
    ),
)
GROUPS = (REPUTATION, COMMON, BAD_INPUTS)


def labels(tolerance: Tolerance) -> Iterator[str]:
    """Return the labels of all rules with one tolerance."""
    for group in GROUPS:
        yield from (group.namespace + rule.label for rule in group.rules if rule.tolerance is tolerance)
