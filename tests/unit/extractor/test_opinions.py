"""The reader is asked about what may be a statement, and no further where its best hope is none."""

from collections.abc import Mapping, Sequence
from itertools import chain

import numpy as np

from services.extractor.domain.linear import Floats
from services.extractor.domain.opinions import HOPELESS, WORTH_READING, ask
from services.extractor.domain.windows import LONGEST, MARKS, Tokens

WORDS = 60
"""Tokens of each sentence: two of them fill most of a window."""
SENTENCES = 8
TITLE = "x" * 20
DETECTION = 1


class _Reader:
    """Answers for each sentence with its number and a logit, and notes what it was shown.

    Args:
        logits: by sentence; 1 for those that are left out.
    """

    def __init__(self, logits: Mapping[int, float]) -> None:
        self.logits = logits
        self.windows: list[list[int]] = []
        """The sentences that each window was read for."""

    def tokens(self, text: str) -> Tokens:
        places = list(range(len(text)))
        return Tokens(places, places, [at + 1 for at in places])

    def read(
        self,
        title: Sequence[int],
        tokens: Sequence[Sequence[int]],
        wanted: range,
        concepts: Floats,
    ) -> Floats:
        assert len(title) == len(TITLE)
        assert MARKS + len(title) + sum(map(len, tokens)) <= LONGEST
        numbers = [tokens[number][0] // WORDS for number in wanted]
        assert concepts[:, 0].tolist() == numbers
        self.windows.append(numbers)
        return np.array(
            [[number, self.logits.get(number, 1.0)] for number in numbers], dtype=np.float32
        )


def _ask(reader: _Reader, linear: Sequence[float]) -> dict[int, Floats]:
    text = "x" * WORDS * len(linear)
    sentences = [(number * WORDS, (number + 1) * WORDS) for number in range(len(linear))]
    concepts = np.arange(len(linear), dtype=np.float32).reshape(-1, 1)
    scores = np.array(linear, dtype=np.float32)
    return ask(reader, TITLE, text, sentences, concepts, scores, DETECTION)


def _linear(**likely: float) -> list[float]:
    scores = [0.0] * SENTENCES
    for name, score in likely.items():
        scores[int(name[1:])] = score
    return scores


def test_all_that_may_be_statements_are_read_once() -> None:
    reader = _Reader({})

    answers = _ask(reader, _linear())

    assert {number: answer[0] for number, answer in answers.items()} == {
        number: float(number) for number in range(SENTENCES)
    }
    assert sorted(chain.from_iterable(reader.windows)) == list(range(SENTENCES))
    assert len(reader.windows) > 1


def test_the_window_with_the_likeliest_sentence_is_read_first() -> None:
    reader = _Reader({})

    _ask(reader, _linear(s5=2.0, s0=1.5, s1=1.5))

    assert 5 in reader.windows[0]


def test_an_article_whose_likeliest_window_is_hopeless_is_read_no_further() -> None:
    reader = _Reader(dict.fromkeys(range(SENTENCES), HOPELESS - 0.1))

    answers = _ask(reader, _linear(s5=2.0))

    assert len(reader.windows) == 1
    assert sorted(answers) == reader.windows[0]


def test_one_sentence_with_hope_has_the_whole_article_read() -> None:
    hopeless = dict.fromkeys(range(SENTENCES), HOPELESS - 0.1)

    answers = _ask(_Reader(hopeless | {5: HOPELESS}), _linear(s5=2.0))

    assert len(answers) == SENTENCES


def test_what_comes_after_the_likeliest_window_ends_nothing() -> None:
    logits = dict.fromkeys(range(SENTENCES), HOPELESS - 0.1) | {5: 3.0}

    answers = _ask(_Reader(logits), _linear(s5=2.0))

    assert len(answers) == SENTENCES


def test_what_the_linear_model_is_sure_of_is_not_asked() -> None:
    reader = _Reader({})

    answers = _ask(reader, [WORTH_READING - 0.1] * SENTENCES)

    assert not answers
    assert not reader.windows


def test_an_article_without_sentences_asks_nothing() -> None:
    assert _ask(_Reader({}), []) == {}
