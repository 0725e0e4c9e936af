"""Routes in a sentence: the gazetteer's, and names beside a word such as "crossing"."""

from schemas import RouteMention
from services.extractor.domain.datelines import after_dateline
from services.extractor.domain.gazetteer import Route
from services.extractor.domain.lexicon import Language, Lexicon
from services.extractor.domain.names import Name
from services.extractor.domain.persons import Span
from services.extractor.domain.phrases import Hit
from services.extractor.domain.reading import Reading
from services.extractor.domain.route_claims import claims_of
from services.extractor.domain.route_names import (
    after_noun,
    before_noun,
    chain_around,
    numbered,
)

_PREFIX = "route_nouns."
_TELLING = ("open", "closed", "reopened", "blocked")
"""What is said of routes more than of towns."""
_WAYS = frozenset({"road", "corridor"})
"""Kinds that lead from one place to another."""
_STANDING = frozenset({"checkpoint", "crossing", "airport"})
"""Kinds that stand at one place: "the checkpoint in Zolote"."""
_OF_TOWNS = frozenset({"port", "airport"})
"""Kinds that a town's name goes before, a capital's too: "Monrovia harbour"."""
_SPANNING = frozenset({"road", "bridge"})
"""Kinds that lead over something."""
_MARKS = ".,;:'’\"”"
_JOINT = 8
"""Characters that join one name to another."""
_BESIDE = 60
"""Characters between a bare name and what tells that it is open or closed."""


def routes_of(
    reading: Reading,
    language: Language,
    lexicon: Lexicon,
) -> tuple[RouteMention, ...]:
    """Return the routes that a sentence names, in order of appearance.

    Args:
        reading: the sentence.
        language: whose small words to go by.
        lexicon: whose route nouns and cues of status to look for.
    """
    finder = _Finder(reading, language, lexicon)
    finder.gazetteer()
    finder.by_noun()
    travelled = any(finder.is_of_travel(cue) for cue in reading.cues)
    for span in numbered(reading, language.grammar, travelled=travelled):
        finder.add(span, None, "road")
    found = finder.found
    claims = claims_of(reading, sorted(found), language, lexicon)
    return tuple(
        RouteMention(
            name=reading.text[span[0] : span[1]],
            id=found[span][0],
            kind=found[span][1],
            status=claims[span].status,
            traffic=claims[span].traffic,
        )
        for span in sorted(found)
    )


class _Finder:
    """Finds the routes of one sentence."""

    def __init__(self, reading: Reading, language: Language, lexicon: Lexicon) -> None:
        self.reading = reading
        self.language = language
        self.lexicon = lexicon
        self.nouns = [cue for cue in reading.cues if lexicon.keys[cue.key].startswith(_PREFIX)]
        self.found: dict[Span, tuple[str | None, str | None]] = {}
        caseless = language.grammar.caseless
        self._prefixed = tuple(language.grammar.noun_bases) if caseless else ()

    def add(self, span: Span, route_id: str | None, kind: str | None) -> None:
        """Note a mention, in place of one that it holds, unless another stands in its place."""
        if self.reading.text[span[0] + 1 : span[1]].startswith(self._prefixed):
            span = (span[0] + 1, span[1])
        touched = [s for s in self.found if s[0] < span[1] and span[0] < s[1]]
        if not touched:
            self.found[span] = (route_id, kind)
        elif len(touched) == 1 and span[0] <= touched[0][0] and touched[0][1] <= span[1]:
            self.found[span] = self.found.pop(touched[0])

    def is_of_travel(self, cue: Hit) -> bool:
        """Say whether a cue speaks of roads or of travel."""
        key = self.lexicon.keys[cue.key]
        return key == "travel" or key.removeprefix(_PREFIX) in _WAYS

    def gazetteer(self) -> None:
        """Note the gazetteer's names, with the noun and the places tied to them."""
        begin = after_dateline(self.reading)
        for name in self.reading.names:
            route = name.entry.of
            if name.start >= begin and isinstance(route, Route) and self._is_meant(name):
                span = chain_around(self.reading, (name.start, name.end))
                self.add(self._with_noun(span), route.id, route.kind)

    def by_noun(self) -> None:
        """Note names beside a route's noun, the longest nouns first."""
        for noun in sorted(self.nouns, key=lambda cue: (cue.start, -cue.end)):
            kind = self._kind(noun)
            cut = self._base(noun)
            plural = (
                self.reading.text[noun.start : noun.end].lower() in self.language.grammar.plurals
            )
            grammar = self.language.grammar
            linking = self._links(noun, kind)
            of_towns = kind in _OF_TOWNS and not plural
            spans = before_noun(
                self.reading, cut, grammar, plural=plural, of_towns=of_towns
            ) or after_noun(
                self.reading, cut, linking, grammar, plural=plural, paired=kind == "road"
            )
            for span in spans:
                name = self.reading.text[span[0] : span[1]].lower()
                if not name.endswith(tuple(grammar.figurative)):
                    self.add(span, None, kind)

    def _links(self, noun: Hit, kind: str) -> frozenset[str]:
        """Return what may stand between a noun and the name after it."""
        grammar, linking = self.language.grammar, self.language.after_route_noun
        if kind not in _SPANNING:
            linking -= grammar.spanning
        if kind in _STANDING:
            before = self.reading.text[self.reading.sentence.start : noun.start].split()
            if before and before[-1].lower() in grammar.definite:
                linking |= grammar.within
        if kind in _WAYS:
            linking |= grammar.way_links | grammar.pair_links
        return linking

    def _kind(self, noun: Hit) -> str:
        """Return what a noun calls a route: `road`, `crossing`."""
        return self.lexicon.keys[noun.key].removeprefix(_PREFIX)

    def _base(self, noun: Hit) -> Hit:
        """Return a noun without its case ending: "yolu" of "yolunun"."""
        written = self.reading.text[noun.start : noun.end].lower()
        bases = self.language.grammar.noun_bases
        if written[1:] in bases:
            return noun._replace(start=noun.start + 1)
        word = written.split()[-1]
        base = max((b for b in bases if word.startswith(b)), key=len, default=None)
        return noun if base is None else noun._replace(end=noun.end - len(word) + len(base))

    def _with_noun(self, span: Span) -> Span:
        """Return a name with the noun that follows at once: "Lachin" + "corridor"."""
        text = self.reading.text
        start, end = span
        bracket = text.find(")", end, end + _BESIDE) if text.startswith(" (", end) else -1
        reach = bracket + 1 if bracket > 0 else end
        after = [noun for noun in self.nouns if noun.start == reach + 1]
        if not after or text[reach] != " ":
            inside = [noun for noun in self.nouns if start <= noun.start < end <= noun.end]
            return (start, self._base(inside[-1]).end) if inside else span
        last = max(after, key=lambda noun: noun.end)
        plural = text[last.start : last.end].lower() in self.language.grammar.plurals
        return span if plural else (start, self._base(last).end)

    def _is_meant(self, name: Name) -> bool:
        """Say whether a name stands for its route, and not for a town or a journey."""
        if name.entry.use != "bare":
            written = self.reading.text[name.start : name.end]
            ways = self.language.grammar.ways
            return self._is_led_to(name) or not any(f" {way} " in written for way in ways)
        if any(0 <= noun.start - name.end <= 1 for noun in self.nouns):
            return True
        if self._goes_on(name):
            return False
        return (
            self._shares_noun(name)
            or self._is_way(name)
            or self._is_harbour(name)
            or self._is_joined(name)
        )

    def _is_led_to(self, name: Name) -> bool:
        """Say whether a road's noun stands at a name: "road from A to B", "A to B road"."""
        return any(
            self._kind(noun) in _WAYS
            and (0 <= noun.start - name.end <= 1 or 0 <= name.start - noun.end <= _JOINT)
            for noun in self.nouns
        )

    def _goes_on(self, name: Name) -> bool:
        """Say whether a capital after a bare name makes it part of another: "Enguri HPP"."""
        following = self.reading.text[name.end : name.end + 2]
        return following[:1] == " " and following[1:].isupper()

    def _is_harbour(self, name: Name) -> bool:
        """Say whether a bare name is a port's and the sentence speaks of ships."""
        if getattr(name.entry.of, "kind", None) != "port":
            return False
        return self._speaks_of(self.language.grammar.ships)

    def _speaks_of(self, wanted: frozenset[str]) -> bool:
        """Say whether one of some words stands in the sentence."""
        return any(word.strip(_MARKS) in wanted for word in self.reading.words.lower().split())

    def _is_joined(self, name: Name) -> bool:
        """Say whether a bare name is joined to a route that was found: "at A and B"."""
        text = self.reading.text
        for _, end in self.found:
            between = text[end : name.start].replace(",", " ").lower().split()
            if end <= name.start <= end + _JOINT and all(
                word in self.language.grammar.coordinators for word in between
            ):
                return text[end : name.start].strip() != ""
        return False

    def _is_way(self, name: Name) -> bool:
        """Say whether something passes a bare name, or it is open or closed."""
        reading, lexicon = self.reading, self.lexicon
        start = max(reading.sentence.start, name.start - _BESIDE)
        words = reading.text[start : name.start].split()
        if words and words[-1].lower() in self.language.grammar.passing:
            return True
        by_way_of = reading.of(lexicon.keys.index("by_way_of"))
        before = [cue for cue in by_way_of if cue.end == name.start - 1]
        if any(" of" in reading.text[cue.start : cue.end] for cue in before):
            return True
        told = reading.concepts & lexicon.mask("convoy", "border", "route", "deliver")
        if before and (told or self._speaks_of(self.language.grammar.lorries)):
            return True
        return self._is_open_or_closed(name)

    def _shares_noun(self, name: Name) -> bool:
        """Say whether a plural noun follows that the name shares: "A and B crossings"."""
        text = self.reading.text
        plurals = self.language.grammar.plurals
        for noun in self.nouns:
            word = text[noun.start : noun.end].lower()
            between = text[name.end : noun.start]
            if word in plurals and 0 < noun.start - name.end <= _BESIDE:
                words = [w.strip(",") for w in between.split()]
                coordinated = any(w in self.language.grammar.coordinators for w in words)
                small = self.language.grammar.coordinators
                if coordinated and all(not w or w[0].isupper() or w in small for w in words):
                    return True
        return False

    def _is_open_or_closed(self, name: Name) -> bool:
        """Say whether a cue of status stands near a name that nothing makes a mere place."""
        text, grammar = self.reading.text, self.language.grammar
        before = text[max(self.reading.sentence.start, name.start - _BESIDE) : name.start].split()
        if before and before[-1].lower() in grammar.locative:
            return False
        keys = {self.lexicon.keys.index(f"status.{s}") for s in _TELLING}
        for cue in self.reading.cues:
            if cue.key in keys:
                gap = (
                    text[name.end : cue.start]
                    if cue.start > name.end
                    else text[cue.end : name.start]
                )
                if len(gap) <= _BESIDE and not any(mark in gap for mark in ";:–—"):
                    return True
        return False
