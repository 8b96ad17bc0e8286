"""Measures all packages in turn, round after round, and prints the tables."""

# ruff: noqa: T201 - printing is what it is for
import argparse
import os
import platform
import sys
from collections.abc import Iterator, Sequence

from tests.benchmarks import hop, imports, measure, report
from tests.benchmarks.calls import ADD, LIST
from tests.benchmarks.packages import Package, alternatives, ours

MEGABYTE = 1_000_000
KILOBYTE = 1024
BARE = "bare interpreter"
BOTO3 = report.Figure("loads boto3", 0)


def main() -> None:
    """Measure and print."""
    options = _options()
    if sys.platform != "linux":
        sys.exit("error: the archive of a function holds extensions for Linux, so this runs on Linux alone")
    results = report.Results()
    compiled, uncompiled = ours()
    others = alternatives()
    for package in [compiled, *others]:
        results.add(report.ARCHIVE, package.name, package.archive_bytes / MEGABYTE)
    for number in _rounds(options.rounds):
        _cold(results, [compiled, uncompiled, *others])
        if number % options.warm_every == 0:
            for package in [compiled, *others]:
                _warm(results, package, options.calls)
            hop.add_round(results, compiled, options.calls)
    remarks = [*_remarks(results, compiled, uncompiled), _setting(options)]
    print(results.tables(compiled.name, [package.name for package in others]))
    print("", hop.table(results), sep="\n")
    print("", report.table(["imports of this server", "ms"], _imports(compiled)), sep="\n")
    print("", *(f"- {remark}" for remark in remarks), sep="\n")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=15, help="how often each package starts cold")
    parser.add_argument("--warm-every", type=int, default=3, help="in which rounds it is measured warm too: each nth")
    parser.add_argument("--calls", type=int, default=2000, help="how many warm calls are timed in such a round")
    return parser.parse_args()


def _rounds(count: int) -> Iterator[int]:
    for number in range(count):
        print(f"\rround {number + 1} of {count} ", end="", file=sys.stderr, flush=True)
        yield number
    print(file=sys.stderr)


def _cold(results: report.Results, packages: Sequence[Package]) -> None:
    bare = measure.interpreter()
    results.add(report.COLD, BARE, bare.first_answer)
    results.add(report.MEMORY, BARE, _megabytes(bare))
    for package in packages:
        reading = measure.serve(package, ADD)
        results.add(report.COLD, package.name, reading.first_answer - bare.first_answer)
        results.add(report.PROCESSOR, package.name, reading.processor - bare.processor)
        results.add(report.MEMORY, package.name, _megabytes(reading))
        results.add(BOTO3, package.name, reading.boto3)


def _warm(results: report.Results, package: Package, calls: int) -> None:
    adding = measure.serve(package, ADD, warm_up=calls // 10, calls=calls)
    results.add(report.WARM, package.name, adding.p50)
    results.add(report.TAIL, package.name, adding.p99)
    # A list is long: a tenth of the calls is enough.
    listing = measure.serve(package, LIST, warm_up=calls // 100, calls=calls // 10)
    results.add(report.LISTING, package.name, listing.p50)


def _megabytes(reading: measure.Reading) -> float:
    return reading.peak_kilobytes * KILOBYTE / MEGABYTE


def _imports(package: Package) -> list[list[str]]:
    shares = imports.shares(package)
    return [*([name, f"{taken:.1f}"] for name, taken in shares), ["all", f"{sum(taken for _, taken in shares):.1f}"]]


def _remarks(results: report.Results, compiled: Package, uncompiled: Package) -> list[str]:
    start, memory = (results.value(figure, BARE) for figure in (report.COLD, report.MEMORY))
    sources = results.value(report.COLD, uncompiled.name)
    slower = results.ratio(report.COLD, uncompiled.name, compiled.name)
    return [
        f"A bare interpreter starts in {start} ms, which is subtracted from each cold start, and takes {memory} MB.",
        f"Without its compiled files this server starts in {sources} ms: {slower} times as long.",
        f"boto3 is loaded by: {', '.join(results.holding(BOTO3)) or 'none'}.",
    ]


def _setting(options: argparse.Namespace) -> str:
    warm = -(-options.rounds // options.warm_every)
    return (
        f"Python {platform.python_version()} on {platform.machine()} with {os.cpu_count()} processors. "
        f"{options.rounds} rounds, {warm} of them with {options.calls} warm calls after {options.calls // 10}."
    )


if __name__ == "__main__":
    main()
