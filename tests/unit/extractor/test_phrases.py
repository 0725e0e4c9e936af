"""Phrases are found as whole words."""

import pytest

from services.extractor.domain.phrases import Hit, PhraseIndex, longest


@pytest.mark.parametrize(
    ("phrase", "text", "found"),
    [
        ("aid", "aid arrived", ["aid"]),
        ("aid", "they said so", []),
        ("evacuat*", "evacuation of evacuees, evacuated", ["evacuation", "evacuated"]),
        ("*معبر*", "والمعبر", ["معبر"]),
        ("Red Cross", "the red cross said", ["red cross"]),
        ("cease-fire", "a cease-fire.", ["cease-fire"]),
        ("", "anything", []),
    ],
)
def test_a_phrase_is_found_as_a_whole_word(phrase: str, text: str, found: list[str]) -> None:
    hits = PhraseIndex([(phrase, 1)]).hits(text)
    assert [text[hit.start : hit.end] for hit in hits] == found


def test_one_phrase_may_have_several_keys() -> None:
    index = PhraseIndex([("closed", 1), ("closed", 2), ("closed", 1)])
    assert [hit.key for hit in index.hits("closed")] == [1, 2]


def test_of_overlapping_hits_the_longest_is_kept() -> None:
    hits = [Hit(0, 3, 1), Hit(0, 9, 2), Hit(4, 9, 3), Hit(10, 12, 4)]
    assert longest(hits) == [Hit(0, 9, 2), Hit(10, 12, 4)]


def test_a_stem_does_not_swallow_a_text_without_spaces() -> None:
    (hit,) = PhraseIndex([("attack*", 1)]).hits("attack" * 1000)
    assert hit.end < 60
