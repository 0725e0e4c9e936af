"""Whether statements of confidence 0.8 are right 8 times out of 10."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from services.evaluation.matching import Judged

BINS = 10


@dataclass(frozen=True, slots=True)
class Bin:
    """The statements whose confidence lies in one range."""

    low: float
    high: float
    statements: int
    confidence: float
    """Their mean confidence."""
    precision: float
    """Which share of them is right."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """How far confidence and precision of the statements found are apart."""

    error: float | None
    """The expected calibration error: the mean distance of the two, weighted by statements."""
    bins: tuple[Bin, ...]
    """Ranges of confidence that hold statements, lowest first."""


def calibration(judged: Iterable[Judged]) -> Calibration:
    """Return how well the confidence of the statements found says how many are right."""
    ranges: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for each in judged:
        for pair in each.pairs:
            if pair.found is not None:
                confidence = pair.found.confidence
                number = min(int(confidence * BINS), BINS - 1)
                ranges[number].append((confidence, pair.wanted is not None))
    bins = tuple(_bin(number, cases) for number, cases in enumerate(ranges) if cases)
    total = sum(each.statements for each in bins)
    distances = (each.statements * abs(each.confidence - each.precision) for each in bins)
    return Calibration(sum(distances) / total if total else None, bins)


def _bin(number: int, cases: Sequence[tuple[float, bool]]) -> Bin:
    count = len(cases)
    return Bin(
        low=number / BINS,
        high=(number + 1) / BINS,
        statements=count,
        confidence=sum(confidence for confidence, _ in cases) / count,
        precision=sum(right for _, right in cases) / count,
    )
