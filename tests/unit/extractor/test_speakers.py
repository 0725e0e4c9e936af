"""Sentences are attributed to whoever speaks."""

import pytest

from services.extractor.domain.lexicon import load_lexicon
from services.extractor.domain.names import load_names
from services.extractor.domain.quotations import LONGEST, around, quotations
from services.extractor.domain.reading import read
from services.extractor.domain.speakers import speakers_of

LEXICON = load_lexicon()
ENGLISH = LEXICON.languages["en"]


def speakers(text: str) -> list[str | None]:
    found = speakers_of(text, read(text, ENGLISH, LEXICON, load_names()), ENGLISH, LEXICON)
    return [speaker.name if speaker else None for speaker in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The road is open.", [None]),
        ("Hajiyev said that the road is open.", ["Hajiyev"]),
        ("The road is open, said Marta Ferreira.", ["Marta Ferreira"]),
        (
            "The road is open, according to the Egyptian Red Crescent.",
            ["the Egyptian Red Crescent"],
        ),
        ("Marta Ferreira, who speaks for OCHA, said the road is open.", ["Marta Ferreira"]),
        ("Foreign Minister Jeyhun Bayramov said so.", ["Jeyhun Bayramov"]),
        ("Many aid agencies said so.", ["Many aid agencies"]),
        ("According to him, Marta Ferreira said so.", ["Marta Ferreira"]),
        ("According to, well.", [None]),
        ("That is all according to", [None]),
        ("And said so.", [None]),
        (
            "The man from the far end of the long straight very dusty road over there said so.",
            [None],
        ),
        ("The road is open, said Jeyhun Bayramov.", ["Jeyhun Bayramov"]),
        ("Wind and waves, which rose, said nothing.", [None]),
        ("Aid agencies said so.", ["Aid agencies"]),
        ("By 5 o'clock 300 said so.", [None]),
    ],
)
def test_a_sentence_is_attributed_to_who_says_it(text: str, expected: list[str | None]) -> None:
    assert speakers(text) == expected


def test_a_quotation_has_one_speaker_over_all_its_sentences() -> None:
    text = (
        "“The road is shut. Nobody passes.\n\n“We wait for help,” said Marta Ferreira. It rained."
    )
    assert speakers(text) == ["Marta Ferreira"] * 3 + [None]


def test_a_quotation_after_a_colon_is_the_speakers() -> None:
    assert (
        speakers("Marta Ferreira said: “The road is shut. Nobody passes.”")
        == ["Marta Ferreira"] * 2
    )


def test_a_pronoun_stands_for_the_last_person_and_it_for_the_last_body() -> None:
    text = "Marta Ferreira said so. UNICEF said no. She added more. It warned again."
    assert speakers(text) == ["Marta Ferreira", "UNICEF", "Marta Ferreira", "UNICEF"]


def test_a_pronoun_without_anyone_before_is_nobody() -> None:
    assert speakers("He said so.") == [None]


def test_a_surname_keeps_what_is_known_of_the_person() -> None:
    text = "Marta Ferreira, spokeswoman for UNICEF, said so. Ferreira added more."
    readings = read(text, ENGLISH, LEXICON, load_names())
    first, second = speakers_of(text, readings, ENGLISH, LEXICON)
    assert first is not None
    assert second is not None
    assert first.role == "spokeswoman for UNICEF"
    assert (second.name, second.role, second.actor_id) == ("Ferreira", first.role, "unicef")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("He said “one” and «two».", ["“one”", "«two»"]),
        ('A "b" c "d"', ['"b"', '"d"']),
        ('"One.\n\n"Two." x', ['"One.\n\n"Two."']),
        ('"One.\n\nTwo. "Three" x', ['"Three"']),
        ("„Eins“ zwei", ["„Eins“"]),
        ("“" + "x" * (LONGEST + 1) + " “a”", ["“a”"]),
    ],
)
def test_quotations_are_found_over_paragraphs(text: str, found: list[str]) -> None:
    assert [text[q.start : q.end] for q in quotations(text)] == found


def test_a_place_is_inside_a_quotation_or_not() -> None:
    found = quotations("a “b” c")
    assert [around(found, at) for at in (0, 2, 4, 6)] == [None, 0, 0, None]
