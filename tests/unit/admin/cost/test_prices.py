"""The price list and the quotas: complete, with sources, and exact to the last digit."""

import json
from datetime import date
from decimal import Decimal

import pytest

from admin.cost.prices import OWN, Price, PriceList, PriceMissing, Tier, read_prices
from admin.cost.quotas import QUOTAS

CONTENT = read_prices(None)
QUOTED = json.loads(QUOTAS.read_text())["quotas"]
WHOLE = ("us-east-1", "eu-west-1")


def price(*tiers: tuple[str | None, str | None]) -> Price:
    found = [Tier(Decimal(limit) if limit else None, Decimal(usd) if usd else None) for limit, usd in tiers]
    return Price("x", "X", "things", "thing", Decimal(0), found, {}, "there")


def test_each_tier_bills_what_is_above_the_one_before() -> None:
    tiered = price(("10", "3"), ("20", "2"), (None, "1"))
    assert [tiered.cost(Decimal(quantity)) for quantity in (0, 1, 10, 11, 20, 21, 100)] == [0, 3, 30, 32, 50, 51, 130]


def test_amounts_are_exact() -> None:
    assert price((None, "0.0000001")).cost(Decimal(3)) == Decimal("0.0000003")


def test_a_tier_without_a_price_is_missing_only_for_who_reaches_it() -> None:
    partly = price(("10", "3"), (None, None))
    assert partly.cost(Decimal(10)) == 30
    with pytest.raises(PriceMissing, match="x for more than 10 a month: there"):
        partly.cost(Decimal(11))


def test_every_source_says_what_was_read_and_when_and_is_used() -> None:
    used = {entry["source"] for each in CONTENT["prices"].values() for entry in each["in"].values()}
    assert used - {None} == CONTENT["sources"].keys()
    for source in CONTENT["sources"].values():
        assert source["url"].startswith("https://")
        assert source["via"]
        assert date.fromisoformat(source["read"]).year >= 2026


def test_every_price_can_be_looked_up() -> None:
    assert all(each["look"].keys() == {"offer", "usage_type"} for each in CONTENT["prices"].values())


def test_a_price_that_is_only_remembered_is_refused() -> None:
    remembered = [
        (name, place)
        for name, each in CONTENT["prices"].items()
        for place, entry in each["in"].items()
        if entry["source"] is None
    ]
    assert remembered
    for name, place in remembered:
        with pytest.raises(PriceMissing, match=name):
            PriceList(CONTENT, place, place, {}).find(name, at_edge=False)


@pytest.mark.parametrize("region", WHOLE)
def test_two_regions_have_every_price_but_that_of_instances_kept(region: str) -> None:
    prices = PriceList(CONTENT, region, "US", {})
    for name in CONTENT["prices"]:
        if not name.startswith("lambda.provisioned"):
            assert prices.find(name, at_edge=True).tiers


def test_tiers_rise_and_prices_fall() -> None:
    for each in CONTENT["prices"].values():
        for entry in each["in"].values():
            limits = [limit for limit, _ in entry["tiers"]]
            known = [Decimal(usd) for _, usd in entry["tiers"] if usd is not None]
            assert limits[-1] is None
            assert limits[:-1] == sorted(limits[:-1])
            assert known == sorted(known, reverse=True)


def test_every_quota_has_a_page_and_a_date_or_is_a_setting_of_the_stack() -> None:
    for quota in QUOTED:
        assert quota["raise"]
        assert "setting" in quota or (
            quota["url"].startswith("https://") and date.fromisoformat(quota["read"]).year >= 2026
        )


def test_the_price_list_is_one_file() -> None:
    assert json.loads(OWN.read_text()) == CONTENT
