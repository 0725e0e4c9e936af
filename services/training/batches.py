"""What the reader's network learns from: windows of tokens, and the answers to each sentence."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from schemas import Constraint, Modality, Stance, Topic
from services.evaluation.goldset import Annotation
from services.extractor.domain.windows import Window
from services.training.samples import Sample

UNKNOWN = -100
"""A label that no loss is taken from."""
_TOPICS, _STANCES = list(Topic), list(Stance)
_MODALITIES, _CONSTRAINTS = list(Modality), list(Constraint)


@dataclass(frozen=True, slots=True)
class Batch:
    """Windows and answers, as tensors."""

    ids: Tensor
    mask: Tensor
    segments: Tensor
    windows: Tensor
    concepts: Tensor
    answers: dict[str, Tensor]
    owners: Sequence[tuple[Sample, int]]
    """The article and the number of each sentence."""


def batches(
    items: Sequence[tuple[Sample, Window]], size: int, marks: tuple[int, int]
) -> Iterator[Batch]:
    """Yield batches of windows in the order given.

    Args:
        items: windows with their articles.
        size: windows of a batch.
        marks: ids of the tokens that begin a window, and end its title and itself.
    """
    for at in range(0, len(items), size):
        yield _batch(items[at : at + size], marks)


def window_ids(each: Sample, window: Window, marks: tuple[int, int]) -> tuple[list[int], list[int]]:
    """Return the token ids of a window, and where each shown sentence begins in it."""
    ids = [marks[0], *each.title, marks[1]]
    firsts = []
    for part in window.shown:
        firsts.append(len(ids))
        ids += each.tokens.ids[part.first : part.last]
    return [*ids, marks[1]], firsts


def _batch(items: Sequence[tuple[Sample, Window]], marks: tuple[int, int]) -> Batch:
    built = [window_ids(each, window, marks) for each, window in items]
    length = max(len(ids) for ids, _ in built)
    total = sum(len(window.read) for _, window in items)
    ids = torch.zeros(len(items), length, dtype=torch.long)
    mask = torch.zeros(len(items), length)
    segments = torch.full((len(items), length), total, dtype=torch.long)
    owners: list[tuple[Sample, int]] = []
    rows: list[int] = []
    for row, ((each, window), (row_ids, firsts)) in enumerate(zip(items, built, strict=True)):
        ids[row, : len(row_ids)] = torch.tensor(row_ids)
        mask[row, : len(row_ids)] = 1
        for number in window.read:
            part, first = window.shown[number], firsts[number]
            segments[row, first : first + part.length] = len(owners)
            owners.append((each, part.sentence))
            rows.append(row)
    concepts = torch.from_numpy(np.stack([each.concepts[number] for each, number in owners]))
    annotations = [each.annotations[number] for each, number in owners]
    return Batch(
        ids=ids,
        mask=mask,
        segments=segments,
        windows=torch.tensor(rows),
        concepts=concepts,
        answers=_answers(annotations),
        owners=owners,
    )


def _answers(annotations: Sequence[Annotation | None]) -> dict[str, Tensor]:
    count = len(annotations)
    answers = {
        "detection": torch.zeros(count),
        "topics": torch.zeros(count, len(Topic)),
        "stance": torch.full((count,), UNKNOWN),
        "commitment": torch.full((count,), float(UNKNOWN)),
        "modality": torch.full((count,), UNKNOWN),
        "constraints": torch.full((count, len(Constraint)), float(UNKNOWN)),
    }
    for row, each in enumerate(annotations):
        if each is None:
            continue
        answers["detection"][row] = 1
        for topic in each.topics:
            answers["topics"][row, _TOPICS.index(Topic(topic))] = 1
        answers["stance"][row] = _STANCES.index(Stance(each.stance))
        answers["commitment"][row] = float(each.commitment)
        if each.modality is not None:
            answers["modality"][row] = _MODALITIES.index(Modality(each.modality))
        if each.constraints:
            answers["constraints"][row] = 0
            for constraint in each.constraints:
                answers["constraints"][row, _CONSTRAINTS.index(Constraint(constraint))] = 1
    return answers
