"""Holds the exported network against the trained one: two forms of the same computation."""

from collections.abc import Sequence

import numpy as np

from services.extractor.adapters.onnx_reader import OnnxReader
from services.runtime.errors import ConfigurationError
from services.training.network import Reader
from services.training.reader import Answer, answer
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
    ends = np.cumsum([*HEADS.values()])[:-1]
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
                given = dict(zip(HEADS, np.split(row, ends), strict=True))
                alike.append(_verdict(given) == _verdict(answers[each.article.id, part.sentence]))
    share = float(np.mean(alike)) if alike else 0.0
    if share < LEAST:
        raise ConfigurationError(
            f"the exported network agrees with the trained one on {share:.1%} of sentences only",
            "Look for what `services/training/export.py` does not share with `network.py`.",
        )
    return share


def _verdict(given: Answer) -> tuple[bool, int]:
    """Return whether an answer means a statement and which stance it gives it, -1 for none."""
    is_statement = bool(given["detection"][0] > 0)
    return is_statement, int(given["stance"].argmax()) if is_statement else -1
