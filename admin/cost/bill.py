"""The bill: what is used, times its price."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from admin.cost.prices import Price, PriceList, PriceMissing
from admin.errors import CommandFailed

CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the bill. ``amount`` is in USD, unrounded."""

    price: Price
    quantity: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Bill:
    """The lines of a month, by service. Only what is shown is rounded."""

    lines: Sequence[Line]

    @property
    def total(self) -> Decimal:
        """The sum in USD, unrounded."""
        return sum((line.amount for line in self.lines), Decimal(0))

    def by_service(self) -> Mapping[str, Decimal]:
        """Return the sum of each service in USD, unrounded, the dearest first."""
        sums: defaultdict[str, Decimal] = defaultdict(Decimal)
        for line in self.lines:
            sums[line.price.service] += line.amount
        return dict(sorted(sums.items(), key=lambda service: service[1], reverse=True))


def make_bill(usage: Mapping[str, Decimal], prices: PriceList, *, at_edge: bool, with_free: bool) -> Bill:
    """Return the bill. With ``with_free``, what an account gets for nothing is subtracted.

    Raises ``CommandFailed`` with every price that is missing, and where to read it.
    """
    lines, missing = [], []
    for name, quantity in usage.items():
        try:
            price = prices.find(name, at_edge=at_edge)
            billed = max(Decimal(0), quantity - price.free) if with_free else quantity
            lines.append(Line(price, billed, price.cost(billed)))
        except PriceMissing as error:
            missing.append(f"  {error}")
    if missing:
        asked = (
            "these prices were not read from AWS, so there is no bill. Give each with --price NAME=USD, for one unit"
        )
        raise CommandFailed("\n".join([f"{asked}:", *missing]))
    return Bill(lines)


def cents(amount: Decimal) -> str:
    """Return an amount in USD with two digits after the point."""
    return f"{amount.quantize(CENT):,}"
