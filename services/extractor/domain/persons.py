"""Persons by name: capitals beside an office, and whoever bears a known surname."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from services.extractor.domain.gazetteer import Actor
from services.extractor.domain.grammar import Grammar
from services.extractor.domain.names import Name
from services.extractor.domain.reading import Reading

CAPITALS = "".join(chr(code) for code in range(0x41, 0x588) if chr(code).isupper())
"""Capitals of the Latin, Greek, Cyrillic and Armenian scripts."""
_PARTICLES = (
    "al-|el-|Al-|El-|ash-|as-|de |del |da |dos |van |von |der |den |bin |ibn |ben |abu |ould |di |"
    "la |ag |al |el "
)
_PERSON = re.compile(
    rf"(?<![\w’'-])[{CAPITALS}][\w’'.-]{{0,30}}"
    rf"(?: (?:{_PARTICLES}){{0,2}}[{CAPITALS}][\w’'.-]{{0,30}}){{1,7}}"
)
"""Two to eight words with capitals, particles between them; offices and bodies among them."""
PARTICLES = frozenset({"de", "van", "von", "der", "den", "bin", "ibn", "ben", "abu", "ould", "dos"})
"""Small words that belong to a surname after them."""
_POSSESSED = re.compile(r".*['’]s?$")

_BESIDE = 60
"""Characters beside a name in which an office stands."""

_LED_BY_PERSONS = frozenset({"government", "armed_forces", "armed_group", "de_facto_authority"})
_OF = re.compile(r" (?:of|from|de|du|del|da|do|von|vom|der) (?:the |la |l['’]|le |el |a |o )?")
_SPLIT = re.compile(r"[\s,]+")

Span = tuple[int, int]


class Person(NamedTuple):
    """Where a person is named in full, and whether it is somebody who holds an office."""

    start: int
    end: int
    is_official: bool


def is_title(word: str, titles: frozenset[str]) -> bool:
    """Say whether a word is an office: "President", "Lt.", "WFP-Landesdirektor"."""
    lower = word.rstrip(".,").lower()
    return lower in titles or lower.rpartition("-")[2] in titles


def persons_in(text: str, start: int, end: int) -> Iterator[re.Match[str]]:
    """Yield stretches that may hold a person's name."""
    return _PERSON.finditer(text, start, end)


def name_of(
    reading: Reading, start: int, end: int, grammar: Grammar, titles: frozenset[str]
) -> Span | None:
    """Return the person's name in a stretch of capitals, None where there is none.

    Offices, articles, days and bodies before the name are left out, and a stretch that goes on
    to name a body is no person.
    """
    text = reading.text
    words = [(m.start() + start, m[0]) for m in re.finditer(r"\S+", text[start:end])]
    first = 0
    for number, (at, word) in enumerate(words):
        bare = word.rstrip(".")
        covered = any(
            name.start <= at < name.end and not _is_known_person(reading, name, grammar, titles)
            for name in reading.names
        )
        before = is_title(word, titles) or word.lower() in grammar.small or covered
        if before or _POSSESSED.match(word) or bare.lower() in grammar.bodies:
            first = number + 1
    if first == len(words) or _is_acronym(words):
        return None
    words = words[first:]
    last_at, last = words[-1]
    stop = last_at + len(last.rstrip(".’'"))
    return words[0][0], stop


def _is_acronym(words: Sequence[tuple[int, str]]) -> bool:
    """Say whether an acronym closes a stretch that is no name in capitals: "Enguri HPP"."""
    last = words[-1][1]
    return last.isupper() and last.isalpha() and not all(word.isupper() for _, word in words)


def _is_known_person(
    reading: Reading, name: Name, grammar: Grammar, titles: frozenset[str]
) -> bool:
    """Say whether a gazetteer's name is a person's, who stands for the actor."""
    words = reading.text[name.start : name.end].split()
    near = reading.text[max(reading.sentence.start, name.start - _BESIDE) : name.start]
    before = near.rstrip(" ,").rpartition(" ")[2]
    return (
        name.entry.use == "always"
        and (name.entry.of.kind in _LED_BY_PERSONS or is_title(before, titles))
        and len(words) > 1
        and all(word in PARTICLES or (word[0].isupper() and not word.isupper()) for word in words)
        and not any(word.lower() in grammar.bodies for word in words)
    )


def persons_of(
    readings: Sequence[Reading], grammar: Grammar, titles: frozenset[str]
) -> list[Person]:
    """Return the persons of an article that an office stands beside, in order of appearance."""
    found: list[Person] = []
    for reading in readings:
        for match in persons_in(reading.text, reading.sentence.start, reading.sentence.end):
            span = name_of(reading, match.start(), match.end(), grammar, titles)
            office = span and _office(reading, match.end(), span, grammar, titles)
            if span is not None and office is not None:
                found.append(Person(*span, office not in grammar.laity))
    return found


def _office(
    reading: Reading, after: int, span: Span, grammar: Grammar, titles: frozenset[str]
) -> str | None:
    """Return the word that makes a name an office-holder's: beside it, or in its apposition."""
    text = reading.text
    full = " " in text[span[0] : span[1]]
    before = text[max(reading.sentence.start, span[0] - _BESIDE) : span[0]].split()
    if before and is_title(before[-1], titles if full else titles - grammar.modifiers):
        return before[-1].rstrip(".,").lower()
    if not full:
        return None
    if before and _POSSESSED.match(before[-1]) and _names_body(reading, span[0] - 4, span[0]):
        return before[-1]
    return _office_after(reading, after, grammar, titles)


def _office_after(
    reading: Reading, after: int, grammar: Grammar, titles: frozenset[str]
) -> str | None:
    """Return the word after a name that tells of an office: "of UNICEF", ", who heads …"."""
    following = reading.text[after : min(reading.sentence.end, after + _BESIDE)]
    linked = _OF.match(following)
    if linked and _names_body(reading, after + linked.end(), after + linked.end() + 5):
        return linked[0]
    if not following.startswith(","):
        return None
    words = [word.lower() for word in _SPLIT.split(following[1:].partition(",")[0]) if word]
    if words and words[0] in grammar.relatives:
        return next((word for word in words if word in grammar.holding), None)
    return next((word for word in words if is_title(word, titles - grammar.modifiers)), None)


def _names_body(reading: Reading, start: int, end: int) -> bool:
    """Say whether an actor's name touches a stretch."""
    return any(
        name.start < end and start < name.end and isinstance(name.entry.of, Actor)
        for name in reading.names
    )
