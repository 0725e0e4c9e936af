"""Ratios of counts, and how far they would differ on other articles of the same kind."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 1000
SEED = 7
"""The same intervals for the same articles, every time."""
LEVELS = (2.5, 97.5)
"""Percentiles between which 95 % of the resamples lie."""
FEWEST = 2
"""Articles without which an interval says nothing."""

K = TypeVar("K", bound=Hashable)
Terms = Mapping[str, float]
"""Counts by name, each with its weight in a sum."""


@dataclass(frozen=True, slots=True)
class Ratio:
    """One sum of counts over another."""

    above: Terms
    below: Terms
    cases: Terms
    """What it was measured on, for whoever asks how much the ratio says."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A ratio with its interval."""

    value: float | None
    """0 to 1; null where there is nothing to measure."""
    low: float | None
    """Where the 95 % interval begins; null with it."""
    high: float | None
    """Where it ends."""
    of: int
    """How many cases it was measured on."""


def figures(counts: Sequence[Mapping[str, int]], ratios: Mapping[K, Ratio]) -> dict[K, Figure]:
    """Return each ratio over all articles, with a 95 % interval.

    The interval is the percentile bootstrap's: articles are drawn with replacement, for the
    sentences of one article are no independent cases.

    Args:
        counts: those of each article.
        ratios: what to compute, by name.
    """
    used = (terms for each in ratios.values() for terms in (each.above, each.below, each.cases))
    names = sorted({name for terms in used for name in terms})
    column = {name: number for number, name in enumerate(names)}
    table = np.array([[each.get(name, 0) for name in names] for each in counts], dtype=np.float64)
    table = table.reshape(len(counts), len(names))
    sums = np.vstack([table.sum(axis=0), _resampled(table)])
    return {name: _figure(sums, ratio, column) for name, ratio in ratios.items()}


def _resampled(table: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the sums of each resample: resamples by counts."""
    count = len(table)
    if count < FEWEST:
        return np.empty((0, table.shape[1]))
    rng = np.random.default_rng(SEED)
    drawn = rng.multinomial(count, np.full(count, 1 / count), size=RESAMPLES)
    return drawn.astype(np.float64) @ table


def _figure(sums: NDArray[np.float64], ratio: Ratio, column: Mapping[str, int]) -> Figure:
    above, below = (_sum(sums, terms, column) for terms in (ratio.above, ratio.below))
    cases = round(float(_sum(sums[:1], ratio.cases, column)[0]))
    if not below[0]:
        return Figure(None, None, None, cases)
    value = float(above[0] / below[0])
    measured = below[1:] > 0
    if not measured.any():
        return Figure(value, None, None, cases)
    low, high = np.percentile(above[1:][measured] / below[1:][measured], LEVELS)
    return Figure(value, float(low), float(high), cases)


def _sum(sums: NDArray[np.float64], terms: Terms, column: Mapping[str, int]) -> NDArray[np.float64]:
    weights = np.zeros(sums.shape[1])
    for name, weight in terms.items():
        weights[column[name]] = weight
    return sums @ weights
