"""Names of routes by their form: before or after a noun such as "crossing", chains, numbers."""

import re
from collections.abc import Iterator, Sequence

from services.extractor.domain.gazetteer import Actor
from services.extractor.domain.grammar import Grammar
from services.extractor.domain.persons import Span
from services.extractor.domain.phrases import Hit
from services.extractor.domain.reading import Reading
from services.extractor.domain.route_tokens import (
    CODE,
    PARTICLES,
    Token,
    is_caseless,
    is_cue,
    is_name,
    owner_kind,
    tokens_beside,
)

_WINDOW = 90
"""Characters before or after a route's noun in which its names may stand."""
_LONGEST_NAME = 5
"""Words of a name."""
_MOST_NAMES = 6
"""Names that share a noun: "the ports of A, B and C"."""
_DASHES = frozenset("-–—")
_MARKS = frozenset("«»“”„\"'‘’")
_OPENING = {"”": "“„”", "“": "„", "»": "«", "«": "»", '"': '"'}
"""The marks that may open what each mark closes."""
_CAPITALS = frozenset({"capital"})
_PLACES = _CAPITALS | {"country"}
"""Kinds of owners that belong to a name before a noun with a capital: "Manila North Road"."""
_NUMBERED = re.compile(
    r"(?<![\w-])(?:(?:RN|NH|EN|ERS|BR|RS|AH|MSR|RD|SR|NR|RR|GP|RP|NE)[ -]?\d{1,4}"
    r"|(?:Highway|Route|Road|Main Supply Route|Autopista|Autoroute|Ruta|Rodovia|Estrada Nacional"
    r"|Route Nationale|Carretera)\s\d{1,4})[A-Z]?(?![\w-])"
)
"""A road by its number, wherever it stands."""
_SHORT = re.compile(r"(?<![\w-])[ABNR]\d{1,2}(?![\w-])")
"""A road by a letter and a number, which may also be a mask or a bomber: "A9"."""


def numbered(reading: Reading, grammar: Grammar, *, travelled: bool) -> Iterator[Span]:
    """Yield the roads that a sentence names by number: "NH 37", "RN2", "the A9".

    Args:
        reading: the sentence.
        grammar: whose small words to go by.
        travelled: whether the sentence speaks of roads or of travel.
    """
    start, end, _ = reading.sentence
    for match in _NUMBERED.finditer(reading.text, start, end):
        yield match.span()
    for match in _SHORT.finditer(reading.text, start, end) if travelled else ():
        before = reading.text[max(start, match.start() - _WINDOW) : match.start()].split()
        definite = bool(before) and before[-1].lower() in grammar.definite
        if definite and not _describes(reading.text, match.end(), end, grammar):
            yield match.span()


def _describes(text: str, at: int, end: int, grammar: Grammar) -> bool:
    """Say whether a noun follows that what ends at a place describes: "the B52 bombers"."""
    following = text[at : min(end, at + _WINDOW)]
    word = following.split()[0] if following.startswith(" ") and following.strip() else ""
    plain = word.isalpha() and word.islower()
    return plain and word not in grammar.small | grammar.passive | grammar.auxiliaries


def chain_around(reading: Reading, span: Span) -> Span:
    """Return a name with what dashes tie to it: "A-B" of "A-B-C"."""
    text, (start, end, _) = reading.text, reading.sentence
    first, last = span
    while last + 1 < end and text[last] in "-–/" and text[last + 1].isupper():
        match = _PART.match(text, last + 1, end)
        if match is None:
            break
        last = match.end()
    while first - 1 > start and text[first - 1] in "-–/" and text[first - 2].isalnum():
        at = first - 2
        while at > start and (text[at - 1].isalnum() or text[at - 1] in "'’"):
            at -= 1
        if not text[at].isupper():
            break
        first = at
    return first, last


_PART = re.compile(r"[^\W_][\w'’]{0,40}")


def before_noun(
    reading: Reading, noun: Hit, grammar: Grammar, *, plural: bool, of_towns: bool
) -> list[Span]:
    """Return the names before a noun: "the Adre border crossing", "the A and B crossings".

    A single name is given with its noun, several that share a plural noun without it.

    Args:
        reading: the sentence.
        noun: in it.
        grammar: whose small words to go by.
        plural: whether the noun is one.
        of_towns: whether such routes go by their town, a capital too: "Monrovia harbour".
    """
    sentence = reading.sentence.start
    start = max(sentence, noun.start - _WINDOW)
    tokens = tokens_beside(reading.text, start, noun.start)
    if tokens and tokens[-1].text in _OPENING:
        return [] if plural else _in_marks(reading, tokens, grammar)
    named = reading.text[noun.start].isupper()
    kept = _PLACES if named else _CAPITALS if of_towns else frozenset()
    names = _names_back(reading, tokens, grammar, kept, plural=plural)
    if not names:
        return []
    if plural:
        return names[::-1] if len(names) > 1 else []
    first_start = names[0][0]
    if _goes_on(reading.text, noun) or _is_actor(reading, *names[0]):
        return []
    alone = " " not in reading.text[first_start : noun.start].strip()
    opens = first_start == sentence or (reading.text[first_start - 1] in _MARKS and not named)
    chained = any(dash in reading.text[first_start : noun.start] for dash in _DASHES)
    if opens and alone and not chained:
        return []
    return [(first_start, noun.end)]


def _names_back(
    reading: Reading,
    tokens: Sequence[Token],
    grammar: Grammar,
    kept: frozenset[str],
    *,
    plural: bool,
) -> list[Span]:
    """Return the names that tokens end with, the last one first; several before a plural."""
    names: list[Span] = []
    at = len(tokens) - 1
    while at >= 0 and len(names) < _MOST_NAMES:
        first, covered = _name_back(reading, tokens, at, grammar, kept)
        if first is None:
            break
        names.append((tokens[first].start, tokens[covered].end))
        at = first - 1
        if at < 1 or not (
            tokens[at].text == "," or tokens[at].text.lower() in grammar.coordinators
        ):
            break
        at -= 1
        if at >= 0 and tokens[at].text == ",":
            at -= 1
        if not plural:
            break
    return names


def _in_marks(reading: Reading, tokens: Sequence[Token], grammar: Grammar) -> list[Span]:
    """Return the name in quotation marks that tokens end with: the “Bruzgi” crossing."""
    first = last = len(tokens) - 1
    while first > 0 and is_name(tokens[first - 1], grammar):
        first -= 1
    opening = _OPENING[tokens[last].text]
    named = 0 < last - first <= _LONGEST_NAME
    if not named or first == 0 or tokens[first - 1].text not in opening:
        return []
    span = tokens[first].start, tokens[last - 1].end
    owned = _is_actor(reading, *span) or owner_kind(reading, tokens[last - 1]) is not None
    return [] if owned else [span]


def _goes_on(text: str, noun: Hit) -> bool:
    """Say whether a noun is part of a longer name: "Wall Street Journal"."""
    following = text[noun.end : noun.end + 2]
    return text[noun.start].isupper() and following[:1] == " " and following[1:].isupper()


def _name_back(
    reading: Reading, tokens: Sequence[Token], at: int, grammar: Grammar, kept: frozenset[str]
) -> tuple[int | None, int]:
    """Return the tokens that a name before its noun begins and ends with, walking back."""
    first: int | None = None
    last = at
    words = 0
    for number in range(at, -1, -1):
        token = tokens[number]
        if words == _LONGEST_NAME:
            break
        if number < at and grammar.case_endings and token.text.endswith(grammar.case_endings):
            break
        if is_name(token, grammar) and not _is_owner(reading, tokens, number, grammar, kept):
            if first is None:
                last = number
            first = number
            words += 1
        elif first is None and number < at:
            break
        elif token.text.lower() not in PARTICLES and token.text not in _DASHES:
            if first is None and number == at and token.text.lower() in grammar.route_adjectives:
                continue
            break
    return first, last


def _is_owner(
    reading: Reading, tokens: Sequence[Token], number: int, grammar: Grammar, kept: frozenset[str]
) -> bool:
    """Say whether a word tells whose a route is: "the Turkish gate", not "Pan American Highway".

    Args:
        reading: the sentence.
        tokens: before the route's noun.
        number: of the word.
        grammar: whose small words to go by.
        kept: kinds of owners that are part of the name here.
    """
    owner = owner_kind(reading, tokens[number])
    if owner is None or owner in kept:
        return False
    before = tokens[number - 1].text if number else ""
    goes_on = before[:1].isupper() and before.lower() not in grammar.small
    return not (goes_on and kept == _PLACES)


def after_noun(
    reading: Reading,
    noun: Hit,
    linking: frozenset[str],
    grammar: Grammar,
    *,
    plural: bool,
    paired: bool,
) -> list[Span]:
    """Return the names after a noun: "port of Odesa", "road from A to B", "ports of A and B".

    A single name is given with its noun, several that share a plural noun without it.

    Args:
        reading: the sentence.
        noun: in it.
        linking: words that may stand between noun and name.
        grammar: whose small words to go by.
        plural: whether the noun is one.
        paired: whether a name needs both ends: "the road to A" is none.
    """
    stop = min(reading.sentence.end, noun.end + _WINDOW)
    tokens = tokens_beside(reading.text, noun.end, stop)
    names: list[Span] = []
    linked = tokens and (
        tokens[0].text.lower() in linking
        or tokens[0].text in _MARKS
        or (bool(linking & grammar.way_links) and _is_chain(tokens[0], grammar))
    )
    at = _skip(tokens, 0, linking, grammar) if linked or not linking else -1
    link = tokens[0].text.lower() if tokens else ""
    joins = grammar.ways | (grammar.coordinators if link in grammar.pair_links else frozenset())
    while 0 <= at < len(tokens) and len(names) < _MOST_NAMES:
        found = _name_on(reading, tokens, at, grammar, frozenset() if plural else joins)
        if found is None:
            break
        names.append((tokens[at].start, tokens[found].end))
        at = found + 1
        joined = at < len(tokens) and (
            tokens[at].text == "," or tokens[at].text.lower() in grammar.coordinators
        )
        if not joined or not plural:
            break
        at = _skip(tokens, at + 1, linking | grammar.coordinators, grammar)
    if not names:
        return []
    if plural:
        return names if len(names) > 1 and link not in grammar.way_links else []
    first, last = names[0]
    if _is_actor(reading, first, last) or not _has_ends(
        reading, first, last, link, grammar, paired=paired
    ):
        return []
    whole = Token(first, last, reading.text[first:last])
    abroad = link in grammar.within and owner_kind(reading, whole) is not None
    possessed = whole.text.endswith(("'s", "’s"))
    if abroad or possessed or (at < len(tokens) and tokens[at].text.lower() in grammar.regions):
        # "a street of the al-Mansoura district", "the checkpoint in UNICEF's view"
        return []
    chained = tokens[0].start == first and _is_chain(tokens[0], grammar)
    quoted = (
        chained or reading.text[first - 1] in _MARKS or CODE.fullmatch(reading.text[first:last])
    )
    dashed = " – " in reading.text[first:last] or " — " in reading.text[first:last]
    dashed = dashed or " - " in reading.text[first:last]
    if quoted or dashed:
        return [(first, last)]
    return [(_with_adjectives(reading, noun.start, grammar), last)]


def _is_chain(token: Token, grammar: Grammar) -> bool:
    """Say whether a word names a road by three places: the corridor "Goris-Lachin-Khankendi".

    With two it may be a person, "Jean-Pierre", or an article, "Al-Hassan".
    """
    return sum(char in _DASHES for char in token.text) > 1 and is_name(token, grammar)


def _is_actor(reading: Reading, first: int, last: int) -> bool:
    """Say whether a name is an actor's, who only holds the place: "the gate of the UN"."""
    return any(
        name.start <= first and last <= name.end and isinstance(name.entry.of, Actor)
        for name in reading.names
        if name.entry.use in {"always", "exact"}
    )


def _has_ends(
    reading: Reading, first: int, last: int, link: str, grammar: Grammar, *, paired: bool
) -> bool:
    """Say whether what follows "from", "to" or "between" names a road by where it leads."""
    words = [word.lower() for word in reading.text[first:last].split()]
    if link in grammar.pair_links:
        joined = sum(word in grammar.coordinators | grammar.ways for word in words) == 1
        return joined and not all(_ends_in_country(reading, first, last))
    if link in grammar.way_links:
        both = any(word in grammar.ways - grammar.coordinators for word in words)
        return (both or not paired) and not _ends_in_country(reading, first, last)[1]
    return True


def _ends_in_country(reading: Reading, first: int, last: int) -> tuple[bool, bool]:
    """Say whether a road begins, and whether it ends, in a mere country: "to Armenia"."""
    places = [name for name in reading.names if name.entry.use == "place"]
    return any(name.start == first for name in places), any(name.end == last for name in places)


def _skip(tokens: Sequence[Token], at: int, linking: frozenset[str], grammar: Grammar) -> int:
    """Return the first token past "of", "the town of" and quotation marks."""
    limit = min(len(tokens), at + _LONGEST_NAME)
    while at < limit and (
        tokens[at].text.lower() in linking
        or tokens[at].text.lower() in grammar.determiners
        or tokens[at].text.lower() in grammar.settlements
        or tokens[at].text in _MARKS
    ):
        at += 1
    return at


def _name_on(
    reading: Reading, tokens: Sequence[Token], at: int, grammar: Grammar, joins: frozenset[str]
) -> int | None:
    """Return the token that a name ends with, walking on, also over words that join two ends."""
    last: int | None = None
    for number in range(at, min(len(tokens), at + _LONGEST_NAME + 3)):
        token = tokens[number]
        if is_name(token, grammar):
            if number - at > 0 and token.text.lower() in grammar.times:
                break
            last = number
        elif is_caseless(token.text):
            if is_cue(reading, token) or any(
                token.text in small
                for small in (grammar.prepositions, grammar.auxiliaries, grammar.adverbs)
            ):
                break
            last = number
            if number > at or not token.text.startswith(("أبو", "كرم", "باب", "ام", "أم", "بني")):
                break
        elif (
            token.text in _DASHES
            or token.text.lower() in PARTICLES
            or (token.text.lower() in joins and last is not None)
        ):
            continue
        else:
            break
    return last


def _with_adjectives(reading: Reading, start: int, grammar: Grammar) -> int:
    """Return where a noun begins with what tells its kind: "humanitarian corridor"."""
    while True:
        before = reading.text[max(reading.sentence.start, start - _WINDOW) : start].rstrip()
        word = before.split()[-1] if before.split() else ""
        if not word or word.lower() not in grammar.route_adjectives or not before.endswith(word):
            return start
        start = max(reading.sentence.start, start - _WINDOW) + len(before) - len(word)
