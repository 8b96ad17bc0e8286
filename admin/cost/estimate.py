"""One estimate: the traffic, the bill and the quotas of a workload on a stack."""

from collections.abc import Sequence
from dataclasses import dataclass

from admin.cost.bill import Bill, make_bill
from admin.cost.prices import PriceList
from admin.cost.quotas import Pressure, pressures
from admin.cost.stack import Stack
from admin.cost.traffic import Traffic, traffic_of
from admin.cost.usage import usage_of
from admin.cost.workload import Workload


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a workload makes of a stack in a month."""

    workload: Workload
    stack: Stack
    traffic: Traffic
    bill: Bill
    pressures: Sequence[Pressure]


def estimate(workload: Workload, stack: Stack, prices: PriceList, *, with_free: bool = False) -> Estimate:
    """Return the estimate. Raise ``CommandFailed`` if a price is missing."""
    traffic = traffic_of(workload, stack)
    usage = usage_of(workload, stack, traffic)
    bill = make_bill(usage, prices, at_edge=stack.has_distribution, with_free=with_free)
    return Estimate(workload, stack, traffic, bill, pressures(workload, stack, traffic))
