"""What extraction promises, whatever the text: for property tests, the corpus and the fuzzer."""

import json
import random
from itertools import pairwise
from pathlib import Path

from jsonschema import Draft202012Validator

import schemas
from schemas import Article, Statement, StatementMessage
from services.extractor.data_files import goldset_files
from services.extractor.domain.extractor import Extractor
from services.extractor.domain.outcome import Outcome
from tests.support.builders import article

READ = ("ar", "az", "de", "en", "es", "fr", "hy", "pt", "ru", "tr", "uk")
LANGUAGES = (None, *READ, "zz")
"""What a feed may state: nothing, what is read, and what is not."""

_SCHEMA = Path(schemas.__file__).parent / "jsonschema" / "statements.v1.json"
_VALIDATOR = Draft202012Validator(json.loads(_SCHEMA.read_text(encoding="utf-8")))


def keep_promises(extractor: Extractor, body: Article) -> Outcome:
    """Extract from an article, assert every promise, and return the outcome."""
    outcome = extractor.extract(body)
    assert extractor.extract(body) == outcome
    assert not (outcome.skipped and outcome.statements)
    for statement in outcome.statements:
        _is_a_slice(statement, body)
        _names_what_it_says(statement, body)
    _are_in_order(outcome)
    _is_on_the_contract(extractor.message(body, outcome))
    return outcome


def explanation_fits(extractor: Extractor, body: Article, outcome: Outcome) -> None:
    """Assert that what is explained is what was extracted."""
    explanation = extractor.explain(body)
    assert explanation.outcome == outcome
    if explanation.verdicts:
        taken = [(v.start, v.end) for v in explanation.verdicts if v.is_statement]
        assert taken == [(each.start, each.end) for each in outcome.statements]


def _is_a_slice(statement: Statement, body: Article) -> None:
    assert 0 <= statement.start < statement.end <= len(body.text)
    assert body.text[statement.start : statement.end] == statement.text
    assert statement.text.strip() == statement.text
    assert Statement.model_validate(statement.model_dump()) == statement


def _names_what_it_says(statement: Statement, body: Article) -> None:
    groups = (statement.actors, statement.routes, statement.places)
    names = [mention.name for group in groups for mention in group]
    names += [quantity.text for quantity in statement.quantities]
    names += [quantity.goods for quantity in statement.quantities if quantity.goods]
    for name in names:
        assert name.strip()
        assert name in statement.text
    if statement.speaker:
        assert statement.speaker.name.strip()
        assert statement.speaker.name in body.text


def _are_in_order(outcome: Outcome) -> None:
    statements = outcome.statements
    assert [each.position for each in statements] == list(range(len(statements)))
    assert len({each.id for each in statements}) == len(statements)
    assert all(one.end <= other.start for one, other in pairwise(statements))


def _is_on_the_contract(message: StatementMessage) -> None:
    _VALIDATOR.validate(message.model_dump(mode="json"))
    assert StatementMessage.model_validate_json(message.model_dump_json()) == message


def article_of(data: bytes) -> Article:
    """Return the article that a fuzzer's bytes stand for.

    The first byte chooses the language that the feed states, and whether the text has a title,
    which is then its first line. The rest is UTF-8; other bytes become replacement characters.
    """
    first, rest = (data[0], data[1:]) if data else (0, b"")
    text = rest.decode("utf-8", "replace")
    title, _, body = text.partition("\n") if first & 0x80 else ("", "", text)
    return article(title=title[:2000], text=body, language=LANGUAGES[first % len(LANGUAGES)])


def bytes_of(title: str, text: str, language: str | None) -> bytes:
    """Return bytes of which `article_of` makes such an article; titles lose their line breaks."""
    number = LANGUAGES.index(language if language in LANGUAGES else None)
    first = next(byte for byte in range(0x80, 0x100) if byte % len(LANGUAGES) == number)
    line = " ".join(title.split())
    return bytes([first]) + f"{line}\n{text}".encode()


def seeds(articles: int, seed: int = 20261124) -> list[bytes]:
    """Return articles of the annotated set, cut to a few sentences, for a fuzzer to begin with."""
    rng = random.Random(seed)
    lines = [
        json.loads(line)
        for path in goldset_files()
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    rng.shuffle(lines)
    found = []
    for each in lines[:articles]:
        start = rng.randrange(max(1, len(each["text"]) - 600))
        found.append(bytes_of(each["title"] or "", each["text"][start : start + 600], each["lang"]))
    return found
