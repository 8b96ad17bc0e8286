"""``python -m tests.fuzz``: made-up requests against a stack of its own."""

import argparse
import random
import sys
import tempfile
import time
from pathlib import Path

from local.report import say
from tests.fuzz.run import Report, fuzz
from tests.support.local_stack import LocalStack

# Everything comes from one address.
LIMITS = ("registrationsPerHour", "failedAuthenticationsPerMinute", "authorizationsPerMinute")
CONFIG = dict.fromkeys(LIMITS, "10000000")


def main() -> int:
    """The exit status: 1 when an answer is not one that the document describes."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--cases", type=int, default=10_000, help="how many requests [10000]")
    parser.add_argument("--seed", type=int, default=random.randrange(2**32), help="what makes them the same again")  # noqa: S311
    parser.add_argument("--url", help="a stack that is already running, its limits raised")
    arguments = parser.parse_args()
    say(f"seed {arguments.seed}")
    started = time.monotonic()
    if arguments.url:
        report = fuzz(arguments.url, arguments.cases, arguments.seed)
    else:
        with tempfile.TemporaryDirectory() as place, LocalStack(Path(place) / "stack", config=CONFIG) as stack:
            report = fuzz(stack.outputs["url"], arguments.cases, arguments.seed)
    say(summary(report, time.monotonic() - started))
    return 1 if report.failures else 0


def summary(report: Report, seconds: float) -> str:
    """What is shown at the end."""
    lines = [f"{label:<50} {status} {count:>6}" for (label, status), count in sorted(report.answers.items())]
    lines += [f"\n{label}\n{message}" for label, message in sorted(set(report.failures))[:50]]
    return "\n".join(
        [*lines, f"{report.cases} cases in {seconds:.0f} s, {len(report.failures)} with an answer not described"]
    )


if __name__ == "__main__":
    sys.exit(main())
