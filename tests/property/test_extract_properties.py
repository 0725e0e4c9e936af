"""Whatever the text, extraction holds its promises."""

import multiprocessing
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from services.extractor.adapters.engine import load_extractor
from services.extractor.adapters.worker import extract_chunk
from services.extractor.domain.extractor import Extractor
from services.extractor.domain.folding import Folded
from services.extractor.domain.gate import gate_score
from services.extractor.domain.quotations import quotations
from services.extractor.domain.sentences import MAX_SENTENCE, split
from tests.support.builders import article
from tests.support.credulous import credulous_extractor
from tests.support.promises import LANGUAGES, READ, explanation_fits, keep_promises

AWKWARD = st.sampled_from(
    [
        *("\u0301", "\u200b", "\u200f", "\u202e", "\ue000", "\x00", "\x1f", "\x85", "\u00a0"),
        *("İ", "ı", "ß", "ﷺ", "😀", "👩\u200d🚒", "e\u0301", "\n", "\n\n", "\r\n", "\u2028", "\t"),
        *("“", "”", "„", "«", "»", '"', "'", ".", "!", "…", "(", ")", "—", "–", ": ", ", ", "; "),
        *("معبر رفح", "Лачинский коридор", "Xankəndi", "Լաչինի միջանցք", "拉钦走廊", "  "),
    ],
)
PHRASES = st.sampled_from(
    [
        *("The UN said aid convoys were blocked at the Adre crossing. ", "ICRC ", "he said "),
        *("Lachin–Khankendi road ", "Rafah ", "port of ", "from Aleppo to Idlib ", "Israel "),
        *("urged the army to let civilians leave. ", "according to OCHA, ", "near Goris "),
        *("hospital attacked; ", "prisoners were exchanged.\n\n", "no access ", "M5 and M6 "),
        *("70 tonnes of flour ", "two hundred trucks ", "1,000,000.5 ", "“We cannot reach them,” "),
        *("said Anna Smith, the mayor of Goris. ", "La route est fermée, a déclaré le CICR. "),
        *("По словам МККК, дорога закрыта. ", "وقالت الأمم المتحدة إن المعبر مغلق. ", "Он: «"),
    ],
)
ANY_WORD = st.text(max_size=12)
LONG_WORD = st.builds(lambda char, times: char * times, st.characters(), st.integers(50, 3000))
TEXTS = st.lists(PHRASES | AWKWARD | ANY_WORD | LONG_WORD, max_size=40).map("".join)
HALVES = st.characters(categories=["Cs"])
BROKEN = st.lists(PHRASES | AWKWARD | ANY_WORD | HALVES, max_size=40).map("".join)
"""Texts with lone surrogates."""
STATED = st.sampled_from(LANGUAGES)
WITH_AND_WITHOUT = [(code, reads_all) for code in READ for reads_all in (True, False)]
"""Languages, with a reader and without."""


@pytest.fixture(scope="session")
def extractor() -> Extractor:
    return load_extractor()


@pytest.fixture(scope="session")
def credulous() -> dict[tuple[str, bool], Extractor]:
    return {
        (code, reads_all): credulous_extractor(code=code, reads_all=reads_all)
        for code, reads_all in WITH_AND_WITHOUT
    }


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[ProcessPoolExecutor]:
    """A second process, with hash seeds of its own."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        yield pool


@given(TEXTS | st.text(), TEXTS, STATED)
@settings(deadline=None, max_examples=150)
def test_extraction_keeps_its_promises(
    extractor: Extractor, text: str, title: str, language: str | None
) -> None:
    body = article(text=text, title=title[:2000], language=language)
    explanation_fits(extractor, body, keep_promises(extractor, body))


@given(TEXTS | st.text(), st.sampled_from(WITH_AND_WITHOUT))
@settings(deadline=None, max_examples=150)
def test_the_grammar_keeps_its_promises_where_every_sentence_is_a_statement(
    credulous: dict[tuple[str, bool], Extractor], text: str, which: tuple[str, bool]
) -> None:
    keep_promises(credulous[which], article(text=text, language=which[0]))


@given(st.lists(st.tuples(TEXTS, STATED), min_size=1, max_size=8))
@settings(deadline=None, max_examples=15, suppress_health_check=[HealthCheck.too_slow])
def test_another_process_gives_the_same_messages(
    elsewhere: ProcessPoolExecutor, given_texts: list[tuple[str, str | None]]
) -> None:
    bodies = [article(text=text, language=language) for text, language in given_texts]
    values = [body.model_dump_json().encode() for body in bodies]
    assert elsewhere.submit(extract_chunk, values).result() == extract_chunk(values)


@given(BROKEN)
@example("The ICRC\ud800 said aid was blocked.")
@settings(deadline=None)
def test_half_a_character_is_refused_and_never_reaches_extraction(text: str) -> None:
    if any("\ud800" <= char <= "\udfff" for char in text):
        with pytest.raises(ValidationError, match="half a character"):
            article(text=text)
    else:
        assert article(text=text).text == text


@given(BROKEN, BROKEN)
@example("\udcff", "\ud800 " * 50)
@settings(deadline=None)
def test_the_models_take_any_text(extractor: Extractor, title: str, text: str) -> None:
    models = extractor._models
    assert abs(gate_score(text, title, models.linear)) < 1e6
    code, sure = models.recognise(" ".join(text.split()))
    assert code.isascii()
    assert sure >= 0
    tokens = models.reader.tokens(text)
    places = list(zip(tokens.starts, tokens.ends, strict=True))
    assert all(0 <= start <= end <= len(text) for start, end in places)
    assert list(tokens.starts) == sorted(tokens.starts)


@given(TEXTS | BROKEN, STATED)
@settings(deadline=None, max_examples=200)
def test_sentences_are_in_order_and_cover_every_word(text: str, language: str | None) -> None:
    at = 0
    for sentence in split(text, language or "en"):
        assert at <= sentence.start < sentence.end <= len(text)
        assert sentence.end - sentence.start <= MAX_SENTENCE
        assert not any(char.isalnum() for char in text[at : sentence.start])
        assert "\n\n" not in text[sentence.start : sentence.end]
        at = sentence.end
    assert not any(char.isalnum() for char in text[at:])


@given(TEXTS | BROKEN)
@settings(deadline=None)
def test_every_stretch_of_a_folded_text_has_a_place_in_the_original(text: str) -> None:
    folded = Folded(text)
    starts = [folded.span(at, at + 1)[0] for at in range(len(folded.text))]
    assert starts == sorted(starts)
    for at in range(len(folded.text)):
        start, end = folded.span(at, at + 1)
        assert 0 <= start < end <= len(text)


@given(TEXTS | BROKEN)
@settings(deadline=None)
def test_quotations_do_not_overlap(text: str) -> None:
    found = quotations(text)
    assert all(one.end <= other.start for one, other in pairwise(found))
