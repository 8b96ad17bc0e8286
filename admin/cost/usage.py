"""What AWS meters in a month, by the names of ``prices.json``."""

from collections.abc import Mapping
from decimal import Decimal

from admin.cost.activity import measurements, total
from admin.cost.fixed import usage_without_calls
from admin.cost.stack import Stack
from admin.cost.traffic import Traffic
from admin.cost.workload import MONTH_SECONDS, Workload

# AWS bills 2^30 bytes as a GB; ten to the nine is easier to follow, and at most 7 percent too much.
GB = Decimal(10**9)
# Item sizes, DynamoDB Developer Guide.
INDEX_BYTES = 100
# Each instance reads the signing key again after KEYS_FRESH_SECONDS of runtime/tokens/key_ring.py.
KEY_READINGS = MONTH_SECONDS / 300
KEY_FUNCTIONS = ("authorizer", "oauth", "login")
# X-Ray's default rule: one request a second, and five percent of the others (X-Ray Developer Guide, sampling rules).
SAMPLED_PERCENT = 5
# Assumed: a file of CloudTrail is compressed, and comes every five minutes.
TRAIL_BYTES, TRAIL_FILES = 200, MONTH_SECONDS / 300
QUIET = ("WARNING", "ERROR")


def usage_of(workload: Workload, stack: Stack, traffic: Traffic) -> dict[str, Decimal]:
    """Return the quantity of everything that is billed."""
    parts: list[Mapping[str, Decimal]] = [
        usage_without_calls(stack, traffic),
        _functions(stack, traffic),
        _table(workload, stack, traffic),
        _logs(stack, traffic),
        _network(workload, stack, traffic),
        _encryption(stack, traffic),
        _trail(stack, traffic),
        {"xray.trace": _traces(traffic.requests) if stack.is_on("tracing") else Decimal(0)},
    ]
    return {name: quantity for part in parts for name, quantity in part.items() if quantity}


def secret_requests(traffic: Traffic) -> Decimal:
    """Return how often functions read the signing key: every instance now and then."""
    readings = Decimal(0)
    for function in KEY_FUNCTIONS:
        instances = max(Decimal(1), traffic.milliseconds[function] / 1000 / MONTH_SECONDS)
        readings += min(traffic.invocations[function], instances * KEY_READINGS)
    return readings * measurements().secret_reads


def _functions(stack: Stack, traffic: Traffic) -> dict[str, Decimal]:
    gigabytes = stack.number("memorySize") / 1024
    kept = sum((Decimal(number) for number in stack.values["provisionedConcurrency"].values()), Decimal(0))
    architecture = stack.values["architecture"]
    return {
        "gateway.request": traffic.requests,
        "lambda.request": sum(traffic.invocations.values(), Decimal(0)),
        f"lambda.{architecture}": sum(traffic.milliseconds.values(), Decimal(0)) / 1000 * gigabytes,
        f"lambda.provisioned.{architecture}": kept * gigabytes * MONTH_SECONDS,
    }


def _table(workload: Workload, stack: Stack, traffic: Traffic) -> dict[str, Decimal]:
    sizes = {kind: size + INDEX_BYTES for kind, size in measurements().item_bytes.items()}
    of_users = sizes["grant"] + sizes["person"] + sizes["session"]
    stored = (workload.clients * sizes["client"] + workload.users * of_users) / GB
    return {
        "dynamodb.read": total(traffic.activities, "reads"),
        "dynamodb.write": total(traffic.activities, "writes"),
        "dynamodb.storage": stored,
        "dynamodb.recovery": stored if stack.is_on("pointInTimeRecovery") else Decimal(0),
        "secrets.request": secret_requests(traffic),
    }


def _logs(stack: Stack, traffic: Traffic) -> dict[str, Decimal]:
    own = Decimal(0) if stack.values["logLevel"] in QUIET else total(traffic.activities, "log_bytes")
    platform = sum(traffic.invocations.values(), Decimal(0)) * measurements().platform_log_bytes
    access = traffic.requests * measurements().access_log_bytes
    audit = total(traffic.activities, "audit_bytes")
    others = own + platform + access
    months = {name: stack.number(name) / 30 for name in ("logRetentionDays", "auditRetentionDays")}
    kept = others * months["logRetentionDays"] + audit * months["auditRetentionDays"]
    return {"logs.ingestion": (others + audit) / GB, "logs.storage": kept / GB}


def _network(workload: Workload, stack: Stack, traffic: Traffic) -> dict[str, Decimal]:
    # The first request of each connection has no token, and API Gateway bills no 401.
    arriving = traffic.requests + workload.logins + workload.denied_calls
    out, into = (arriving * size * 1000 / GB for size in (workload.response_kb, workload.request_kb))
    # Without a distribution, the networks that may connect are in the policy of the API.
    has_firewall = stack.is_on("firewall") or (stack.is_on("allowedCidrs") and stack.has_distribution)
    firewall = {"waf.request": arriving if has_firewall else Decimal(0)}
    if not stack.has_distribution:
        return {"transfer.out": out, **firewall}
    return {"cloudfront.request": arriving, "cloudfront.out": out, "cloudfront.origin": into, **firewall}


def _encryption(stack: Stack, traffic: Traffic) -> dict[str, Decimal]:
    if not stack.is_on("kmsKey"):
        return {}
    # Assumed: for each function that runs, DynamoDB or CloudWatch Logs asks for the key once in five minutes.
    asked = sum((min(number, MONTH_SECONDS / 300) for number in traffic.invocations.values()), Decimal(0))
    return {"kms.request": secret_requests(traffic) + asked}


def _trail(stack: Stack, traffic: Traffic) -> dict[str, Decimal]:
    if not stack.is_on("trail"):
        return {}
    events = sum(traffic.invocations.values(), Decimal(0)) + total(traffic.activities, "table_requests")
    months = stack.number("auditRetentionDays") / 30
    files = min(events, TRAIL_FILES)
    return {"trail.event": events, "s3.storage": events * TRAIL_BYTES / GB * months, "s3.put": files}


def _traces(requests: Decimal) -> Decimal:
    first = min(requests, MONTH_SECONDS)
    return first + (requests - first) * SAMPLED_PERCENT / 100
