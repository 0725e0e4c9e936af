"""Routes in a sentence: the gazetteer's, and names before or after a word such as "crossing"."""

import re
from collections.abc import Iterator

from schemas import RouteMention
from services.extractor.domain.gazetteer import Route
from services.extractor.domain.lexicon import Language, Lexicon
from services.extractor.domain.names import Name
from services.extractor.domain.phrases import Hit
from services.extractor.domain.reading import Reading

_WINDOW = 80
"""Characters before or after a route's noun in which its name may stand."""
_LONGEST_NAME = 5
"""Words of a name."""
_TOKEN = re.compile(r"[^\W_][\w'’]{0,40}|[-–—]|\S")
_PARTICLES = frozenset({"al", "el", "ash", "de", "du", "la", "le", "del", "da", "do", "of"})
_NO_NAME = frozenset(
    (
        *("the", "a", "an", "this", "that", "these", "those", "its", "their", "both", "all", "in"),
        *("on", "at", "from", "to", "by", "for", "and", "or", "but", "as", "after", "no", "one"),
        *("two", "three", "four", "first", "second", "last", "next", "main", "border", "land"),
        *("other", "another", "each", "every", "any", "un", "une", "le", "la", "les", "el", "los"),
        *("las", "der", "die", "das", "den", "o", "os", "as"),
    ),
)
_STATUS = ("reopened", "blocked", "closed", "limited", "dangerous", "open")
"""Most telling first."""

Span = tuple[int, int]


def routes_of(reading: Reading, language: Language, lexicon: Lexicon) -> tuple[RouteMention, ...]:
    """Return the routes that a sentence names, in order of appearance."""
    nouns = [cue for cue in reading.cues if lexicon.keys[cue.key].startswith("route_nouns.")]
    status = _status(reading, lexicon)
    found: dict[Span, RouteMention] = {}
    for name in reading.names:
        if isinstance(name.entry.of, Route) and _is_meant(name, reading, lexicon, nouns):
            span = (name.start, _with_noun(name.end, nouns, reading))
            found[span] = _mention(reading, span, name.entry.of.id, name.entry.of.kind, status)
    for noun in nouns:
        kind = lexicon.keys[noun.key].removeprefix("route_nouns.")
        for span in _named(reading, noun, language):
            if not any(start < span[1] and span[0] < end for start, end in found):
                found[span] = _mention(reading, span, None, kind, status)
    return tuple(found[span] for span in sorted(found))


def _mention(
    reading: Reading, span: Span, route_id: str | None, kind: str, status: str | None
) -> RouteMention:
    name = reading.text[span[0] : span[1]]
    return RouteMention(name=name, id=route_id, kind=kind, status=status)


def _status(reading: Reading, lexicon: Lexicon) -> str | None:
    """Return what the sentence says of its routes."""
    present = {lexicon.keys[cue.key] for cue in reading.cues}
    return next((name for name in _STATUS if f"status.{name}" in present), None)


def _is_meant(name: Name, reading: Reading, lexicon: Lexicon, nouns: list[Hit]) -> bool:
    """Say whether a bare place name stands for its route: beside its noun, passed, or closed."""
    if name.entry.use != "bare":
        return True
    if any(0 <= noun.start - name.end <= 1 for noun in nouns):
        return True
    passing = lexicon.mask("convoy", "border", "route", "deliver")
    if not reading.concepts & passing:
        return False
    by_way_of = reading.of(lexicon.keys.index("by_way_of"))
    if any(cue.end == name.start - 1 for cue in by_way_of):
        return True
    tellers = lexicon.mask("open", "block")
    return bool(reading.concepts & tellers and reading.concepts & lexicon.mask("border", "route"))


def _with_noun(end: int, nouns: list[Hit], reading: Reading) -> int:
    """Return where a name ends with the noun that follows at once: "Lachin" + "corridor"."""
    after = [noun.end for noun in nouns if noun.start == end + 1]
    if not after or reading.text[end] != " ":
        return end
    last = max(after)
    return end if reading.text[last - 1] == "s" else last


def _named(reading: Reading, noun: Hit, language: Language) -> Iterator[Span]:
    before = _before(reading, noun)
    if before is not None:
        yield before
        return
    after = _after(reading, noun, language)
    if after is not None:
        yield after


def _before(reading: Reading, noun: Hit) -> Span | None:
    """Return the capitalised words before a noun, with it: "the Adre border crossing"."""
    start = max(reading.sentence.start, noun.start - _WINDOW)
    tokens = [(m.start() + start, m[0]) for m in _TOKEN.finditer(reading.text[start : noun.start])]
    first: int | None = None
    words = 0
    for at, word in reversed(tokens):
        if words == _LONGEST_NAME or at == start > reading.sentence.start:
            break
        if _is_name(word) and not _is_nationality(reading, at):
            first = at
            words += 1
        elif word.lower() not in _PARTICLES and word not in "-–—":
            break
    if first is None or (first == reading.sentence.start and words == 1):
        return None
    plural = reading.text[noun.end - 1] == "s"
    return None if plural else (first, noun.end)


def _is_nationality(reading: Reading, at: int) -> bool:
    """Say whether a word is an adjective of nationality: "Turkish" in "Turkish crossings"."""
    return any(
        name.start == at and name.entry.use in {"nationality", "place"} for name in reading.names
    )


def _after(reading: Reading, noun: Hit, language: Language) -> Span | None:
    """Return a noun with the name after it: "port of Odesa", "route de Djibo"."""
    stop = min(reading.sentence.end, noun.end + _WINDOW)
    linked = not language.after_route_noun
    last: int | None = None
    for count, match in enumerate(_TOKEN.finditer(reading.text[noun.end : stop])):
        word = match[0]
        if count > _LONGEST_NAME + 2:
            break
        if word.lower() in language.after_route_noun and last is None:
            linked = True
        elif linked and (_is_name(word) or _is_caseless(word)):
            last = noun.end + match.end()
            if _is_caseless(word):
                break
        elif last is None or (word not in "-–—" and word.lower() not in _PARTICLES):
            break
    return None if last is None else (noun.start, last)


def _is_name(word: str) -> bool:
    return (word[0].isupper() or word[0].isdigit()) and word.lower() not in _NO_NAME


def _is_caseless(word: str) -> bool:
    """Say whether a word is in a script without capitals, such as Arabic."""
    return word[0].isalpha() and word[0].lower() == word[0].upper()
