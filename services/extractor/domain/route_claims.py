"""What a sentence says of each route: its status, and for whom or what that holds."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from schemas.statement import RouteStatus, Traffic
from services.extractor.domain.lexicon import Language, Lexicon
from services.extractor.domain.persons import Span
from services.extractor.domain.phrases import Hit
from services.extractor.domain.reading import Reading

_PREFIX = "status."
_NEAR = 30
"""Characters before a cue in which a word turns or weakens it."""
_FAR = 110
"""Distance beyond which a cue no longer tells of a route."""
_CLOSE = 60
"""Distance within which danger is a route's."""
_DANGEROUS = "status.dangerous"
_MARKS = ",.;:“”\"'’()"
_ASIDE = re.compile(r"^\s?,[^,;:–—]{1,80},")
"""What stands between commas after a route: ", shut for months,"."""
_BREAK = 45
"""How much farther a cue counts for each clause that ends between it and the route."""
_MOVING = ("deliver", "reach", "achieve", "leave", "evacuate", "allow", "passage", "release")
_STOPPING = ("deny", "hamper", "suspend", "trapped", "cannot", "block")
_PERILS = frozenset({"attack", "mines", "hazard", "loot"})
_SHUT = frozenset({RouteStatus.CLOSED, RouteStatus.BLOCKED, RouteStatus.LIMITED})
_PASSABLE = frozenset({RouteStatus.OPEN, RouteStatus.REOPENED})
_TRAFFIC = (
    (Traffic.HUMANITARIAN, ("aid", "goods", "convoy")),
    (Traffic.MEDICAL, ("patients", "treat")),
    (Traffic.CIVILIAN, ("civilians", "leave", "evacuate")),
)
"""Concepts that tell for whom a route has its status; the first that stands there does."""


class Claim(NamedTuple):
    """What is said of one route."""

    status: RouteStatus | None = None
    traffic: tuple[Traffic, ...] = ()


def claims_of(
    reading: Reading, spans: Sequence[Span], language: Language, lexicon: Lexicon
) -> dict[Span, Claim]:
    """Return what a sentence says of each of its routes.

    Args:
        reading: the sentence.
        spans: where its routes are named.
        language: whose small words turn or weaken what is said.
        lexicon: whose cues of status and movement to look for.
    """
    if not spans:
        return {}
    claims = _Claims(reading, spans, language, lexicon)
    return {span: claims.of(span) for span in spans}


class _Claims:
    """The claims of one sentence."""

    def __init__(
        self, reading: Reading, spans: Sequence[Span], language: Language, lexicon: Lexicon
    ) -> None:
        self.reading = reading
        self.language = language
        self.lexicon = lexicon
        self.outside = outside = [
            cue
            for cue in reading.cues
            if not any(start < cue.end and cue.start < end for start, end in spans)
        ]
        self.status_cues = [cue for cue in outside if lexicon.keys[cue.key].startswith(_PREFIX)]
        self.present = {lexicon.keys[cue.key] for cue in outside}
        self.negators = reading.of(lexicon.keys.index("negators"))
        self.denials = reading.of(lexicon.keys.index("deny_claim"))
        self.appeals = reading.of(lexicon.keys.index("appeal"))
        self.stops = [cue for cue in outside if lexicon.keys[cue.key] in _STOPPING]
        self.ways = {cue.end: cue for cue in reading.of(lexicon.keys.index("by_way_of"))}
        self.words = {word.strip(_MARKS) for word in reading.words.lower().split()}
        self.denied = bool(self.words & language.grammar.unfounded)

    def of(self, span: Span) -> Claim:
        """Return what is said of one route."""
        stated = self._stated(span)
        status = stated or self._implied(span)
        if stated in _SHUT and (self.denied or self._is_denied(span)):
            return Claim(RouteStatus.OPEN)
        if status in _PASSABLE and any(cue.start < span[0] for cue in self.appeals):
            return Claim()
        return Claim(status, self._traffic() if status is not None else ())

    def _is_denied(self, span: Span) -> bool:
        """Say whether somebody denies what is said of a route."""
        return any(each.start < span[0] for each in self.denials)

    def _stated(self, span: Span) -> RouteStatus | None:
        """Return the status that the nearest cue gives, None where none is near."""
        ranked = sorted(
            (self._distance(span, cue), cue)
            for cue in self.status_cues
            if self.lexicon.keys[cue.key] != _DANGEROUS or self._distance(span, cue) <= _CLOSE
        )
        if not ranked or ranked[0][0] > _FAR:
            return None
        cue = ranked[0][1]
        status = RouteStatus(self.lexicon.keys[cue.key].removeprefix(_PREFIX))
        same = {
            RouteStatus(self.lexicon.keys[other.key].removeprefix(_PREFIX))
            for distance, other in ranked
            if other.start == cue.start or other.end == cue.end
        }
        for stronger in (RouteStatus.REOPENED, RouteStatus.LIMITED):
            status = stronger if stronger in same else status
        return self._turned(status, cue)

    def _turned(self, status: RouteStatus, cue: Hit) -> RouteStatus:
        """Return a status as negation and "partly" leave it."""
        grammar = self.language.grammar
        if status in _SHUT | _PASSABLE and set(self._words_before(cue)) & grammar.partly:
            return RouteStatus.LIMITED
        if status in _SHUT | _PASSABLE and self._is_negated(cue):
            return RouteStatus.OPEN if status in _SHUT else RouteStatus.CLOSED
        return self._dated(status, cue)

    def _is_negated(self, cue: Hit) -> bool:
        """Say whether a negation stands before a cue, or at once after it: "blocked neither"."""
        return any(
            0 <= cue.start - each.start <= _NEAR or 0 <= each.start - cue.end <= 1
            for each in self.negators
        )

    def _dated(self, status: RouteStatus, cue: Hit) -> RouteStatus:
        """Return whether a route is open still or open again, where it is one of both."""
        words, grammar = list(self._words_before(cue)), self.language.grammar
        if status is RouteStatus.OPEN and (
            self._is_again(cue.end) or set(words[-1:]) & grammar.becoming
        ):
            return RouteStatus.REOPENED
        if status is RouteStatus.REOPENED and set(words) & grammar.staying:
            return RouteStatus.OPEN
        return status

    def _words_before(self, cue: Hit) -> Iterator[str]:
        start = max(self.reading.sentence.start, cue.start - _NEAR)
        for word in self.reading.text[start : cue.start].lower().split()[-3:]:
            yield word.strip(',.“”"')

    def _implied(self, span: Span) -> RouteStatus | None:
        """Return the status that movement by a route implies: open, or blocked where it stops."""
        moving = self.present & set(_MOVING)
        stopping = any(
            not any(0 <= cue.start - each.start <= _NEAR for each in self.negators)
            or self.lexicon.keys[cue.key] in {"cannot", "deny"}
            for cue in self.stops
        )
        start = max(self.reading.sentence.start, span[0] - _NEAR)
        words = self.reading.text[start : span[0]].lower().split()
        grammar = self.language.grammar
        if set(words[-2:]) & grammar.standing:
            held = stopping or bool(self.words & grammar.held)
            if held or not set(words) & grammar.crossing:
                return RouteStatus.BLOCKED if held else None
        by_way = span[0] - 1 in self.ways or bool(set(words[-3:]) & grammar.along)
        if by_way and moving:
            return RouteStatus.CLOSED if self._is_barred(span) else self._passable(span)
        if stopping:
            return RouteStatus.BLOCKED
        if by_way:
            return self._passable(span)
        if self._is_near(span, _PERILS):
            return RouteStatus.DANGEROUS
        return self._passable(span) if moving or self._is_planned() else None

    def _passable(self, span: Span) -> RouteStatus:
        """Return whether a route is open, or about to be opened or used again."""
        if self._is_planned() or self._is_again(span[1]):
            return RouteStatus.REOPENED
        return RouteStatus.OPEN

    def _is_near(self, span: Span, concepts: frozenset[str]) -> bool:
        """Say whether a word for one of some concepts stands close to a route."""
        return any(
            self.lexicon.keys[cue.key] in concepts and self._distance(span, cue) <= _CLOSE
            for cue in self.outside
        )

    def _is_planned(self) -> bool:
        """Say whether a sentence tells of what was agreed or planned."""
        return bool(self.words & self.language.grammar.planning)

    def _is_again(self, at: int) -> bool:
        """Say whether "again" follows at a place."""
        following = self.reading.text[at : at + _NEAR].lower().split()
        return bool(following) and following[0].strip(_MARKS) in self.language.grammar.again

    def _is_barred(self, span: Span) -> bool:
        """Say whether a negation stands in the clause that leads up to a route."""
        text = self.reading.text
        return any(
            each.end < span[0] <= each.end + _CLOSE
            and not any(mark in text[each.end : span[0]] for mark in ",;:")
            for each in self.negators
        )

    def _distance(self, span: Span, cue: Hit) -> int:
        start, end = (span[1], cue.start) if cue.start >= span[1] else (cue.end, span[0])
        gap = _ASIDE.sub("", self.reading.text[start:end])
        breaks = sum(gap.count(mark) for mark in ",;:–—،")
        return len(gap) + _BREAK * breaks

    def _traffic(self) -> tuple[Traffic, ...]:
        """Return for whom or what a status holds."""
        for traffic, concepts in _TRAFFIC:
            if self.present & set(concepts):
                return (traffic,)
        return ()
