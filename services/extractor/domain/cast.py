"""Who an article names: known before its sentences are looked at one by one."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from services.extractor.domain.gazetteer import Actor
from services.extractor.domain.lexicon import Language
from services.extractor.domain.persons import Person, persons_of
from services.extractor.domain.reading import Reading

_ACRONYM = re.compile(r"\(([A-ZА-ЯЁІЇ][\w.&-]{1,14})\)")
_NUMBERED = re.compile(r"-\d")
"""A road's number, not an acronym: "NH-2"."""
_CAPITALS = 2
"""Capitals that an acronym has at the least."""


@dataclass(slots=True)
class Cast:
    """Who an article names: known before its sentences are looked at one by one."""

    persons: Sequence[Person] = ()
    surnames: dict[str, bool] = field(default_factory=dict)
    """By which its persons go, and whether they hold an office."""
    acronyms: dict[str, Actor | None] = field(default_factory=dict)
    """Acronyms that stand in brackets after a name, and whose they are where that is known."""


def cast_of(readings: Sequence[Reading], language: Language) -> Cast:
    """Return whom an article names.

    Args:
        readings: all of its sentences.
        language: whose titles and small words to go by.
    """
    persons = persons_of(readings, language.grammar, language.titles)
    cast = Cast(persons)
    for reading in readings:
        for match in _ACRONYM.finditer(reading.text, reading.sentence.start, reading.sentence.end):
            before = [n for n in reading.names if 0 <= match.start() - n.end <= _CAPITALS]
            actor = before[-1].entry.of if before else None
            if match[1].lower() in language.grammar.unnamed or _NUMBERED.search(match[1]):
                continue
            if sum(char.isupper() for char in match[1]) >= _CAPITALS:
                cast.acronyms.setdefault(match[1], actor if isinstance(actor, Actor) else None)
        for person in persons:
            if reading.sentence.start <= person.start < reading.sentence.end:
                surname = reading.text[person.start : person.end].split()[-1]
                cast.surnames[surname] = person.is_official
    return cast
