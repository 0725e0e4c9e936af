"""Trains the reader's network."""

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from services.training.batches import UNKNOWN, Batch, batches
from services.training.network import Reader
from services.training.samples import HEADS, Sample, windows_of


@dataclass(frozen=True, slots=True)
class Recipe:
    """How the network is trained."""

    epochs: int = 5
    batch: int = 12
    """Windows of a step."""
    rate: float = 1.5e-4
    """Learning rate of the encoder at its highest."""
    head_factor: float = 8.0
    """How much faster the heads learn."""
    warm_up: float = 0.1
    seed: int = 7
    topics_weight: float = 3.0
    stance_weight: float = 0.7
    modality_weight: float = 0.4
    constraints_weight: float = 1.0
    commitment_weight: float = 1.0


Answer = dict[str, NDArray[np.float32]]
"""What the network says of one sentence: logits by head."""


def train_reader(
    samples: Sequence[Sample],
    encoder: Path,
    marks: tuple[int, int],
    recipe: Recipe = Recipe(),
    tell: Callable[[str], None] = print,
) -> Reader:
    """Return a network trained on articles; the same for the same seed and machine."""
    torch.manual_seed(recipe.seed)
    rng = random.Random(recipe.seed)  # noqa: S311 - shuffles training data
    reader = Reader(encoder, samples[0].concepts.shape[1], HEADS)
    reader.train()
    plans = [_plan(samples, rng, recipe.batch) for _ in range(recipe.epochs)]
    optimizer = _optimizer(reader, recipe)
    steps = sum(map(len, plans))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: _rate(step, steps, recipe.warm_up)
    )
    for epoch, plan in enumerate(plans, start=1):
        began, losses = time.monotonic(), []
        for batch in (each for items in plan for each in batches(items, recipe.batch, marks)):
            loss = _loss(reader, batch, recipe)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(reader.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            losses.append(loss.item())
        seconds = time.monotonic() - began
        tell(f"epoch {epoch} of {recipe.epochs}: loss {np.mean(losses):.3f}, {seconds:.0f} s")
    reader.eval()
    return reader


def _optimizer(reader: Reader, recipe: Recipe) -> torch.optim.Optimizer:
    slow = list(reader.encoder.parameters())
    known = {id(parameter) for parameter in slow}
    fast = [each for each in reader.parameters() if id(each) not in known]
    groups = [
        {"params": slow, "lr": recipe.rate},
        {"params": fast, "lr": recipe.rate * recipe.head_factor},
    ]
    return torch.optim.AdamW(groups, weight_decay=0.01, fused=True)


def _rate(step: int, steps: int, warm_up: float) -> float:
    rising = (step + 1) / max(1.0, warm_up * steps)
    return min(1.0, rising) * max(0.02, 1 - step / max(1, steps))


def _plan(samples: Sequence[Sample], rng: random.Random, size: int) -> list[list]:  # type: ignore[type-arg]
    """Return the batches of an epoch: windows of like length together, in random order."""
    items = [(each, window) for each in samples for window in windows_of(each, rng)]
    rng.shuffle(items)
    pool = size * 16
    planned = []
    for at in range(0, len(items), pool):
        near = sorted(items[at : at + pool], key=lambda i: sum(p.length for p in i[1].shown))
        planned += [near[start : start + size] for start in range(0, len(near), size)]
    rng.shuffle(planned)
    return planned


def _run(reader: Reader, batch: Batch) -> dict[str, Tensor]:
    with torch.autocast("cpu", dtype=torch.bfloat16):
        heads = reader(batch.ids, batch.mask, batch.segments, batch.windows, batch.concepts)
    return {name: values.float() for name, values in heads.items()}


def _loss(reader: Reader, batch: Batch, recipe: Recipe) -> Tensor:
    heads = _run(reader, batch)
    wanted = batch.answers
    bce = functional.binary_cross_entropy_with_logits
    loss = bce(heads["detection"].squeeze(-1), wanted["detection"])
    positive = wanted["detection"] > 0
    if positive.any():
        topics = bce(heads["topics"][positive], wanted["topics"][positive])
        stance = functional.cross_entropy(heads["stance"][positive], wanted["stance"][positive])
        commitment = bce(heads["commitment"][positive].squeeze(-1), wanted["commitment"][positive])
        loss = loss + recipe.topics_weight * topics + recipe.stance_weight * stance
        loss = loss + recipe.commitment_weight * commitment
    known = wanted["modality"] != UNKNOWN
    if known.any():
        modality = functional.cross_entropy(heads["modality"][known], wanted["modality"][known])
        loss = loss + recipe.modality_weight * modality
    known = wanted["constraints"][:, 0] != UNKNOWN
    if known.any():
        constraints = bce(heads["constraints"][known], wanted["constraints"][known])
        loss = loss + recipe.constraints_weight * constraints
    return loss


@torch.no_grad()  # type: ignore[untyped-decorator]
def answer(
    reader: Reader, samples: Sequence[Sample], marks: tuple[int, int], size: int = 12
) -> dict[tuple[str, int], Answer]:
    """Return what a network says of every sentence, by article id and number of the sentence."""
    items = [(each, window) for each in samples for window in windows_of(each)]
    items.sort(key=lambda item: sum(part.length for part in item[1].shown))
    answers: dict[tuple[str, int], Answer] = {}
    for batch in batches(items, size, marks):
        heads = _run(reader, batch)
        for row, (each, number) in enumerate(batch.owners):
            answers[each.article.id, number] = {
                name: values[row].numpy() for name, values in heads.items()
            }
    return answers
