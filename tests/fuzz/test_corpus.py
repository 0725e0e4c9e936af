"""Texts that were made or found to break extraction keep its promises, without the fuzzer."""

from pathlib import Path

import pytest

from services.extractor.adapters.engine import load_extractor
from tests.support.credulous import credulous_extractor
from tests.support.promises import (
    LANGUAGES,
    article_of,
    bytes_of,
    explanation_fits,
    keep_promises,
    seeds,
)

CORPUS = sorted((Path(__file__).parent / "corpus").iterdir())


@pytest.mark.parametrize("file", CORPUS, ids=lambda file: file.name)
def test_the_extractor_keeps_its_promises_on_a_nasty_text(file: Path) -> None:
    extractor, body = load_extractor(), article_of(file.read_bytes())
    explanation_fits(extractor, body, keep_promises(extractor, body))


@pytest.mark.parametrize("file", CORPUS, ids=lambda file: file.name)
def test_the_grammar_keeps_its_promises_on_a_nasty_text(file: Path) -> None:
    body = article_of(file.read_bytes())
    extractor = credulous_extractor(code=body.language or "en")
    explanation_fits(extractor, body, keep_promises(extractor, body))


@pytest.mark.parametrize("language", LANGUAGES)
def test_bytes_stand_for_an_article(language: str | None) -> None:
    body = article_of(bytes_of("A\ntitle", "Text\n\ufffd of it", language))

    assert (body.title, body.text, body.language) == ("A title", "Text\n\ufffd of it", language)


def test_seeds_are_articles_of_several_languages() -> None:
    found = [article_of(data) for data in seeds(40)]

    assert len({body.language for body in found}) > 3
    assert all(body.title and len(body.text) <= 600 for body in found)
