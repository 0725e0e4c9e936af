"""Whatever the text, extraction holds its promises."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from schemas import Statement
from services.extractor.domain.extract import extract
from services.extractor.domain.folding import Folded
from services.extractor.domain.quotations import quotations
from services.extractor.domain.sentences import MAX_SENTENCE, split
from tests.support.builders import article

AWKWARD = st.sampled_from(
    [
        *(
            "\u0301",
            "\u200b",
            "\u200f",
            "\u202e",
            "İ",
            "ı",
            "ß",
            "ﷺ",
            "😀",
            "👩‍🚒",
            "\ue000",
            "\x00",
        ),
        *("“", "”", "«", "»", '"', ".", "!", "…", "\n", "\n\n", "\r\n", "\u2028", "\t", "  "),
        *("معبر رفح", "Лачинский коридор", "Xankəndi", "e\u0301"),
    ],
)
PHRASES = st.sampled_from(
    [
        *(
            "The UN said aid convoys were blocked at the Adre crossing. ",
            "ICRC ",
            "he said ",
            "Rafah ",
        ),
        *(
            "Lachin–Khankendi road ",
            "urged the army to let civilians leave. ",
            "according to OCHA, ",
        ),
        *(
            "hospital attacked; ",
            "prisoners were exchanged.\n\n",
            "Israel ",
            "no access ",
            "port of ",
        ),
    ],
)
TEXTS = st.lists(PHRASES | AWKWARD | st.text(max_size=12), max_size=40).map("".join)
LANGUAGES = st.sampled_from([None, "en", "fr", "es", "ar", "ru", "uk", "az", "hy", "tr", "zz"])


@given(TEXTS, LANGUAGES)
@settings(deadline=None, max_examples=300)
def test_statements_are_valid_slices_with_ids_of_their_own(text: str, language: str | None) -> None:
    body = article(text=text, language=language)
    statements = extract(body)
    for statement in statements:
        assert body.text[statement.start : statement.end] == statement.text
        assert Statement.model_validate(statement.model_dump()) == statement
        assert all(route.name in statement.text for route in statement.routes)
        assert all(actor.name in statement.text for actor in statement.actors)
    assert len({statement.id for statement in statements}) == len(statements)
    assert [statement.position for statement in statements] == list(range(len(statements)))
    assert extract(body) == statements


@given(TEXTS, LANGUAGES)
@settings(deadline=None, max_examples=300)
def test_sentences_are_in_order_and_cover_every_word(text: str, language: str | None) -> None:
    at = 0
    for sentence in split(text, language or "en"):
        assert at <= sentence.start < sentence.end <= len(text)
        assert sentence.end - sentence.start <= MAX_SENTENCE
        assert not any(char.isalnum() for char in text[at : sentence.start])
        assert "\n\n" not in text[sentence.start : sentence.end]
        at = sentence.end
    assert not any(char.isalnum() for char in text[at:])


@given(TEXTS)
@settings(deadline=None)
def test_every_stretch_of_a_folded_text_has_a_place_in_the_original(text: str) -> None:
    folded = Folded(text)
    starts = [folded.span(at, at + 1)[0] for at in range(len(folded.text))]
    assert starts == sorted(starts)
    for at in range(len(folded.text)):
        start, end = folded.span(at, at + 1)
        assert 0 <= start < end <= len(text)


@given(TEXTS)
@settings(deadline=None)
def test_quotations_do_not_overlap(text: str) -> None:
    found = quotations(text)
    assert all(one.end <= other.start for one, other in pairwise(found))
