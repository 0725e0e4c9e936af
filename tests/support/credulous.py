"""The extractor with stand-ins for its models, which take every sentence for a statement.

All of the grammar runs then, on texts on which the trained models would end the work early, and
what it asks of the models can be counted.
"""

import re
from collections.abc import Sequence

import numpy as np

from schemas import Constraint, Modality, Stance, Topic
from services.extractor.domain.extractor import Extractor, Models
from services.extractor.domain.judgement import SIGNS, Blend, Judgement
from services.extractor.domain.lexicon import load_lexicon
from services.extractor.domain.linear import Floats, LinearModel
from services.extractor.domain.names import load_names
from services.extractor.domain.ngrams import BUCKETS
from services.extractor.domain.place_index import load_places
from services.extractor.domain.windows import Tokens

HEADS = {
    "detection": 1,
    "topics": len(Topic),
    "stance": len(Stance),
    "commitment": 1,
    "modality": len(Modality),
    "constraints": len(Constraint),
}
_WIDTH = sum(HEADS.values())
_TOKEN = re.compile(r"\w{1,8}|[^\w\s]")


class CountingReader:
    """Answers by a hash of what it is shown, and counts that."""

    def __init__(self) -> None:
        self.windows: list[int] = []
        """Tokens of each window that it was given."""

    def tokens(self, text: str) -> Tokens:
        """Return words, cut at eight characters, and what is neither word nor space."""
        found = [(match.start(), match.end()) for match in _TOKEN.finditer(text)]
        return Tokens(
            [len(text[start:end]) * 31 + ord(text[start]) for start, end in found],
            [start for start, _ in found],
            [end for _, end in found],
        )

    def read(
        self,
        title: Sequence[int],
        tokens: Sequence[Sequence[int]],
        wanted: range,
        concepts: Floats,
    ) -> Floats:
        """Return logits between -1 and 1, with detection sure."""
        assert len(concepts) == len(wanted)
        self.windows.append(sum(map(len, tokens)))
        answers = np.empty((len(wanted), _WIDTH), dtype=np.float32)
        for row, number in enumerate(wanted):
            seed = (sum(title) + 7 * sum(tokens[number])) % 1009
            answers[row] = np.sin(seed * np.arange(1, _WIDTH + 1))
        answers[:, 0] = 5
        return answers


def credulous_extractor(
    reader: CountingReader | None = None, code: str = "en", *, reads_all: bool = True
) -> Extractor:
    """Return an extractor that takes every sentence for a statement.

    Args:
        reader: to ask; a new one if None.
        code: ISO 639-1 code of the language that every text is recognised as.
        reads_all: whether the reader is asked; if not, the linear model is alone.
    """
    lexicon = load_lexicon()
    widths, first = {}, 0
    for name, width in HEADS.items():
        widths[name] = slice(first, first + width)
        first += width
    columns = tuple(
        name if width == 1 else f"{name}.{number}"
        for name, width in HEADS.items()
        for number in range(width)
    )
    linear = LinearModel(
        gate=np.full(BUCKETS, 0.01, dtype=np.float32),
        gate_bias=0.0,
        heads=columns,
        ngrams=(np.arange(BUCKETS * _WIDTH) % 7 - 3).astype(np.int8).reshape(BUCKETS, _WIDTH),
        scales=np.full(_WIDTH, 0.01, dtype=np.float32),
        concepts=np.ones((len(lexicon.bits), _WIDTH), dtype=np.float32),
        biases=np.zeros(_WIDTH, dtype=np.float32),
    )
    judgement = Judgement(
        reads=reads_all,
        detection=dict.fromkeys(SIGNS, 0.01),
        threshold=0.0,
        peak=0.0,
        blends={name: Blend(0.5, 0.5, (0.0,) * width) for name, width in HEADS.items()},
        gate=-np.inf,
    )
    models = Models(
        linear=linear,
        reader=reader or CountingReader(),
        heads=widths,
        judgements=dict.fromkeys(lexicon.languages, judgement),
        recognise=lambda _: (code, 1.0),
    )
    return Extractor(lexicon, load_names(), load_places(), models, "0.0.0+credulous")
