"""Articles ready to learn from: read, tokenised, aligned with their annotations."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from schemas import Constraint, Modality, Stance, Topic
from services.evaluation.goldset import Annotated, Annotation
from services.extractor.domain.reading import Reading
from services.extractor.domain.windows import TITLE, Stretch, Tokens, Window, cut, stretches
from services.training.alignment import align

HEADS = {
    "detection": 1,
    "topics": len(Topic),
    "stance": len(Stance),
    "commitment": 1,
    "modality": len(Modality),
    "constraints": len(Constraint),
}
"""The questions, with how many classes each has."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One article, tokenised and aligned with its annotations."""

    article: Annotated
    readings: Sequence[Reading]
    annotations: Sequence[Annotation | None]
    """One for each sentence, None where it is no statement."""
    title: Sequence[int]
    tokens: Tokens
    parts: Sequence[Stretch]
    concepts: NDArray[np.float32]
    """Sentences by concepts, 0 or 1."""


def sample(
    article: Annotated, readings: Sequence[Reading], title: Sequence[int], tokens: Tokens, bits: int
) -> Sample:
    """Return an article ready to learn from.

    Args:
        article: with its annotations.
        readings: its sentences with their concepts.
        title: tokens of its title.
        tokens: those of its text.
        bits: how many concepts there are.
    """
    annotations = align(article, [reading.sentence for reading in readings])
    parts = stretches(tokens, [(r.sentence.start, r.sentence.end) for r in readings])
    concepts = np.array(
        [[reading.concepts >> bit & 1 for bit in range(bits)] for reading in readings],
        dtype=np.float32,
    ).reshape(len(readings), bits)
    return Sample(article, readings, annotations, title[:TITLE], tokens, parts, concepts)


def windows_of(each: Sample, rng: random.Random | None = None) -> list[Window]:
    """Return the windows that read every sentence of an article; other ones for each `rng`."""
    share = rng.uniform(0.4, 1.0) if rng is not None else 1.0
    return list(cut(each.parts, len(each.title), first_share=share))
