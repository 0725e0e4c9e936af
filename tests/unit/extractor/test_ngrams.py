"""N-grams are where they say, and spellings that mean the same fall together."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.extractor.domain import ngrams as module
from services.extractor.domain.ngrams import BUCKETS, ngrams


def _bag(text: str) -> list[int]:
    return sorted(ngrams(text).buckets.tolist())


@pytest.mark.parametrize("text", ["", "\u0301", "\u200b\u200b"])
def test_a_text_without_letters_has_no_ngrams(text: str) -> None:
    assert len(ngrams(text).buckets) == 0


def test_case_accents_and_punctuation_make_no_difference() -> None:
    assert _bag("Réunion, à Goma!") == _bag("reunion  a goma.")


def test_numbers_of_as_many_digits_are_alike() -> None:
    assert _bag("in 1999 trucks") == _bag("in 2024 trucks")


def test_words_make_a_difference() -> None:
    assert _bag("the road is open") != _bag("the road is shut")


def test_a_word_is_hashed_alike_wherever_it_stands() -> None:
    alone = set(ngrams("convoy").buckets.tolist())
    later = set(ngrams("a long convoy").buckets.tolist())

    assert alone <= later


def test_letters_outside_the_table_are_kept() -> None:
    assert _bag("𐌰𐌱𐌲𐌳") != _bag("𐌳𐌲𐌱𐌰")


def test_a_long_text_is_cut_into_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "aid convoys cross " * 20
    whole = ngrams(text)
    monkeypatch.setattr(module, "PIECE", 100)
    pieces = ngrams(text)

    assert pieces.positions.max() > 300
    assert set(pieces.buckets.tolist()) >= set(ngrams("aid convoys cross").buckets.tolist())
    assert len(pieces.buckets) < len(whole.buckets)


@given(st.text(max_size=300))
def test_positions_lie_in_the_text_and_buckets_in_the_table(text: str) -> None:
    found = ngrams(text)

    assert len(found.positions) == len(found.buckets)
    if len(found.positions):
        assert 0 <= found.positions.min() <= found.positions.max() < len(text)
        assert 0 <= found.buckets.min() <= found.buckets.max() < BUCKETS


def test_lone_surrogates_are_no_trouble() -> None:
    assert np.array_equal(ngrams("ab\ud800cd").positions, ngrams("ab\ud800cd").positions)
