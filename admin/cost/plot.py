"""The bill from 10^4 to 10^10 calls a month as an SVG, and where quotas give way."""

import math
from collections.abc import Iterator, Sequence
from decimal import Decimal
from html import escape

from admin.cost.estimate import Estimate, estimate
from admin.cost.prices import PriceList
from admin.cost.stack import Stack
from admin.cost.workload import Workload

# Powers of ten, and how many points between two of them.
EXTENT = (4, 10)
FIRST, LAST, STEPS = *EXTENT, 4
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 960, 600, 70, 250, 30, 60
COLORS = ("#1f77b4", "#d62728", "#2ca02c", "#9467bd", "#8c564b", "#e377c2", "#17becf", "#7f7f7f")
MOST_SERVICES = 6
MOST_QUOTAS = 6

Curve = Sequence[tuple[float, float]]


def draw(workload: Workload, stack: Stack, prices: PriceList, *, with_free: bool = False) -> str:
    """Return the picture of a workload that grows in proportion. Raise ``CommandFailed`` if a price is missing."""
    exponents = [FIRST + step / STEPS for step in range((LAST - FIRST) * STEPS + 1)]
    estimates = [
        estimate(workload.scale_to(Decimal(round(10**exponent))), stack, prices, with_free=with_free)
        for exponent in exponents
    ]
    curves = _curves(exponents, estimates)
    top = max(1, math.ceil(max(amount for _, curve in curves for _, amount in curve)))
    plane = _Plane(top)
    parts = [*plane.grid(), *_quotas(plane, estimates[-1])]
    for index, (name, curve) in enumerate(curves):
        color = "#000000" if index == 0 else COLORS[(index - 1) % len(COLORS)]
        parts += plane.curve(name, curve, color, index)
    box = f'viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {box}>'
    title = f"USD a month in {stack.region} by calls a month, list prices"
    return "\n".join([head, f"<title>{escape(title)}</title>", _rectangle(), *parts, "</svg>"]) + "\n"


def _curves(exponents: Sequence[float], estimates: Sequence[Estimate]) -> list[tuple[str, Curve]]:
    """Return the logarithms of the sum and of the services that cost most in the end."""
    last = estimates[-1].bill.by_service()
    dearest = sorted(last, key=lambda service: last[service], reverse=True)[:MOST_SERVICES]

    def curve(amounts: list[Decimal]) -> Curve:
        # A thousandth of a USD is nothing, and has no place on a logarithmic axis.
        return [(x, math.log10(amount)) for x, amount in zip(exponents, amounts, strict=True) if amount >= 1]

    services = [each.bill.by_service() for each in estimates]
    found = {name: curve([amounts.get(name, Decimal(0)) for amounts in services]) for name in dearest}
    return [("all", curve([each.bill.total for each in estimates])), *found.items()]


class _Plane:
    """Logarithmic axes: calls from 10^4 to 10^10, and USD from 1 to a power of ten."""

    def __init__(self, top: int) -> None:
        self._top = top

    def x(self, exponent: float) -> float:
        return round(LEFT + (exponent - FIRST) / (LAST - FIRST) * (WIDTH - LEFT - RIGHT), 1)

    def y(self, exponent: float) -> float:
        return round(HEIGHT - BOTTOM - exponent / self._top * (HEIGHT - TOP - BOTTOM), 1)

    def grid(self) -> Iterator[str]:
        """Yield lines at the powers of ten, with their names."""
        bottom, right = self.y(0), self.x(LAST)
        for exponent in range(FIRST, LAST + 1):
            x = self.x(exponent)
            yield f'<path d="M{x} {TOP}V{bottom}" stroke="#dddddd"/>'
            yield f'<text x="{x}" y="{bottom + 18}" text-anchor="middle">10^{exponent}</text>'
        for exponent in range(self._top + 1):
            y = self.y(exponent)
            yield f'<path d="M{LEFT} {y}H{right}" stroke="#dddddd"/>'
            yield f'<text x="{LEFT - 8}" y="{y + 4}" text-anchor="end">{10**exponent:,}</text>'
        yield f'<text x="{(LEFT + right) / 2}" y="{HEIGHT - 18}" text-anchor="middle">calls a month</text>'
        yield f'<text x="{LEFT}" y="{TOP - 12}">USD a month</text>'

    def curve(self, name: str, points: Curve, color: str, index: int) -> Iterator[str]:
        """Yield one curve and its name beside the plane."""
        path = " ".join(f"{self.x(x)},{self.y(y)}" for x, y in points)
        width = 3 if index == 0 else 1.5
        yield f'<polyline points="{path}" fill="none" stroke="{color}" stroke-width="{width}"/>'
        y = TOP + 14 + index * 18
        yield f'<text x="{self.x(LAST) + 14}" y="{y}" fill="{color}">{escape(name)}</text>'


def _quotas(plane: _Plane, last: Estimate) -> Iterator[str]:
    """Yield where the first quotas give way: everything grows in proportion, so their shares do."""
    y = TOP + 14 + (MOST_SERVICES + 2) * 18
    shown = [pressure for pressure in last.pressures if pressure.share > 1][:MOST_QUOTAS]
    if shown:
        yield f'<text x="{plane.x(LAST) + 14}" y="{y}">gives way at:</text>'
    for index, pressure in enumerate(shown, 1):
        calls = last.workload.calls / pressure.share
        x = plane.x(max(FIRST, math.log10(calls)))
        yield f'<path d="M{x} {TOP}V{plane.y(0)}" stroke="#ff7f0e" stroke-dasharray="4 3"/>'
        yield f'<text x="{x + 3}" y="{TOP + 10 + index * 14}" fill="#b85c00">{index}</text>'
        label = f"{index} {pressure.name}: {float(calls):.1e}"
        yield f'<text x="{plane.x(LAST) + 14}" y="{y + index * 18}" fill="#b85c00">{escape(label)}</text>'


def _rectangle() -> str:
    return f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>'
