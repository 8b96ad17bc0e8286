"""Figures as Markdown: medians, their spread, and the ratios between them."""

from collections import defaultdict
from collections.abc import Sequence
from statistics import median
from typing import NamedTuple


class Figure(NamedTuple):
    """Something that is measured, with its unit and the decimals that are worth showing."""

    name: str
    decimals: int


COLD = Figure("cold start, ms", 0)
PROCESSOR = Figure("processor time of it, ms", 0)
WARM = Figure("warm call, median, ms", 3)
TAIL = Figure("warm call, 99th percentile, ms", 3)
LISTING = Figure("`tools/list` of 500 tools, median, ms", 2)
MEMORY = Figure("peak memory, MB", 1)
ARCHIVE = Figure("archive, MB", 1)
FIGURES = (COLD, PROCESSOR, WARM, TAIL, LISTING, MEMORY, ARCHIVE)


class Results:
    """One sample per round of each figure of each package."""

    def __init__(self) -> None:
        self._samples: dict[tuple[Figure, str], list[float]] = defaultdict(list)

    def add(self, figure: Figure, package: str, value: float) -> None:
        """Keep a sample."""
        self._samples[figure, package].append(value)

    def value(self, figure: Figure, package: str) -> str:
        """The median of the samples, and the least and the most of them."""
        samples = self._samples[figure, package]
        return _shown(median(samples), samples, figure.decimals)

    def ratio(self, figure: Figure, package: str, other: str) -> str:
        """The ratio of the medians of two packages, and the least and the most of the ratios within a round."""
        mine, theirs = self._samples[figure, package], self._samples[figure, other]
        within = [one / another for one, another in zip(mine, theirs, strict=True)]
        return _shown(median(mine) / median(theirs), within, 2)

    def holding(self, figure: Figure) -> list[str]:
        """The packages with a sample of this figure that is not zero."""
        return [package for (kind, package), samples in self._samples.items() if kind == figure and any(samples)]

    def tables(self, ours: str, others: Sequence[str]) -> str:
        """The figures of all packages, and the ratio of ours to each of the others."""
        values = [[figure.name, *(self.value(figure, name) for name in [ours, *others])] for figure in FIGURES]
        ratios = [[_without_unit(figure), *(self.ratio(figure, ours, name) for name in others)] for figure in FIGURES]
        return f"{table(['', ours, *others], values)}\n\n{table([f'{ours} as a ratio to', *others], ratios)}"


def _without_unit(figure: Figure) -> str:
    return figure.name.rpartition(", ")[0]


def _shown(middle: float, samples: Sequence[float], decimals: int) -> str:
    numbers = [f"{number:.{decimals}f}" for number in (middle, min(samples), max(samples))]
    return numbers[0] if len(set(numbers)) == 1 else f"{numbers[0]} ({numbers[1]} to {numbers[2]})"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table, its numbers to the right."""
    rule = ["---", *("---:" for _ in head[1:])]
    return "\n".join(f"| {' | '.join(row)} |" for row in [head, rule, *rows])
