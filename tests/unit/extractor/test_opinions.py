"""The reader is asked about what may be a statement, and no further where its best hope is none."""

from collections.abc import Sequence

import numpy as np

from services.extractor.domain.linear import Floats
from services.extractor.domain.opinions import NOTHING, WORTH_READING, ask
from services.extractor.domain.windows import Tokens

WORDS = 60
"""Tokens of each sentence: two of them fill most of a window."""
SENTENCES = 8


class _Reader:
    """Answers the same logit to everything, and notes which windows it saw."""

    def __init__(self, logit: float) -> None:
        self.logit = logit
        self.first_tokens: list[int] = []

    def tokens(self, text: str) -> Tokens:
        places = [at for at, mark in enumerate(text) if mark == "x"]
        return Tokens(places, places, [at + 1 for at in places])

    def read(
        self,
        title: Sequence[int],
        tokens: Sequence[Sequence[int]],
        wanted: range,
        concepts: Floats,
    ) -> Floats:
        del title
        assert len(concepts) == len(wanted)
        self.first_tokens.append(tokens[wanted.start][0])
        answers = np.zeros((len(wanted), 3), dtype=np.float32)
        answers[:, 1] = self.logit
        return answers


def _asked(logit: float, linear: Sequence[float]) -> tuple[set[int], list[int]]:
    """Return which sentences were answered, and the sentence that each window begins with."""
    reader = _Reader(logit)
    text = "x" * WORDS * len(linear)
    sentences = [(number * WORDS, (number + 1) * WORDS) for number in range(len(linear))]
    concepts = np.zeros((len(linear), 4), dtype=np.float32)
    opinions = ask(
        reader, "", text, sentences, concepts, np.array(linear, dtype=np.float32), detection=1
    )
    return set(opinions), [token // WORDS for token in reader.first_tokens]


def test_all_that_may_be_statements_are_read() -> None:
    answered, windows = _asked(NOTHING, [0.0] * SENTENCES)

    assert answered == set(range(SENTENCES))
    assert len(windows) > 1


def test_the_likeliest_window_is_read_first() -> None:
    linear = [0.0] * SENTENCES
    linear[5] = 2.0

    _, windows = _asked(1.0, linear)

    assert windows[0] in (4, 5)
    assert sorted(windows) != windows


def test_an_article_without_hope_is_read_no_further() -> None:
    linear = [0.0] * SENTENCES
    linear[5] = 2.0

    answered, windows = _asked(NOTHING - 0.1, linear)

    assert 5 in answered
    assert len(windows) == 1


def test_what_the_linear_model_is_sure_of_is_not_asked() -> None:
    answered, windows = _asked(1.0, [WORTH_READING - 0.1] * SENTENCES)

    assert not answered
    assert not windows


def test_an_article_without_sentences_asks_nothing() -> None:
    assert _asked(1.0, []) == (set(), [])
