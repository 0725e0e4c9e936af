"""Folding hides differences of spelling and keeps the way back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.extractor.domain.folding import Folded, fold


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Xankəndi", "xankendi"),
        ("Laçın", "LACIN"),
        ("İSTANBUL", "istanbul"),
        ("Lachin–Khankendi", "lachin-khankendi"),
        ("Sana’a", "sana'a"),
        ("Straße", "strasse"),
        ("Adre\u0301", "adré"),
        ("Ra\u200bfah", "rafah"),
        ("Red  Cross", "red cross"),
        ("Red\u00a0Cross", "red cross"),
        ("Red\nCross", "red cross"),
        ("أدري", "ادري"),
        ("معـــبر", "معبر"),
        ("Санкт-Пётр", "санкт-петр"),
        ("\ud800x", " x"),
        ("\ue000x\ue001", "x"),
        ("한국", "한국"),
    ],
)
def test_spellings_of_one_name_fold_alike(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_paragraphs_stay_apart() -> None:
    assert fold("Red\n\nCross") == "red\n\ncross"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("via Straße 7", "Straße"),
        ("ﷺ Rafah", "Rafah"),
        ("\u200bRa\u200bfah ", "Ra\u200bfah"),
        ("x  Red  Cross y", "Red  Cross"),
        ("à Adre\u0301 hier", "Adre\u0301"),
        ("🚚 Laçın.", "Laçın"),
    ],
)
def test_a_name_is_found_at_its_place_in_the_original(text: str, name: str) -> None:
    folded = Folded(text)
    key = fold(name)
    start = folded.text.index(key)
    first, last = folded.span(start, start + len(key))
    assert text[first:last] == name


def test_a_text_with_the_same_offsets_says_so() -> None:
    assert Folded("The road to Rafah").identical
    assert not Folded("Straße").identical


@given(st.text(alphabet=st.characters(codec="ascii"), max_size=60))
def test_ascii_folds_the_short_way_as_the_long(text: str) -> None:
    assert fold(text) == Folded(text).text
