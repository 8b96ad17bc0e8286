"""The command ``cost``: what a month costs, and what gives way first."""

import argparse
import sys
from decimal import Decimal

from admin.cost.arguments import continent, workload_of
from admin.cost.estimate import estimate
from admin.cost.plot import draw
from admin.cost.prices import PriceList, read_own_price, read_prices
from admin.cost.report import as_json, as_text
from admin.cost.stack import read_stack
from admin.errors import CommandFailed


def run(arguments: argparse.Namespace) -> int:
    """Print the bill, draw the curves if asked to, and return the exit status. Raise ``CommandFailed``."""
    if arguments.calls_per_month is None:
        raise CommandFailed("give --calls-per-month")
    stack = read_stack(arguments.config, arguments.set, arguments.region)
    workload = workload_of(arguments, stack)
    own: dict[str, Decimal] = dict(read_own_price(text) for text in arguments.price)
    prices = PriceList(read_prices(arguments.prices), stack.region, continent(arguments, stack), own)
    found = estimate(workload, stack, prices, with_free=arguments.free_tier)
    if arguments.plot:
        if not workload.calls:
            raise CommandFailed("--plot scales the workload, so it needs calls")
        try:
            arguments.plot.write_text(draw(workload, stack, prices, with_free=arguments.free_tier))
        except OSError as error:
            raise CommandFailed(f"cannot write {arguments.plot}: {error.strerror}") from error
    text = as_json(found) if arguments.format == "json" else as_text(found, with_free=arguments.free_tier)
    sys.stdout.write(text)
    return 0
