"""An estimate as text for people and as JSON for programs."""

import json
from collections.abc import Iterator
from decimal import Decimal

from admin.cost.bill import Line, cents
from admin.cost.estimate import Estimate
from admin.cost.quotas import Pressure

MOST_QUOTAS = 5
# Below it, fractions are shown.
THOUSAND = 1000
ASSUMED = "Computed from list prices and from what the handlers do, not measured on AWS: see docs/scaling.md."


def as_text(estimate: Estimate, *, with_free: bool) -> str:
    """Return the bill by service, and the quota that gives way first."""
    less = "free amounts subtracted" if with_free else "nothing free subtracted"
    lines = [f"USD a month in {estimate.stack.region}, list prices without tax, {less}:", ""]
    services = estimate.bill.by_service()
    for service, amount in services.items():
        lines.append(f"{service:<52}{cents(amount):>16}")
        lines += [_line(line) for line in estimate.bill.lines if line.price.service == service]
    lines += [f"{'all':<52}{cents(estimate.bill.total):>16}", ""]
    lines += _quotas(estimate)
    lines += ["", ASSUMED]
    return "\n".join(lines) + "\n"


def as_json(estimate: Estimate) -> str:
    """Return everything, with the sources of prices and quotas. Amounts are strings, so that no digit is lost."""
    bill = [
        {
            "name": line.price.name,
            "service": line.price.service,
            "quantity": _plain(line.quantity),
            "unit": line.price.unit,
            "usd": cents(line.amount).replace(",", ""),
            "source": dict(line.price.source),
        }
        for line in estimate.bill.lines
    ]
    content = {
        "region": estimate.stack.region,
        "currency": "USD",
        "total": cents(estimate.bill.total).replace(",", ""),
        "services": {name: cents(amount).replace(",", "") for name, amount in estimate.bill.by_service().items()},
        "bill": bill,
        "activities": {name: _plain(count) for name, count in estimate.traffic.activities.items()},
        "invocations": {name: _plain(count) for name, count in estimate.traffic.invocations.items()},
        "quotas": [_quota(pressure) for pressure in estimate.pressures],
    }
    return json.dumps(content, indent=2) + "\n"


def quantity(number: Decimal) -> str:
    """Return a number as people read it."""
    if number == number.to_integral_value() or number >= THOUSAND:
        return f"{number:,.0f}"
    return f"{number:,.3f}" if number >= Decimal("0.001") else "less than 0.001"


def _line(line: Line) -> str:
    plural = "" if line.quantity == 1 or line.price.unit == "GB" else "s"
    name = f"{quantity(line.quantity)} {line.price.unit}{plural}"
    return f"  {line.price.what:<34}{name:>32}{cents(line.amount):>16}"


def _quotas(estimate: Estimate) -> Iterator[str]:
    first, *others = estimate.pressures
    if not first.share:
        yield "No quota is needed."
        return
    yield f"First to give way, with peaks of {quantity(estimate.workload.peak)} times the average:"
    yield _pressure(first)
    if first.share >= 1:
        yield "  This workload needs more than that. Raise it before it arrives:"
    else:
        yield f"  It gives way at {quantity(estimate.workload.calls / first.share)} calls a month. Then raise:"
    yield f"  {first.remedy}"
    yield "Next:"
    yield from (_pressure(pressure) for pressure in others[: MOST_QUOTAS - 1])


def _pressure(pressure: Pressure) -> str:
    of_limit = f"{quantity(pressure.needed)} of {quantity(pressure.limit)} {pressure.unit}"
    return f"  {pressure.what}: {of_limit}, {pressure.share * 100:.1f}%"


def _quota(pressure: Pressure) -> dict[str, str | None]:
    return {
        "id": pressure.name,
        "what": pressure.what,
        "needed": _plain(pressure.needed),
        "limit": _plain(pressure.limit),
        "unit": pressure.unit,
        "raise": pressure.remedy,
        "url": pressure.url,
        "read": pressure.read,
    }


def _plain(number: Decimal) -> str:
    return f"{number.quantize(Decimal('0.001')).normalize():f}"
