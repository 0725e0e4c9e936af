"""Trains the linear model: the gate, and a head for every answer."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, sparse

from schemas import Constraint, Modality, Stance, Topic
from services.extractor.domain.linear import CONCEPT, LinearModel
from services.extractor.domain.ngrams import BUCKETS, ngrams
from services.training.samples import Sample

STRENGTH = 4.0
"""Inverse of the regularisation; 1 to 16 differ by less than the folds do."""
STEPS = 60
"""Steps of the optimiser at the most."""


def train_linear(samples: Sequence[Sample]) -> LinearModel:
    """Return the model trained on articles; the same for the same articles."""
    grams = sparse.vstack([_grams(each) for each in samples]).tocsr().astype(np.float32)
    concepts = np.concatenate([each.concepts for each in samples]) * np.float32(CONCEPT)
    both = sparse.hstack([grams, sparse.csr_matrix(concepts)]).tocsr()
    heads, answers = _answers(samples)
    gate, gate_bias = fit_logistic(grams, answers[:, :1])
    weights, biases = fit_logistic(both, answers)
    scales = np.maximum(np.abs(weights[:BUCKETS]).max(axis=0), 1e-9) / 127
    return LinearModel(
        gate=gate[:, 0],
        gate_bias=float(gate_bias[0]),
        heads=heads,
        ngrams=np.round(weights[:BUCKETS] / scales).astype(np.int8),
        scales=scales.astype(np.float32),
        concepts=weights[BUCKETS:],
        biases=biases,
    )


def _grams(each: Sample) -> sparse.csr_matrix:
    """Return the n-grams of each sentence of an article, sentences by buckets."""
    found = ngrams(each.article.text)
    order = np.argsort(found.positions, kind="stable")
    positions, buckets = found.positions[order], found.buckets[order]
    sentences = [(r.sentence.start, r.sentence.end) for r in each.readings]
    edges = np.searchsorted(positions, np.array(sentences, dtype=np.int64).reshape(-1, 2))
    counts = edges[:, 1] - edges[:, 0]
    rows = np.repeat(np.arange(len(sentences)), counts)
    columns = np.concatenate([buckets[:0], *(buckets[a:b] for a, b in edges)])
    values = np.repeat(1 / np.sqrt(np.maximum(counts, 1)), counts)
    shape = (len(sentences), BUCKETS)
    return sparse.coo_matrix((values, (rows, columns)), shape=shape).tocsr()


def _answers(samples: Sequence[Sample]) -> tuple[tuple[str, ...], NDArray[np.float32]]:
    """Return the heads, and sentences by heads: 1, 0, or NaN where nothing is known."""
    annotations = [a for each in samples for a in each.annotations]
    columns: dict[str, list[float]] = {
        "detection": [float(a is not None) for a in annotations],
        "commitment": [float(a.commitment) if a else np.nan for a in annotations],
    }
    for topic in Topic:
        columns[f"topics.{topic}"] = [
            float(topic in a.topics) if a else np.nan for a in annotations
        ]
    for stance in Stance:
        columns[f"stance.{stance}"] = [
            float(a.stance == stance) if a else np.nan for a in annotations
        ]
    for modality in Modality:
        columns[f"modality.{modality}"] = [
            float(a.modality == modality) if a and a.modality else np.nan for a in annotations
        ]
    for constraint in Constraint:
        columns[f"constraints.{constraint}"] = [
            float(constraint in a.constraints) if a and a.constraints else np.nan
            for a in annotations
        ]
    return tuple(columns), np.array(list(columns.values()), dtype=np.float32).T


def fit_logistic(
    features: Any, answers: NDArray[np.float32], strength: float = STRENGTH
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return weights and biases of logistic regressions, one a column of answers.

    All are fitted together (L-BFGS), which takes a tenth of the time of one after the other.

    Args:
        features: samples by features, dense or sparse.
        answers: samples by questions: 1, 0, or NaN where nothing is known.
        strength: inverse of the regularisation of the weights; biases are free.
    """
    used = np.flatnonzero(np.asarray(abs(features).sum(axis=0)).ravel())
    everything, features = features.shape[1], features[:, used]
    known = ~np.isnan(answers)
    wanted = np.where(known, answers, 0)
    transposed = features.T.tocsr() if sparse.issparse(features) else features.T
    shape = (features.shape[1] + 1, answers.shape[1])

    def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        weights = flat.reshape(shape).astype(np.float32)
        logits = features @ weights[:-1] + weights[-1]
        value = np.where(known, np.logaddexp(0, logits) - wanted * logits, 0).sum(dtype=np.float64)
        error = np.where(known, 1 / (1 + np.exp(-logits)) - wanted, 0).astype(np.float32)
        slope = np.vstack([transposed @ error + weights[:-1] / strength, error.sum(0)])
        value += 0.5 / strength * float((weights[:-1].astype(np.float64) ** 2).sum())
        return value, slope.ravel().astype(np.float64)

    start = np.zeros(shape).ravel()
    found = optimize.minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": STEPS})
    fitted = found.x.reshape(shape).astype(np.float32)
    weights = np.zeros((everything, answers.shape[1]), dtype=np.float32)
    weights[used] = fitted[:-1]
    return weights, fitted[-1]
