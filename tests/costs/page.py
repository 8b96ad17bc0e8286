"""The curves and tables of docs/scaling.md: ``python -m tests.costs.page`` writes the picture and prints the tables."""

import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from admin.cost.bill import cents
from admin.cost.estimate import estimate
from admin.cost.plot import draw
from admin.cost.prices import PriceList, read_prices
from admin.cost.stack import Stack, read_stack
from admin.cost.traffic import lookups
from admin.cost.workload import Workload
from tests.heat.report import workload_of

PICTURE = Path(__file__).resolve().parents[2] / "docs" / "pictures" / "scaling.svg"
REGION = "us-east-1"
CALLS_OF_A_USER = 100
SHARED_PERCENT = 80
EXPONENTS = range(4, 11)
CALLS_AN_HOUR = (1, 5, 50, 500, 5000)
HOUR = 3600


def drawn_stack() -> Stack:
    """Return the stack of the curves: the default one, without a limit of its own."""
    return read_stack(None, ["throttleRateLimit=100000"], REGION)


def drawn_workload(calls: int) -> Workload:
    """Return the workload of the curves, at so many calls a month."""
    return workload_of(calls // CALLS_OF_A_USER, SHARED_PERCENT)


def prices() -> PriceList:
    return PriceList(read_prices(None), REGION, "US", {})


def picture() -> str:
    """Return the curves as SVG."""
    return draw(drawn_workload(10**6), drawn_stack(), prices())


def totals() -> Iterator[str]:
    """Yield the rows of the table of sums."""
    for exponent in EXPONENTS:
        found = estimate(drawn_workload(10**exponent), drawn_stack(), prices())
        services = found.bill.by_service()
        dearest = ", ".join(list(services)[:2])
        million = found.bill.total / (Decimal(10) ** exponent) * 1_000_000
        over = [pressure.name for pressure in found.pressures if pressure.share >= 1]
        names = ", ".join(f"`{name}`" for name in over) or "none"
        yield f"| 10^{exponent} | {cents(found.bill.total)} | {cents(million)} | {dearest} | {names} |"


def hits() -> Iterator[str]:
    """Yield the rows of the table of the authorizer's cache."""
    for calls in CALLS_AN_HOUR:
        shares = [
            100 - lookups(Decimal(calls), Decimal(1), Decimal(HOUR), Decimal(seconds)) / calls * 100
            for seconds in (60, 300)
        ]
        yield f"| {calls:,} | {shares[0]:.0f} | {shares[1]:.0f} |"


def first_to_give_way() -> Iterator[str]:
    """Yield the rows of the table of quotas, by the calls at which each gives way."""
    found = estimate(drawn_workload(10**10), drawn_stack(), prices())
    for pressure in found.pressures:
        if pressure.share >= 1:
            calls = found.workload.calls / pressure.share
            yield f"| `{pressure.name}` | {float(calls):.1e} | {pressure.what} | {pressure.remedy} |"


if __name__ == "__main__":
    PICTURE.write_text(picture())
    sys.stdout.write("\n".join([*totals(), "", *first_to_give_way(), "", *hits()]) + "\n")
