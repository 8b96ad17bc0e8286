"""The rules of the web ACL, in the order in which they are evaluated."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.config import StackConfig
from components.firewall.answers import BLOCKED, OUTSIDE, TOO_MANY, block
from components.firewall.managed import GROUPS, ManagedGroup, Tolerance, labels
from components.firewall.paths import pattern, tolerating
from components.firewall.rates import exceeds, limits
from components.firewall.statements import Statement, any_of, both, comes_from, has_label, has_path, is_not
from runtime.routes import Route


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule. Without an ``action``, it is a managed group, whose rules decide."""

    name: str
    statement: Statement
    action: aws.wafv2.WebAclRuleActionArgs | None = None


def admission(ip_set_arns: Sequence[pulumi.Input[str]]) -> Iterator[Rule]:
    """Return the rule that lets only the networks in the sets in, if there are any."""
    if ip_set_arns:
        yield Rule("networks", is_not(any_of(map(comes_from, ip_set_arns))), block(OUTSIDE))


def protection(config: StackConfig, routes: Sequence[Route], stage_name: str | None) -> Iterator[Rule]:
    """Return the rules against floods and attacks. ``stage_name`` is what paths may start with."""
    for path, limit in limits(config, routes):
        yield Rule(f"rate-{path.strip('/')}", exceeds(path, limit, stage_name), block(TOO_MANY))
    for group in GROUPS:
        yield Rule(group.key, _counts(group))
    for tolerance in Tolerance:
        found = any_of(map(has_label, labels(tolerance)))
        tolerated = tolerating(tolerance, routes)
        statement = both(found, is_not(has_path(pattern(tolerated, stage_name)))) if tolerated else found
        yield Rule(f"attack-{tolerance}", statement, block(BLOCKED))


def number_rules(name: str, rules: Sequence[Rule]) -> list[aws.wafv2.WebAclRuleArgs]:
    """Return the rules as a web ACL takes them. The first one is evaluated first."""
    untouched = aws.wafv2.WebAclRuleOverrideActionArgs(
        none=aws.wafv2.WebAclRuleOverrideActionNoneArgs()  # type: ignore[no-untyped-call]
    )
    return [
        aws.wafv2.WebAclRuleArgs(
            name=rule.name,
            priority=priority,
            statement=rule.statement,
            action=rule.action,
            override_action=None if rule.action else untouched,
            visibility_config=aws.wafv2.WebAclRuleVisibilityConfigArgs(
                cloudwatch_metrics_enabled=True,
                metric_name=f"{name}-{rule.name}",
                # A sample is a whole request with its tokens.
                sampled_requests_enabled=False,
            ),
        )
        for priority, rule in enumerate(rules)
    ]


def _counts(group: ManagedGroup) -> Statement:
    """Let a group label requests and block none of them, rule by rule.

    The group as a whole would stop at the first rule that matches, and add no label of the others. A rule that AWS adds
    to the group later blocks by itself.
    """
    types = aws.wafv2
    count = types.WebAclRuleStatementManagedRuleGroupStatementRuleActionOverrideActionToUseArgs(
        count=types.WebAclRuleStatementManagedRuleGroupStatementRuleActionOverrideActionToUseCountArgs()
    )
    return Statement(
        managed_rule_group_statement=types.WebAclRuleStatementManagedRuleGroupStatementArgs(
            vendor_name="AWS",
            name=group.name,
            rule_action_overrides=[
                types.WebAclRuleStatementManagedRuleGroupStatementRuleActionOverrideArgs(
                    name=rule.name, action_to_use=count
                )
                for rule in group.rules
            ],
        )
    )
