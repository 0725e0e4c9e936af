"""Fits how the models' opinions are weighed, on articles that they were not trained on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import optimize

from schemas import Constraint, Modality, Stance, Topic
from services.evaluation.goldset import Annotation
from services.extractor.domain.judgement import SIGNS, sigmoid, signs
from services.training.linear import fit_logistic

Doubles = NDArray[np.float64]

NEAR_BEST = 0.002
"""F1 that is given up for a higher threshold: fewer quiet articles get a statement."""
LOST = 0.02
"""Part of the statements that the gate may lose."""
CAUTION = 0.3
"""How strongly the fitted weights are held back, so that a small fold does not overdo it."""


@dataclass(frozen=True, slots=True)
class Opinions:
    """What models that never saw an article say of it."""

    annotations: Sequence[Annotation | None]
    """One for each sentence."""
    linear: Mapping[str, Doubles]
    """Logits by question, sentences by classes."""
    reader: Mapping[str, Doubles] | None
    gate: float
    language: str
    is_lead: bool = False
    """Whether it is of the first sentences of an article only."""

    def first(self, sentences: int, gate: float) -> "Opinions":
        """Return what the models say of an article's first sentences, given its gate's score."""
        return Opinions(
            self.annotations[:sentences],
            {name: values[:sentences] for name, values in self.linear.items()},
            self.reader and {name: values[:sentences] for name, values in self.reader.items()},
            gate,
            self.language,
            is_lead=True,
        )


def calibrate(opinions: Sequence[Opinions], gates: Sequence[Opinions]) -> dict[str, Any]:
    """Return the judgement of a group of languages, as `read_judgement` takes it.

    Args:
        opinions: of articles in languages of the group; the reader is asked where it has answered.
        gates: of articles that the gate is fitted on, which needs more of them.
    """
    detection, threshold, peak = _detection(opinions)
    pairs = [
        (annotation, each, row)
        for each in opinions
        for row, annotation in enumerate(each.annotations)
        if annotation is not None
    ]
    return {
        "reads": opinions[0].reader is not None,
        "detection": detection,
        "threshold": threshold,
        "peak": peak,
        "blends": {
            "topics": _several(
                pairs, "topics", [[t in a.topics for t in Topic] for a, _, _ in pairs]
            ),
            "stance": _single(
                pairs, "stance", [list(Stance).index(Stance(a.stance)) for a, _, _ in pairs]
            ),
            "commitment": _several(pairs, "commitment", [[a.commitment] for a, _, _ in pairs]),
            "modality": _single(
                known := [pair for pair in pairs if pair[0].modality],
                "modality",
                [list(Modality).index(Modality(a.modality or "")) for a, _, _ in known],
            ),
            "constraints": _several(
                limited := [pair for pair in pairs if pair[0].constraints],
                "constraints",
                [[c in (a.constraints or ()) for c in Constraint] for a, _, _ in limited],
            ),
        },
        "gate": _gate(gates),
    }


def _detection(opinions: Sequence[Opinions]) -> tuple[dict[str, float], float, float]:
    features, found = [], []
    for each in opinions:
        reader = None if each.reader is None else each.reader["detection"][:, 0].tolist()
        features.append(signs(reader, each.linear["detection"][:, 0].tolist()))
        found += [annotation is not None for annotation in each.annotations]
    table, answers = np.concatenate(features), np.array(found)
    weights, biases = fit_logistic(
        table[:, :-1].astype(np.float32), answers[:, None].astype(np.float32), strength=1.0
    )
    fitted = [*weights[:, 0].tolist(), float(biases[0])]
    chances = sigmoid(table @ np.array(fitted))
    threshold = best_threshold(chances, answers)
    edges = np.cumsum([0, *(len(each.annotations) for each in opinions)])
    peak = best_peak(chances, answers, edges, threshold)
    return dict(zip(SIGNS, (round(each, 4) for each in fitted), strict=True)), threshold, peak


def best_threshold(chances: Doubles, answers: NDArray[np.bool_]) -> float:
    """Return the highest probability whose F1 is within `NEAR_BEST` of the best."""
    candidates = np.arange(0.2, 0.85, 0.01)
    scores = np.array([f1(chances >= each, answers) for each in candidates])
    return round(float(candidates[scores >= scores.max() - NEAR_BEST].max()), 2)


def best_peak(
    chances: Doubles, answers: NDArray[np.bool_], edges: NDArray[np.int64], threshold: float
) -> float:
    """Return the highest peak of an article whose F1 is within `NEAR_BEST` of the best.

    Args:
        chances: how likely each sentence is a statement.
        answers: whether it is one.
        edges: where each article's sentences begin, and where the last one's end.
        threshold: from which on a sentence is a statement.
    """
    counts = np.diff(edges)
    highest = np.repeat([chances[a:b].max(initial=0) for a, b in pairwise(edges)], counts)
    candidates = np.arange(threshold, 0.91, 0.01)
    scores = np.array(
        [f1((chances >= threshold) & (highest >= each), answers) for each in candidates]
    )
    return round(float(candidates[scores >= scores.max() - NEAR_BEST].max()), 2)


def f1(chosen: NDArray[np.bool_], wanted: NDArray[np.bool_]) -> float:
    """Return the harmonic mean of precision and recall, over all entries together."""
    both = float((chosen & wanted).sum())
    return 2 * both / max(1.0, float(chosen.sum() + wanted.sum()))


def _opinions(pairs: Sequence[Any], question: str) -> tuple[Doubles, Doubles]:
    linear = np.array([each.linear[question][row] for _, each, row in pairs])
    reader = np.array(
        [
            each.reader[question][row] if each.reader else np.zeros_like(each.linear[question][row])
            for _, each, row in pairs
        ]
    )
    return reader, linear


def _several(
    pairs: Sequence[Any], question: str, wanted: Sequence[Sequence[bool]]
) -> dict[str, Any]:
    """Fit a question of which several answers may hold, then move all biases to the best F1."""
    reader, linear = _opinions(pairs, question)
    answers = np.array(wanted)
    classes = answers.shape[1]

    def loss(parameters: Doubles) -> float:
        logits = parameters[0] * reader + parameters[1] * linear + parameters[2:]
        fit = np.logaddexp(0, logits) - answers * logits
        return float(fit.sum() + CAUTION * (parameters[2:] ** 2).sum())

    start = np.concatenate(([0.5, 0.5], np.zeros(classes)))
    fitted = optimize.minimize(loss, start, method="L-BFGS-B").x
    logits = fitted[0] * reader + fitted[1] * linear + fitted[2:]
    shifts = np.arange(-0.5, 2.5, 0.05)
    best = shifts[int(np.argmax([f1(_chosen(logits + shift), answers) for shift in shifts]))]
    return _blend(fitted, fitted[2:] + best)


def _chosen(logits: Doubles) -> NDArray[np.bool_]:
    """Return what is answered: all that is more likely than not, at least the likeliest topic."""
    chosen: NDArray[np.bool_] = logits > 0
    if logits.shape[1] > 1:
        chosen |= logits == logits.max(axis=1, keepdims=True)
    return chosen


def _single(pairs: Sequence[Any], question: str, wanted: Sequence[int]) -> dict[str, Any]:
    """Fit a question with one answer."""
    reader, linear = _opinions(pairs, question)
    rows, answers = np.arange(len(wanted)), np.array(wanted)

    def loss(parameters: Doubles) -> float:
        logits = parameters[0] * reader + parameters[1] * linear + parameters[2:]
        logits = logits - logits.max(axis=1, keepdims=True)
        likely = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
        return float(-likely[rows, answers].sum() + CAUTION * (parameters[2:] ** 2).sum())

    start = np.concatenate(([0.5, 0.5], np.zeros(linear.shape[1])))
    fitted = optimize.minimize(loss, start, method="L-BFGS-B").x
    return _blend(fitted, fitted[2:])


def _blend(fitted: Doubles, biases: Doubles) -> dict[str, Any]:
    return {
        "reader": round(float(fitted[0]), 4),
        "linear": round(float(fitted[1]), 4),
        "biases": [round(float(bias), 4) for bias in biases],
    }


def _gate(opinions: Sequence[Opinions]) -> float:
    """Return the score that so few statements' articles fall below as `LOST` allows."""
    counted = sorted((each.gate, sum(a is not None for a in each.annotations)) for each in opinions)
    allowed = LOST * sum(count for _, count in counted)
    for score, count in counted:
        allowed -= count
        if allowed < 0:
            return round(score - 0.005, 3)
    return counted[-1][0]
