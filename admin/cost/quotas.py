"""Quotas of AWS and limits of the stack, and how close a workload comes to them in its busiest second."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from admin.cost.activity import total
from admin.cost.stack import Stack
from admin.cost.traffic import Traffic
from admin.cost.usage import secret_requests
from admin.cost.workload import MONTH_SECONDS, Workload
from runtime.storage.cutoff import COPIES

QUOTAS = Path(__file__).with_name("quotas.json")
HOURS = MONTH_SECONDS / 3600
# The activities that read a copy of the cutoff.
CUTOFF_READERS = ("authorize_user", "authorize_machine", "redeem", "refresh", "login")


@dataclass(frozen=True, slots=True)
class Pressure:
    """A quota and what a workload needs of it. ``remedy`` is what to raise."""

    name: str
    what: str
    unit: str
    needed: Decimal
    limit: Decimal
    remedy: str
    url: str | None
    read: str | None

    @property
    def share(self) -> Decimal:
        """How much of the quota is needed, 1 for all of it."""
        return self.needed / self.limit


def pressures(workload: Workload, stack: Stack, traffic: Traffic) -> Sequence[Pressure]:
    """Return all quotas that the stack has, the one that gives way first in front."""
    demand = _demand(workload, stack, traffic)
    found = [
        Pressure(
            quota["id"],
            quota["what"],
            quota["unit"],
            demand[quota["id"]],
            _limit(quota, stack),
            quota["raise"],
            quota.get("url"),
            quota.get("read"),
        )
        for quota in json.loads(QUOTAS.read_text())["quotas"]
        if quota["id"] in demand
    ]
    return sorted(found, key=lambda pressure: pressure.share, reverse=True)


def _limit(quota: Mapping[str, Any], stack: Stack) -> Decimal:
    if "setting" in quota:
        return stack.number(quota["setting"])
    return Decimal(quota.get("in", {}).get(stack.region, quota["limit"]))


def _demand(workload: Workload, stack: Stack, traffic: Traffic) -> dict[str, Decimal]:
    """Return what the busiest second needs, by the ids of the quotas."""
    second = workload.peak / MONTH_SECONDS
    counts = traffic.activities
    arriving = traffic.requests + workload.logins + workload.denied_calls
    registered = workload.registrations * workload.hosted_percent / 100
    shared = (counts["authorize_user"] + counts["refresh"] + counts["redeem"]) * workload.document_percent / 100
    writes = total(counts, "writes") * second
    needed = {
        "stage": arriving * second,
        "gateway": arriving * second,
        "document-client": shared * second,
        "rate-counter": registered * second,
        "registrations": registered * workload.peak / HOURS,
        "concurrency": sum(traffic.milliseconds.values(), Decimal(0)) / 1000 * second,
        "invocations": sum(traffic.invocations.values(), Decimal(0)) * second,
        "table-reads": total(counts, "reads") * second,
        "table-writes": writes,
        "new-table": writes,
        "cutoff": sum((counts[name] for name in CUTOFF_READERS), Decimal(0)) / COPIES * second,
        "secrets": secret_requests(traffic) * second,
        "audit": total(counts, "audit_requests") * second,
    }
    if stack.is_on("firewall"):
        needed["waf"] = arriving * second
    if stack.has_distribution:
        needed["cloudfront"] = arriving * second
    if stack.is_on("kmsKey"):
        needed["kms"] = secret_requests(traffic) * second
    return needed
