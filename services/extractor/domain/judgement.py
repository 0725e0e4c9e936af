"""Weighs the models' opinions: what is a statement, and what it says.

Opinions are logits. For detection they are joined by the sentence's neighbours and the article as a
whole, since one doubtful sentence in an otherwise quiet article is mostly chance. All weights come
from `accesswatch train`, which fits them on articles that the models were not trained on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.extractor.domain.linear import Floats

Doubles = NDArray[np.float64]

SIGNS = ("reader", "linear", "before", "after", "article", "strongest", "rest", "bias")
"""What detection weighs: both opinions; the best opinion of the sentence before and after; the
article's mean, its three strongest, its share of likely sentences; a constant."""
STRONGEST = 3
"""Sentences that are an article's strongest, in a short one every second."""
LIKELY = 0.5


@dataclass(frozen=True, slots=True)
class Blend:
    """How the two opinions on one question are added up."""

    reader: float
    linear: float
    biases: tuple[float, ...]
    """One for each class."""

    def __call__(self, reader: Floats | None, linear: Floats) -> Doubles:
        """Return the logits of each class; without a reader the linear model decides alone."""
        own = 0.0 if reader is None else self.reader * reader
        logits: Doubles = np.asarray(own + self.linear * linear + np.array(self.biases))
        return logits


@dataclass(frozen=True, slots=True)
class Judgement:
    """The weights for one group of languages."""

    reads: bool
    """Whether the reader is asked about them."""

    detection: Mapping[str, float]
    """Weights by `SIGNS`."""
    threshold: float
    """Probability from which on a sentence is a statement."""
    peak: float
    """Probability that the likeliest sentence of an article needs, or it has no statement."""
    blends: Mapping[str, Blend]
    """By question: `topics`, `stance`, `commitment`, `modality`, `constraints`."""
    gate: float
    """Score from which on an article is read."""

    def probabilities(self, reader: Sequence[float] | None, linear: Sequence[float]) -> Doubles:
        """Return how likely each sentence of an article is a statement.

        Args:
            reader: the reader's opinion of each sentence, or None where it reads none.
            linear: the linear model's.
        """
        weights = np.array([self.detection[name] for name in SIGNS])
        return sigmoid(signs(reader, linear) @ weights)

    def chosen(self, probabilities: Sequence[float]) -> list[int]:
        """Return the numbers of an article's sentences that are statements.

        One doubtful sentence in an otherwise quiet article is mostly chance.
        """
        if max(probabilities, default=0.0) < self.peak:
            return []
        return [number for number, each in enumerate(probabilities) if each >= self.threshold]


def signs(reader: Sequence[float] | None, linear: Sequence[float]) -> Doubles:
    """Return what detection weighs, sentences by `SIGNS`."""
    second = np.asarray(linear, dtype=np.float64)
    first = np.zeros_like(second) if reader is None else np.asarray(reader, dtype=np.float64)
    best = second if reader is None else first
    likely = sigmoid(best)
    count = len(best)
    beside = np.concatenate(([-3.0], np.clip(best, -3, 3), [-3.0]))
    top = np.sort(likely)[-strongest(count) :]
    whole = np.ones(count)
    return np.stack(
        [
            first,
            second,
            beside[:-2],
            beside[2:],
            whole * (likely.mean() if count else 0),
            whole * (top.mean() if count else 0),
            whole * ((likely > LIKELY).mean() if count else 0),
            whole,
        ],
        axis=1,
    )


def strongest(count: int) -> int:
    """Return how many of an article's sentences are its strongest: feeds often carry only two."""
    return max(1, min(STRONGEST, count // 2))


def sigmoid(logits: Any) -> Doubles:
    """Return probabilities for logits, without overflow."""
    answer: Doubles = 1 / (1 + np.exp(-np.clip(logits, -60, 60)))
    return answer


def read_judgement(values: Mapping[str, Any]) -> Judgement:
    """Return the judgement that `model/judgement.json` describes for one group of languages."""
    return Judgement(
        reads=values["reads"],
        detection=values["detection"],
        threshold=values["threshold"],
        peak=values["peak"],
        blends={
            name: Blend(each["reader"], each["linear"], tuple(each["biases"]))
            for name, each in values["blends"].items()
        },
        gate=values["gate"],
    )
