"""Where the cold start of a package goes: what its imports take, as ``python -X importtime`` tells it."""

from collections import defaultdict
from statistics import median

from tests.benchmarks.calls import ADD
from tests.benchmarks.measure import import_times
from tests.benchmarks.packages import Package

RUNS = 5
LEAST_MILLISECONDS = 0.5


def shares(package: Package) -> list[tuple[str, float]]:
    """The milliseconds that each distribution takes to import, without what it imports of others, most first.

    The standard library counts as one; what takes less than half a millisecond is left out.
    """
    runs = [_milliseconds(package) for _ in range(RUNS)]
    middle = [(name, median(run[name] for run in runs)) for name in runs[0]]
    return sorted((share for share in middle if share[1] >= LEAST_MILLISECONDS), key=lambda share: -share[1])


def _milliseconds(package: Package) -> dict[str, float]:
    taken: dict[str, float] = defaultdict(float)
    # import time: <microseconds of its own> | <cumulative> | <module, indented>
    for line in import_times(package, ADD).splitlines():
        own, *_, module = line.removeprefix("import time:").split("|")
        if own.strip().isdecimal():
            taken[_distribution(package, module.strip())] += int(own) / 1000
    return taken


def _distribution(package: Package, module: str) -> str:
    name = module.partition(".")[0]
    packaged = (package.folder / name).is_dir() or any(package.folder.glob(f"{name}.*"))
    return f"`{name}`" if packaged else "the standard library"
