"""Texts in somebody's own words: transcripts with speakers' labels, statements of one body."""

import re
from collections.abc import Sequence

from schemas import Speaker
from services.extractor.domain.datelines import after_dateline
from services.extractor.domain.gazetteer import Actor
from services.extractor.domain.grammar import Grammar
from services.extractor.domain.persons import Person
from services.extractor.domain.quotations import Quotation, around
from services.extractor.domain.reading import Reading

_LABEL = re.compile(r"([A-Z][A-Z.'’ -]{2,40}):\s")
_ASKED = frozenset({"QUESTION", "Q", "REPORTER", "MODERATOR"})
_WORD = re.compile(r"[^\W\d_][\w'’]*")
_ENOUGH = 2
"""First-person sentences outside quotation marks that make a text somebody's own statement."""
_LEAD = 2
"""Sentences in which such a text names whose it is."""


def labelled(readings: Sequence[Reading]) -> list[Speaker | None]:
    """Return whom a transcript's labels make the speaker of each sentence: "MR PRICE: …"."""
    answer: list[Speaker | None] = []
    current: Speaker | None = None
    labels = 0
    for reading in readings:
        match = _LABEL.match(reading.text, reading.sentence.start, reading.sentence.end + 1)
        if match is not None:
            labels += 1
            current = None if match[1] in _ASKED else Speaker(name=match[1])
        answer.append(current)
    return answer if labels >= _ENOUGH else [None] * len(answer)


def in_first_person(
    readings: Sequence[Reading], quoted: list[Quotation], grammar: Grammar
) -> list[bool]:
    """Say of each sentence whether it says "we" or "I" outside quotation marks."""
    answer = [
        any(
            _is_first_person(match[0], grammar)
            for match in _WORD.finditer(reading.text, reading.sentence.start, reading.sentence.end)
            if around(quoted, match.start()) is None
        )
        for reading in readings
    ]
    return answer if sum(answer) >= _ENOUGH else [False] * len(answer)


def author_of(readings: Sequence[Reading], persons: Sequence[Person]) -> Speaker | None:
    """Return the first person or body that the beginning of a statement names."""
    for reading in readings[:_LEAD]:
        start, end, _ = reading.sentence
        for person in persons:
            if start <= person.start < end:
                return Speaker(name=reading.text[person.start : person.end])
        for name in reading.names:
            if name.start < after_dateline(reading):
                continue
            if isinstance(name.entry.of, Actor) and name.entry.use in {"always", "exact"}:
                written = reading.text[name.start : name.end]
                return Speaker(name=written, actor_id=name.entry.of.id)
    return None


def _is_first_person(word: str, grammar: Grammar) -> bool:
    """Say whether a word is "we" or the like, and not "US"."""
    return word == "I" or (word.lower() in grammar.first_person and not word.isupper())
