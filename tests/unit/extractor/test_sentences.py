"""Sentences are split where a reader would, at exact offsets."""

import pytest

from services.extractor.domain.sentences import MAX_SENTENCE, split


def sentences(text: str, language: str = "en") -> list[str]:
    return [text[s.start : s.end] for s in split(text, language)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The road is open. Aid arrived.", ["The road is open.", "Aid arrived."]),
        ("Mr. Smith spoke. Ms. Brown did not.", ["Mr. Smith spoke.", "Ms. Brown did not."]),
        ("“It is shut. We wait.” He left.", ["“It is shut.", "We wait.”", "He left."]),
        ('"It is shut. We wait." He left.', ['"It is shut.', 'We wait."', "He left."]),
        ("“Is it shut?” he asked.", ["“Is it shut?” he asked."]),
        ("News.Az reports it. Good.", ["News.Az reports it.", "Good."]),
        ("Aid came 🚚🚚. More will follow.", ["Aid came 🚚🚚.", "More will follow."]),
        ('He said "no".(Then he left.) Fine.', ['He said "no".', "(Then he left.)", "Fine."]),
        ("", []),
        (" \n\n \n", []),
    ],
)
def test_a_text_is_split_into_sentences(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


def test_a_sentence_never_crosses_a_paragraph_break() -> None:
    assert sentences("A headline without a stop\n\nThe text.") == [
        "A headline without a stop",
        "The text.",
    ]


def test_paragraphs_are_numbered() -> None:
    assert [s.paragraph for s in split("One. Two.\n\nThree.", "en")] == [0, 0, 1]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_hard_wrapped_lines_are_joined(newline: str) -> None:
    text = f"The convoy that set out from the coast on Monday morning at eight{newline}reached us."
    assert len(sentences(text)) == 1


def test_a_long_line_that_breaks_off_before_a_name_goes_on() -> None:
    text = "The convoy that set out from the coast on Monday morning went to\nKhankendi."
    assert len(sentences(text)) == 1


def test_a_short_line_is_a_sentence_of_its_own() -> None:
    assert sentences("07:19\nSlow return of bodies") == ["07:19", "Slow return of bodies"]


def test_a_french_quotation_keeps_its_closing_mark() -> None:
    assert sentences("« Nous attendons. » Il part.", "fr") == ["« Nous attendons. »", "Il part."]


def test_a_sentence_beyond_the_limit_is_cut_at_a_space() -> None:
    pieces = sentences("word " * 1000)
    assert len(pieces) > 1
    assert all(len(piece) <= MAX_SENTENCE for piece in pieces)
    assert all(set(piece.split()) == {"word"} for piece in pieces)


def test_a_word_beyond_the_limit_is_not_cut_before_an_accent() -> None:
    pieces = sentences("a\u0301" * (MAX_SENTENCE // 2) + "\u0301" + "a\u0301" * MAX_SENTENCE)
    assert "".join(pieces).count("a") == MAX_SENTENCE // 2 + MAX_SENTENCE
    assert not any(piece.startswith("\u0301") for piece in pieces)


def test_marks_without_a_word_are_no_sentence_of_their_own() -> None:
    assert sentences("... The road is open.") == ["... The road is open."]
