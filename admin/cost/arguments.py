"""The arguments of the command ``cost``."""

import argparse
from decimal import Decimal, InvalidOperation
from pathlib import Path

from admin.cost.stack import Stack
from admin.cost.workload import Workload, check_workload

# How many days of a month count for what lasts a number of days.
MONTH_DAYS = Decimal(30)
# Argument, default, and what it means. A default of None follows from others.
AMOUNTS: tuple[tuple[str, str | None, str], ...] = (
    ("calls-per-month", None, "requests at /mcp"),
    ("users", "0", "users who call in the month"),
    ("clients", None, "clients in the table [as many as users and machines]"),
    ("logins", None, "logins of users in the month [each user once in refreshTokenDays]"),
    ("registrations", None, "clients that register in the month [as many as logins]"),
    ("machines", "0", "clients that act for themselves"),
    ("machine-calls", None, "how many of the calls are theirs [all, without users]"),
    ("denied-calls", "0", "requests with a bad token, on top"),
    ("active-hours", "20", "hours in the month in which a user calls, evenly"),
    ("task-percent", "0", "percent of the calls that run as tasks"),
    ("task-ms", "60000", "how long a task runs"),
    ("polls", "10", "how often a client asks for the state of a task"),
    ("tool-ms", "100", "how long a tool runs"),
    ("tool-functions", "0", "functions of their own that tools have"),
    ("tool-function-percent", "0", "percent of the calls and tasks that run in one of these"),
    ("own-ms", "25", "how long the authorizer, a login or a token takes; assumed"),
    ("cold-percent", "1", "percent of the invocations that start cold; assumed"),
    ("request-kb", "2", "size of a request, with its headers"),
    ("response-kb", "2", "size of a response, with its headers"),
    ("peak", "5", "the busiest second as a multiple of the average"),
    ("hosted-percent", "10", "percent of the registrations that come from one network"),
    ("document-percent", "0", "percent of the users of one client with a metadata document"),
)
PERCENT, ALL = "percent", 100


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    for name, default, meaning in AMOUNTS:
        kind = _percent if name.endswith(PERCENT) else _amount
        shown = f"{meaning} [{default}]" if default else meaning
        parser.add_argument(f"--{name}", type=kind, default=default, metavar="N", help=shown.replace("%", "%%"))
    parser.add_argument(
        "--config", type=Path, metavar="FILE", help="a Pulumi.<stack>.yaml with the settings of the stack"
    )
    parser.add_argument(
        "--set", action="append", default=[], metavar="KEY=VALUE", help="one setting of the stack, repeatable"
    )
    parser.add_argument("--clients-in", choices=("US", "EU"), help="where CloudFront serves clients [by region]")
    parser.add_argument("--price", action="append", default=[], metavar="NAME=USD", help="a price of yours, repeatable")
    parser.add_argument("--prices", type=Path, metavar="FILE", help="a price list of yours [admin/cost/prices.json]")
    parser.add_argument("--free-tier", action="store_true", help="subtract what every account gets for nothing")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="what to print [text]")
    parser.add_argument("--plot", type=Path, metavar="FILE", help="draw 10^4 to 10^10 calls a month into an SVG file")


def workload_of(arguments: argparse.Namespace, stack: Stack) -> Workload:
    """Return the workload that the arguments describe. Raise ``CommandFailed`` if it cannot be."""
    given = {name.replace("-", "_"): getattr(arguments, name.replace("-", "_")) for name, _, _ in AMOUNTS}
    calls = given.pop("calls_per_month")
    users, machines = given["users"], given["machines"]
    if given["machine_calls"] is None:
        given["machine_calls"] = calls if machines and not users else Decimal(0)
    if given["clients"] is None:
        given["clients"] = users + machines
    if given["logins"] is None:
        given["logins"] = users * MONTH_DAYS / stack.number("refreshTokenDays")
    if given["registrations"] is None:
        given["registrations"] = given["logins"]
    workload = Workload(calls=calls, **given)
    check_workload(workload)
    return workload


def continent(arguments: argparse.Namespace, stack: Stack) -> str:
    """Return where clients are, as the prices of CloudFront tell them apart."""
    return arguments.clients_in or ("EU" if stack.region.startswith("eu-") else "US")


def _amount(text: str) -> Decimal:
    try:
        number = Decimal(text.replace("_", "").replace(",", ""))
    except InvalidOperation:
        raise argparse.ArgumentTypeError("must be a number, such as 1000000 or 1e6") from None
    if not number.is_finite() or number < 0:
        raise argparse.ArgumentTypeError("must not be negative")
    return number


def _percent(text: str) -> Decimal:
    number = _amount(text)
    if number > ALL:
        raise argparse.ArgumentTypeError("must be from 0 to 100")
    return number
