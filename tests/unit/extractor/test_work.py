"""Work grows with the text and no faster, whatever stands in it: counted, not timed."""

import sys
from types import FrameType

import numpy as np
import pytest

from services.extractor.domain.extractor import Extractor
from services.extractor.domain.gate import gate_score
from services.extractor.domain.lexicon import load_lexicon
from services.extractor.domain.linear import LinearModel
from services.extractor.domain.names import load_names
from services.extractor.domain.ngrams import BUCKETS, ngrams
from services.extractor.domain.quotations import LONGEST as LONGEST_QUOTATION
from services.extractor.domain.quotations import quotations
from services.extractor.domain.reading import MOST_CUES, MOST_NAMES, read
from services.extractor.domain.sentences import MAX_SENTENCE, split
from services.extractor.domain.windows import NEIGHBOUR, SENTENCE
from tests.support.builders import article
from tests.support.credulous import CountingReader, credulous_extractor

HOSTILE = {
    "quotation marks": '"',
    "opening marks": "“",
    "apostrophes": "'",
    "spaces": " ",
    "digits": "1",
    "grouped digits": "1,000 ",
    "capitals": "A",
    "capitalised words": "Ab ",
    "said said said": "said ",
    "quoted and said": "“a,” said ",
    "full stops": ".",
    "full stops apart": ". ",
    "ellipses and marks": "…”",
    "line breaks": "\n",
    "one-letter paragraphs": "a\n\n",
    "combining marks": "a\u0301",
    "letters": "a",
    "letters beyond the plane": "𝔘",
    "brackets": "(",
    "names": "ICRC ",
    "roads": "the road from Abc to Def ",
    "titles": "Mr. ",
    "ordinary": "The army blocked the Lachin road, and 70 tonnes of flour were lost, he said. ",
}
ALL = pytest.mark.parametrize("unit", HOSTILE.values(), ids=HOSTILE)
LEXICON = load_lexicon()
SMALL, LARGE = 4_000, 16_000
EDGES = 1.25
"""How much more than four times the work four times the text may be."""
LONG = 50_000
LONGER = 300_000
"""At these lengths, what grows with the square takes minutes to hours instead of a second."""


def hostile(unit: str, length: int) -> str:
    return (unit * (length // len(unit) + 1))[:length]


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    return credulous_extractor()


def calls(extractor: Extractor, text: str) -> int:
    """Return how many functions are called to extract from a text, C's among them."""
    body = article(text=text)
    count = 0

    def note(frame: FrameType, event: str, argument: object) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        extractor.extract(body)
    finally:
        sys.setprofile(before)
    return count


@ALL
def test_four_times_the_text_is_four_times_the_work(extractor: Extractor, unit: str) -> None:
    small, large = (calls(extractor, hostile(unit, length)) for length in (SMALL, LARGE))

    assert large <= EDGES * LARGE / SMALL * small


@ALL
def test_the_reader_is_shown_each_token_a_few_times_at_the_most(unit: str) -> None:
    reader = CountingReader()
    text = hostile(unit, SMALL)
    outcome = credulous_extractor(reader).extract(article(text=text))

    assert len(reader.windows) <= len(outcome.statements)
    assert max(reader.windows, default=0) <= SENTENCE + 2 * NEIGHBOUR
    assert sum(reader.windows) <= 3 * len(reader.tokens(text).ids)


@ALL
def test_sentences_are_capped_and_no_more_than_there_are_words(unit: str) -> None:
    text = hostile(unit, LARGE)
    sentences = split(text, "en")

    assert all(each.end - each.start <= MAX_SENTENCE for each in sentences)
    assert len(sentences) <= 2 + len(text.split()) + 2 * len(text) // MAX_SENTENCE


@ALL
def test_cues_and_names_of_a_sentence_are_capped(unit: str) -> None:
    for reading in read(hostile(unit, SMALL), LEXICON.languages["en"], LEXICON, load_names()):
        assert len(reading.cues) <= MOST_CUES
        assert len(reading.names) <= MOST_NAMES


@ALL
def test_a_character_begins_at_most_five_ngrams(unit: str) -> None:
    found = ngrams(hostile(unit, LARGE))

    assert np.bincount(found.positions, minlength=1).max(initial=0) <= 5


@ALL
def test_quotations_are_capped(unit: str) -> None:
    found = quotations(hostile(unit, LARGE))

    assert all(each.end - each.start <= LONGEST_QUOTATION + 1 for each in found)


@ALL
@pytest.mark.timeout(30)
def test_a_long_hostile_text_comes_to_an_end(extractor: Extractor, unit: str) -> None:
    """Pattern matching is not counted above; where it grows with the square, this never ends."""
    extractor.extract(article(text=hostile(unit, LONG)))


@ALL
@pytest.mark.timeout(30)
def test_the_gate_comes_to_an_end_on_a_longer_one(unit: str) -> None:
    nothing = np.zeros((0, 0), dtype=np.float32)
    linear = LinearModel(
        gate=np.zeros(BUCKETS, dtype=np.float32),
        gate_bias=-1.0,
        heads=(),
        ngrams=nothing.astype(np.int8),
        scales=nothing,
        concepts=nothing,
        biases=nothing,
    )

    assert gate_score(hostile(unit, LONGER), "", linear) == -1.0
