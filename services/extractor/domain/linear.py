"""A linear model over hashed n-grams and concepts: the gate, and a second opinion to the reader.

The score of a head for a sentence is its bias, plus the weights of the sentence's n-grams divided
by the square root of their number, plus the weights of its concepts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.extractor.domain.ngrams import ngrams

Floats = NDArray[np.float32]
Places = NDArray[np.int64]

CONCEPT = 0.5
"""What a concept counts, beside n-grams whose squares add up to about 1."""


class Spread(NamedTuple):
    """Detection's evidence along a text, as running sums: one entry more than characters."""

    weights: NDArray[np.float64]
    counts: NDArray[np.int64]

    def score(self, starts: Places, ends: Places, bias: float) -> NDArray[np.float64]:
        """Return the score of each stretch from its start to its end."""
        weights = self.weights[ends] - self.weights[starts]
        counts = self.counts[ends] - self.counts[starts]
        scores: NDArray[np.float64] = bias + weights / np.sqrt(np.maximum(counts, 1))
        return scores


@dataclass(frozen=True, slots=True)
class LinearModel:
    """Weights as trained."""

    gate: Floats
    """Detection by n-grams alone, a weight for each bucket."""
    gate_bias: float
    heads: tuple[str, ...]
    """What each column of the following answers, for example `topics.aid_delivery`."""
    ngrams: NDArray[np.int8]
    """Buckets by heads."""
    scales: Floats
    """What a unit of `ngrams` is worth, by heads."""
    concepts: Floats
    """Concepts by heads."""
    biases: Floats

    def spread(self, text: str) -> Spread:
        """Return the gate's evidence along a text."""
        found = ngrams(text)
        size = len(text) + 1
        weights = np.bincount(found.positions + 1, self.gate[found.buckets], size)
        counts = np.bincount(found.positions + 1, minlength=size)
        return Spread(np.cumsum(weights), np.cumsum(counts))

    def scores(
        self, text: str, sentences: Sequence[tuple[int, int]], concepts: NDArray[np.float32]
    ) -> Floats:
        """Return the scores of each sentence, sentences by heads.

        Args:
            text: the article's.
            sentences: first character and one past the last of each, in order.
            concepts: sentences by concepts, 0 or 1.
        """
        found = ngrams(text)
        order = np.argsort(found.positions, kind="stable")
        positions, buckets = found.positions[order], found.buckets[order]
        answer = concepts @ self.concepts * CONCEPT + self.biases
        edges = np.searchsorted(positions, np.asarray(sentences, dtype=np.int64).reshape(-1, 2))
        for row, (first, last) in enumerate(edges):
            if first < last:
                total = self.ngrams[buckets[first:last]].sum(0, dtype=np.int64)
                answer[row] += total * self.scales / np.sqrt(last - first)
        return answer.astype(np.float32)
