"""List prices with their sources. A price that was not read from a source is missing."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from admin.errors import CommandFailed

OWN = Path(__file__).with_name("prices.json")
EVERYWHERE = "*"
FILES = "https://pricing.us-east-1.amazonaws.com/offers/v1.0/aws"
# CloudFront bills by where clients are.
BY_CLIENTS = "cloudfront."
# A distribution's web ACL is in this region.
EDGE_REGION = "us-east-1"


class PriceMissing(Exception):
    """A price that was not read. The message says which, and where to read it."""


@dataclass(frozen=True, slots=True)
class Tier:
    """A price up to a quantity a month, of everything above the tier before. Without a limit, of everything else."""

    limit: Decimal | None
    price: Decimal | None


@dataclass(frozen=True, slots=True)
class Price:
    """The price of one meter in one place. ``free`` is what an account gets each month for nothing."""

    name: str
    service: str
    what: str
    unit: str
    free: Decimal
    tiers: Sequence[Tier]
    source: Mapping[str, str]
    where: str

    def cost(self, quantity: Decimal) -> Decimal:
        """Return what a quantity costs, unrounded. Raise ``PriceMissing`` if it reaches a tier that was not read."""
        amount, start = Decimal(0), Decimal(0)
        for tier in self.tiers:
            end = quantity if tier.limit is None else min(quantity, tier.limit)
            if end > start:
                if tier.price is None:
                    raise PriceMissing(f"{self.name} for more than {start:,.0f} a month: {self.where}")
                amount += (end - start) * tier.price
            start = max(start, end)
        return amount


class PriceList:
    """The prices of a stack in a region, for clients on one continent.

    ``own`` are flat prices that replace those of the list, by name.
    """

    def __init__(self, content: Mapping[str, Any], region: str, clients: str, own: Mapping[str, Decimal]) -> None:
        self._content = content
        self._region = region
        self._clients = clients
        self._own = own
        if unknown := own.keys() - content["prices"].keys():
            raise CommandFailed(f"there is no price {', '.join(sorted(unknown))}; admin/cost/prices.json has the names")

    def find(self, name: str, *, at_edge: bool) -> Price:
        """Return a price. ``at_edge`` is whether the firewall belongs to a distribution. Raise ``PriceMissing``."""
        entry = self._content["prices"][name]
        place = self._place(name, at_edge)
        look = entry["look"]
        where = f"{FILES}/{look['offer']}/current/index.json, usage type {look['usage_type']}, {place}"
        if name in self._own:
            return _price(name, entry, [Tier(None, self._own[name])], {"via": "--price"}, where)
        found = entry["in"].get(place, entry["in"].get(EVERYWHERE))
        if found is None or found["source"] is None:
            raise PriceMissing(f"{name} in {place}: {where}")
        tiers = [Tier(_decimal(limit), _decimal(price)) for limit, price in found["tiers"]]
        return _price(name, entry, tiers, self._content["sources"][found["source"]], where)

    def _place(self, name: str, at_edge: bool) -> str:
        if name.startswith(BY_CLIENTS):
            return self._clients
        return EDGE_REGION if at_edge and name.startswith("waf.") else self._region


def read_prices(file: Path | None) -> Mapping[str, Any]:
    """Return the content of a price list: of a file in the form of our own, or our own. Raise ``CommandFailed``."""
    try:
        content: dict[str, Any] = json.loads((file or OWN).read_text())
        content["prices"].keys() | content["sources"].keys()
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise CommandFailed(f"{file} is no price list: {type(error).__name__}; see admin/cost/prices.json") from error
    return content


def read_own_price(text: str) -> tuple[str, Decimal]:
    """Return a price that an argument gives as ``NAME=USD``, for one unit. Raise ``CommandFailed``."""
    name, _, amount = text.partition("=")
    try:
        price = Decimal(amount)
    except InvalidOperation:
        raise CommandFailed(f"--price takes NAME=USD, not {text}") from None
    if not price.is_finite() or price < 0:
        raise CommandFailed("a price is not negative")
    return name, price


def _price(name: str, entry: Mapping[str, Any], tiers: Sequence[Tier], source: Mapping[str, str], where: str) -> Price:
    free = Decimal(entry["free"] or 0)
    return Price(name, entry["service"], entry["what"], entry["unit"], free, tiers, source, where)


def _decimal(value: str | int | None) -> Decimal | None:
    return None if value is None else Decimal(value)
