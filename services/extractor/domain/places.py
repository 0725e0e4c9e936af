"""Towns that a sentence names, with their country and coordinates."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence

from schemas.statement import PlaceMention
from services.extractor.domain.clauses import Token, words_of
from services.extractor.domain.grammar import Grammar
from services.extractor.domain.lexicon import Language
from services.extractor.domain.persons import is_title
from services.extractor.domain.place_index import Place, PlaceIndex
from services.extractor.domain.reading import Reading

MOST = 12
"""Places that are given of a sentence."""
_LONGEST = 3
"""Words of a town's name."""
_LARGE = 200_000
"""Inhabitants of a town that is meant in a country that the article does not name."""
_PREFIXES = ("وال", "بال", "لل", "ال", "و", "ب", "ل", "ف")
"""What Arabic writes together with a name."""


def countries_of(readings: Sequence[Reading]) -> Counter[str]:
    """Return how often the routes, actors and countries that an article names are of a country."""
    counts: Counter[str] = Counter()
    for reading in readings:
        for name in reading.names:
            if len(name.entry.of.countries) <= _LONGEST:
                counts.update(name.entry.of.countries)
    return counts


def places_of(
    reading: Reading,
    language: Language,
    index: PlaceIndex,
    countries: Counter[str],
    taken: Collection[str] = (),
) -> tuple[PlaceMention, ...]:
    """Return the towns that a sentence names, in order of appearance.

    Args:
        reading: the sentence.
        language: whose small words and titles are no names of towns.
        index: of all towns.
        countries: those that the article is about, from `countries_of`.
        taken: names of routes and actors in the sentence, which are not repeated.
    """
    tokens = words_of(reading, language.titles)
    blocked = set(_blocked(reading, taken))
    found: dict[str, PlaceMention] = {}
    at = 0
    while at < len(tokens) and len(found) < MOST:
        match = _longest(reading, tokens, at, language, index, blocked)
        if match is None:
            at += 1
            continue
        last, towns, name = match
        place = _meant(towns, countries, located=_is_located(tokens, at, language.grammar))
        if place is not None and not _is_likely(reading, tokens[at], place, countries):
            place = None
        if place is not None and name not in found:
            found[name] = PlaceMention(
                name=name,
                country=place.country,
                latitude=place.latitude,
                longitude=place.longitude,
            )
        at = last + 1 if place is not None else at + 1
    return tuple(found.values())


def _blocked(reading: Reading, taken: Collection[str]) -> Iterator[int]:
    """Yield the characters that stand in the name of a route or actor."""
    for name in taken:
        at = reading.words.find(name) if name else -1
        while at >= 0:
            yield from range(reading.sentence.start + at, reading.sentence.start + at + len(name))
            at = reading.words.find(name, at + len(name))


def _longest(
    reading: Reading,
    tokens: Sequence[Token],
    at: int,
    language: Language,
    index: PlaceIndex,
    blocked: Collection[int],
) -> tuple[int, list[Place], str] | None:
    """Return the longest town's name that begins at a token, and the towns that bear it."""
    if not _may_name(tokens[at], language) or tokens[at].start in blocked:
        return None
    for last in range(min(len(tokens), at + _LONGEST) - 1, at - 1, -1):
        words = tokens[at : last + 1]
        if any(token.start in blocked or not token.is_word for token in words):
            continue
        if not _may_name(words[-1], language):
            continue
        name = reading.text[words[0].start : words[-1].end]
        written = name.removesuffix("'s").removesuffix("’s")
        for spelling in _spellings(written):
            towns = index.find(spelling)
            if towns and not _goes_on(tokens, last, language):
                return last, towns, spelling
    return None


def _spellings(name: str) -> Iterator[str]:
    yield name
    if name[0].lower() == name[0].upper():
        for prefix in _PREFIXES:
            if name.startswith(prefix) and len(name) > len(prefix) + 2:
                yield name[len(prefix) :]


def _may_name(token: Token, language: Language) -> bool:
    """Say whether a word may belong to a town's name."""
    if not token.text[0].isalpha() or token.text[0].islower():
        return False
    if len(token.text) > 1 and token.text.isupper() and token.text.isascii():
        return False
    if token.lower in language.grammar.small or token.lower in language.grammar.bodies:
        return False
    return not is_title(token.text, language.titles)


def _goes_on(tokens: Sequence[Token], last: int, language: Language) -> bool:
    """Say whether a capital goes on after a name, so that it is a person's or a body's."""
    following = tokens[last + 1] if last + 1 < len(tokens) else None
    if following is None or not following.text[0].isupper():
        return False
    settled = language.grammar.settlements | language.grammar.route_words
    return following.lower not in settled | language.grammar.times


def _is_located(tokens: Sequence[Token], at: int, grammar: Grammar) -> bool:
    """Say whether a word before a name tells that it is a place: "in", "the town of"."""
    before = tokens[at - 1].lower if at else ""
    return before in grammar.locative or before in grammar.settlements


def _is_likely(reading: Reading, token: Token, place: Place, countries: Counter[str]) -> bool:
    """Say whether a name is no country's, and in a script without capitals no common word."""
    for name in reading.names:
        if name.start == token.start and name.entry.of.countries:
            return place.country in name.entry.of.countries
    if token.text[0].lower() != token.text[0].upper():
        return True
    return countries[place.country] == max(countries.values(), default=0)


def _meant(towns: Sequence[Place], countries: Counter[str], *, located: bool) -> Place | None:
    """Return the town that is most likely meant, None where it is likely none."""
    best = max(towns, key=lambda town: (countries[town.country], town.population))
    if countries[best.country]:
        return best
    return best if located and best.population >= _LARGE else None
