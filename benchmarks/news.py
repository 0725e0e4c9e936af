"""Articles of 3 kB made of the annotated set's: ordinary news, and articles with statements."""

import hashlib
import random
from collections.abc import Iterator, Sequence

from benchmarks.texts import CHARS, NEWS_SHARE, PUBLISHED, SEED
from schemas import Article
from services.evaluation.goldset import NO_CONTEXT, Annotated, read_goldset
from services.extractor.data_files import goldset_files

LANGUAGE = "en"
"""The one that the peer has a tokeniser for, and most of the annotated set."""


def ordinary(number: int, seed: int = SEED) -> list[Article]:
    """Return articles of the kind that most feeds carry: no statements, no crisis."""
    return _composed(
        [each for each in _annotated() if not each.statements and each.context == NO_CONTEXT],
        number,
        seed,
    )


def dense(number: int, seed: int = SEED) -> list[Article]:
    """Return articles that have statements in every part."""
    return _composed([each for each in _annotated() if each.statements], number, seed)


def stream(number: int, share: float = NEWS_SHARE, seed: int = SEED) -> list[Article]:
    """Return articles of which `share`, spread evenly, have statements."""
    step = round(1 / share)
    quiet, telling = ordinary(number, seed), dense(-(-number // step), seed)
    for place, article in enumerate(telling):
        quiet[place * step] = article
    return quiet


def _annotated() -> list[Annotated]:
    return [each for each in read_goldset(goldset_files()) if each.language == LANGUAGE]


def _composed(parts: Sequence[Annotated], number: int, seed: int) -> list[Article]:
    """Return articles of neighbours in a shuffled order, cut at `CHARS` characters."""
    rng = random.Random(seed)
    dealt = _dealt(parts, rng)
    return [_article(index, dealt, seed) for index in range(number)]


def _dealt(parts: Sequence[Annotated], rng: random.Random) -> Iterator[Annotated]:
    while True:
        yield from rng.sample(parts, len(parts))


def _article(index: int, dealt: Iterator[Annotated], seed: int) -> Article:
    first = next(dealt)
    text = first.text
    while len(text) < CHARS:
        text = f"{text}\n\n{next(dealt).text}"
    digits = hashlib.sha256(f"{seed}/{index}/{first.id}".encode()).hexdigest()
    return Article(
        id=digits[:32],
        revision=digits[:16],
        revision_number=1,
        feed_id="benchmark",
        outlet="Annotated set",
        title=first.title,
        text=text[:CHARS],
        language=LANGUAGE,
        published_at=PUBLISHED,
        fetched_at=PUBLISHED,
    )
