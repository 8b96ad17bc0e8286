"""What a stack has whether or not anybody calls it. Tests count it in the program."""

from decimal import Decimal

from admin.cost.stack import Stack
from admin.cost.traffic import Traffic

# Metrics that alarms watch, an anomaly detection alarm as three of them.
BASIC_METRICS, FULL_METRICS, SIGN_IN_METRICS = 24, 52, 2
COMPOSITE_ALARMS = 4
# Those of each function that runs tools of its own.
TOOL_FUNCTION_METRICS = 3
# Metrics of log lines, for the hours in which lines count: what is refused at /mcp, and the objectives.
BASIC_COUNTED, FULL_COUNTED = 1, 6
FIREWALL_RULES = 11


def usage_without_calls(stack: Stack, traffic: Traffic) -> dict[str, Decimal]:
    """Return the quantity of what is billed by the month."""
    has_logins = stack.is_on("upstream")
    full = stack.is_watched_in_full
    counted = (BASIC_COUNTED + (FULL_COUNTED if full else 0)) if traffic.requests else 0
    amounts = {
        "secrets.secret": 2 if has_logins else 1,
        "cloudwatch.alarm": ((FULL_METRICS + (SIGN_IN_METRICS if has_logins else 0)) if full else BASIC_METRICS)
        + TOOL_FUNCTION_METRICS * traffic.tool_functions,
        "cloudwatch.composite": COMPOSITE_ALARMS if full else 0,
        "cloudwatch.metric": counted,
        "cloudwatch.dashboard": 1,
        "kms.key": 1 if stack.values["kmsKey"] == "create" else 0,
        **_firewall(stack),
    }
    return {name: Decimal(amount) for name, amount in amounts.items()}


def _firewall(stack: Stack) -> dict[str, int]:
    """Return the web ACL and its rules. With networks alone, only a distribution needs a web ACL."""
    networks = 1 if stack.is_on("allowedCidrs") else 0
    if stack.values["firewall"] == "create":
        return {"waf.acl": 1, "waf.rule": FIREWALL_RULES + networks}
    if networks and stack.has_distribution and not stack.is_on("firewall"):
        return {"waf.acl": 1, "waf.rule": networks}
    return {}
