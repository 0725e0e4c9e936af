"""A text's language is recognised, unless the feed knows better."""

import pytest

from services.extractor.domain.languages import language_of, unsupported
from services.extractor.domain.lexicon import load_lexicon

SUPPORTED = {"en", "fr", "az", "tr"}
TEXT = "Two roads are open to humanitarian convoys, an adviser said on Monday."


@pytest.mark.parametrize(
    ("stated", "recognised", "sure", "expected"),
    [
        (None, "fr", 0.9, "fr"),
        (None, "fr", 0.2, "fr"),
        ("en", "fr", 0.9, "fr"),
        ("az", "tr", 0.5, "az"),
        ("it", "en", 0.9, "en"),
        ("en", "it", 0.99, "it"),
        ("de", "de", 0.9, "de"),
    ],
)
def test_the_text_counts_for_more_than_the_feed_where_it_is_sure(
    stated: str | None, recognised: str, sure: float, expected: str
) -> None:
    assert language_of(stated, TEXT, lambda _: (recognised, sure), SUPPORTED) == expected


def test_a_short_text_is_no_evidence_against_the_feed() -> None:
    assert language_of("fr", "Bonjour.", lambda _: ("en", 1.0), SUPPORTED) == "fr"


def test_an_empty_text_is_in_what_the_feed_says_or_english() -> None:
    assert language_of("it", " \n ", lambda _: ("xx", 1.0), SUPPORTED) == "it"
    assert language_of(None, "", lambda _: ("xx", 1.0), SUPPORTED) == "en"


def test_only_one_line_of_the_beginning_is_looked_at() -> None:
    seen: list[str] = []

    def recognise(text: str) -> tuple[str, float]:
        seen.append(text)
        return "en", 1.0

    language_of(None, "A\nb " * 5000, recognise, SUPPORTED)
    assert "\n" not in seen[0]
    assert len(seen[0]) <= 600


def test_an_unsupported_language_is_named_with_those_that_are_read() -> None:
    reason = unsupported("it", load_lexicon())

    assert "(it)" in reason
    assert "ar, az, de, en, es, fr" in reason
