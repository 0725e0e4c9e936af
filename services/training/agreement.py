"""Holds the exported network against the trained one: two forms of the same computation."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from services.extractor.adapters.onnx_reader import OnnxReader
from services.runtime.errors import ConfigurationError
from services.training.network import Reader
from services.training.reader import answer
from services.training.samples import HEADS, Sample, windows_of

LEAST = 0.97
"""Share of sentences about which both have to say the same; 8-bit weights sway a doubtful few."""


def agreement(
    trained: Reader, exported: OnnxReader, samples: Sequence[Sample], marks: tuple[int, int]
) -> float:
    """Return the share of sentences that both networks take alike: statement or not, which stance.

    Raises:
        ConfigurationError: it is below `LEAST`, so that the exported one is another network.
    """
    answers = answer(trained, samples, marks)
    alike = []
    for each in samples:
        for window in windows_of(each):
            found = exported.read(
                each.title,
                [each.tokens.ids[part.first : part.last] for part in window.shown],
                window.read,
                each.concepts[[part.sentence for part in window.own]],
            )
            for row, part in zip(found, window.own, strict=True):
                wanted = answers[each.article.id, part.sentence]
                alike.append(_verdict(row) == _verdict(np.concatenate([*wanted.values()])))
    share = float(np.mean(alike)) if alike else 0.0
    if share < LEAST:
        raise ConfigurationError(
            f"the exported network agrees with the trained one on {share:.1%} of sentences only",
            "Look for what `services/training/export.py` does not share with `network.py`.",
        )
    return share


def _verdict(answers: NDArray[np.float32]) -> tuple[bool, int]:
    """Return whether answers mean a statement and which stance they give it, -1 for none."""
    at, parts = 0, {}
    for name, width in HEADS.items():
        parts[name] = answers[at : at + width]
        at += width
    is_statement = bool(parts["detection"][0] > 0)
    return is_statement, int(parts["stance"].argmax()) if is_statement else -1
