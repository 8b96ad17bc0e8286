"""The pages about scaling: computed by hand, drawn and simulated, and compared with what the code says today."""

import json
import re
import shlex
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

import pytest

from admin.cost.plot import EXTENT
from tests.costs import page as drawn
from tests.heat import report
from tests.heat.analysis import heats
from tests.unit.admin.cost.conftest import Cost

DOCS = Path(__file__).resolve().parents[4] / "docs"
SCALING, BY_HAND = (DOCS / "scaling.md").read_text(), (DOCS / "bill-by-hand.md").read_text()
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
TIMES, MINUS = "\N{MULTIPLICATION SIGN}", "\N{MINUS SIGN}"
CALCULATION = re.compile(rf"[\d,.()+/ {TIMES}{MINUS}]+")
# Rounded to three digits after the point where it is not whole.
THOUSANDTH = Fraction(1, 1000)


class Workload(NamedTuple):
    """One of the workloads of the page: how to run the command, and the rows of its tables."""

    arguments: list[str]
    working: list[list[str]]
    bill: list[list[str]]


def rows(table: str) -> list[list[str]]:
    lines = [line for line in table.splitlines() if line.startswith("|")][2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def workloads() -> Iterator[Workload]:
    for section in BY_HAND.split("\n### ")[1:]:
        [command] = re.findall(r"```sh\n(.*?)```", section, re.DOTALL)
        _, _, arguments = command.replace("\\\n", " ").partition(" -m admin --region us-east-1 cost ")
        working, bill = section.partition("| meter |")[::2]
        yield Workload(shlex.split(arguments), rows(working), rows("| meter |" + bill))


def calculate(text: str) -> Fraction:
    """Work out a calculation as a person writes it, exactly."""
    assert CALCULATION.fullmatch(text), text
    exact = NUMBER.sub(lambda number: f"Fraction('{number[0].replace(',', '')}')", text)
    python = exact.replace(TIMES, "*").replace(MINUS, "-")
    return Fraction(eval(python, {"Fraction": Fraction}))  # noqa: S307  # of a page of ours, and of nothing else


def is_near(written: str, exact: Fraction) -> bool:
    return abs(calculate(written) - exact) <= THOUSANDTH


@pytest.mark.parametrize("workload", list(workloads()), ids=["A", "B", "C"])
def test_the_command_comes_to_what_was_computed_by_hand(workload: Workload, cost: Cost) -> None:
    found = json.loads(cost(*workload.arguments, "--format", "json"))
    lines = {line["name"]: line for line in found["bill"]}
    total = Fraction(0)
    *bill, everything = workload.bill
    assert sorted(name.strip("`") for name, *_ in bill) == sorted(lines)
    for name, by_hand, quantity, in_usd, usd in bill:
        line = lines[name.strip("`")]
        assert is_near(quantity, calculate(by_hand)), name
        # A quantity that is not whole is rounded in each step of the page.
        assert abs(Fraction(line["quantity"]) - calculate(by_hand)) <= 5 * THOUSANDTH, name
        assert abs(calculate(usd) - calculate(in_usd)) <= Fraction(1, 200), name
        assert Fraction(line["usd"]) == calculate(usd), name
        total += calculate(in_usd)
    stated = calculate(everything[-1].strip("*"))
    assert abs(total - stated) <= Fraction(1, 200)
    assert Fraction(found["total"]) == stated


@pytest.mark.parametrize("workload", list(workloads()), ids=["A", "B", "C"])
def test_each_step_of_the_page_is_worked_out_right(workload: Workload) -> None:
    assert workload.working
    for what, by_hand, number in workload.working:
        assert is_near(number, calculate(by_hand)), what


def test_the_curves_are_those_of_today() -> None:
    """If it fails, run ``python -m tests.costs.page``, which draws them and prints the tables."""
    assert drawn.PICTURE.read_text() == drawn.picture()
    assert EXTENT == (4, 10)


def test_the_tables_of_the_curves_are_those_of_today() -> None:
    for row in (*drawn.totals(), *drawn.first_to_give_way(), *drawn.hits()):
        assert f"\n{row}\n" in SCALING, row


def test_a_curve_is_drawn_for_any_workload(cost: Cost, tmp_path: Path) -> None:
    picture = tmp_path / "own.svg"
    cost("--calls-per-month", "1e6", "--users", "10", "--plot", str(picture))
    text = picture.read_text()
    ElementTree.fromstring(text)  # noqa: S314  # drawn by ourselves
    assert text.startswith("<svg ")
    assert text.count("<polyline") > 3
    assert "10^10</text>" in text


@pytest.mark.slow
def test_the_heat_of_the_page_is_that_of_the_simulation() -> None:
    """If it fails, ``python -m tests.heat`` prints the tables."""
    for part in report.report().strip().split("\n\n"):
        assert part in SCALING


def test_only_a_shared_client_the_cutoff_and_a_network_are_hot() -> None:
    """A tenth of the users of the page: what is hot for them is hot for all."""
    shared = {(heat.kind, heat.access): heat for heat in heats(report.simulate(10**7, 80))}
    client, cutoff = shared["client", "read"], shared["cutoff", "read"]
    assert client.hottest == pytest.approx(0.8 * client.units, rel=0.1)
    assert cutoff.hottest == pytest.approx(cutoff.units / 8, rel=0.25)
    own = {(heat.kind, heat.access): heat for heat in heats(report.simulate(10**7, 0))}
    assert all(heat.hottest <= 3 for (kind, _), heat in own.items() if kind not in ("cutoff", "rate"))


def test_the_same_seed_draws_the_same_second() -> None:
    first, again, other = (report.simulate(10**5, 50, seed) for seed in (1, 1, 2))
    assert (first.reads, first.writes) == (again.reads, again.writes)
    assert first.reads != other.reads


@pytest.mark.parametrize(("requests", "passed", "writes"), [(50, 50, 50), (100, 100, 100), (5000, 100, 107)])
def test_a_flood_of_one_network_writes_its_counter_once_for_each_instance_beyond_the_limit(
    requests: int, passed: int, writes: int
) -> None:
    assert report.flood(requests, instances=7, limit=100) == (passed, writes)
