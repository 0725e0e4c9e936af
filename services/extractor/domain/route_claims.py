"""What a sentence says of each route: its status, and for whom or what that holds."""

from collections.abc import Sequence
from typing import NamedTuple

from schemas.statement import RouteStatus, Traffic
from services.extractor.domain.lexicon import Language, Lexicon
from services.extractor.domain.persons import Span
from services.extractor.domain.phrases import Hit
from services.extractor.domain.reading import Reading
from services.extractor.domain.route_movement import Movement
from services.extractor.domain.route_surroundings import CLOSE, FAR, NEAR, Surroundings
from services.extractor.domain.route_traffic import traffic_of

_PREFIX = "status."
_SHUT = frozenset({RouteStatus.CLOSED, RouteStatus.BLOCKED, RouteStatus.LIMITED})
_PASSABLE = frozenset({RouteStatus.OPEN, RouteStatus.REOPENED})
_STRENGTH = dict.fromkeys(RouteStatus, 0) | {
    RouteStatus.REOPENED: 1,
    RouteStatus.LIMITED: 2,
}
"""Which of two statuses counts that the same words may tell."""


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
    claims = _Claims(Surroundings(reading, sorted(spans), language, lexicon))
    return {span: claims.of(span) for span in spans}


class _Claims:
    """The claims of one sentence."""

    def __init__(self, around: Surroundings) -> None:
        self.around = around
        self.movement = Movement(around)
        self.cues = [cue for cue in around.cues if around.name(cue).startswith(_PREFIX)]
        keys = around.lexicon.keys
        self.denials = around.reading.of(keys.index("deny_claim"))
        self.appeals = around.reading.of(keys.index("appeal"))
        self.denied = bool(around.words & around.grammar.unfounded)
        self.stays_open = bool(around.words & around.grammar.staying)
        talks = around.words & around.grammar.negotiating
        self.open_question = bool(talks and not self.movement.is_planned)
        """Whether it is being talked about, and nothing is passable yet."""

    def of(self, span: Span) -> Claim:
        """Return what is said of one route."""
        stated = self._stated(span)
        status = stated or self.movement.status(span)
        if status in _SHUT and self.denied:
            return Claim(RouteStatus.OPEN)
        if stated in _SHUT and self._precedes(self.denials, span):
            return Claim(RouteStatus.OPEN)
        if self.stays_open and stated is RouteStatus.OPEN:
            return Claim(stated, traffic_of(self.around, span))
        if status in _PASSABLE and (self.open_question or self._precedes(self.appeals, span)):
            return Claim()
        if stated is RouteStatus.REOPENED and self.denied:
            return Claim()
        return Claim(status, traffic_of(self.around, span) if status is not None else ())

    def _precedes(self, cues: Sequence[Hit], span: Span) -> bool:
        """Say whether a cue stands before a route, or anywhere where the verb comes last."""
        return any(cue.start < span[0] or self.around.grammar.subject_first for cue in cues)

    def _stated(self, span: Span) -> RouteStatus | None:
        """Return the status that the nearest cue gives, None where none is near.

        Of cues within each other the longest counts: "no longer be used", "opened again".
        """
        ranked = sorted(
            (distance, cue)
            for cue in self.cues
            for distance in [self.around.distance(span, cue)]
            if distance <= (CLOSE if self._says(cue) is RouteStatus.DANGEROUS else FAR)
        )
        if not ranked:
            return None
        nearest = ranked[0][1]
        same = [cue for _, cue in ranked if cue.start == nearest.start or cue.end == nearest.end]
        cue = max(same, key=lambda each: (each.end - each.start, _STRENGTH[self._says(each)]))
        return self._turned(self._says(cue), cue)

    def _says(self, cue: Hit) -> RouteStatus:
        return RouteStatus(self.around.name(cue).removeprefix(_PREFIX))

    def _turned(self, status: RouteStatus, cue: Hit) -> RouteStatus:
        """Return a status as negation and "partly" leave it."""
        words, grammar = self.around.words_before(cue.start), self.around.grammar
        beside = {*words, *self.around.words_after(cue.end, 1)}
        if status in _SHUT | _PASSABLE and beside & grammar.partly:
            return RouteStatus.LIMITED
        if status in _PASSABLE and self._is_followed_by_limit(cue):
            return RouteStatus.LIMITED
        if status in _SHUT | _PASSABLE and self.around.is_negated(cue):
            return RouteStatus.OPEN if status in _SHUT else RouteStatus.CLOSED
        if status is RouteStatus.OPEN and self._becomes(cue, words):
            return RouteStatus.REOPENED
        again = set(self.around.words_after(cue.start, 1)) & grammar.again
        if status is RouteStatus.REOPENED and not again and set(words) & grammar.staying:
            return RouteStatus.OPEN
        return status

    def _is_followed_by_limit(self, cue: Hit) -> bool:
        """Say whether a limit follows at once: "open two days a week"."""
        limits = [each for each in self.cues if self._says(each) is RouteStatus.LIMITED]
        pairs = self.around.pairs([cue], limits, NEAR)
        return any(cue.end <= limit.start for _, limit in pairs)

    def _becomes(self, cue: Hit, words: Sequence[str]) -> bool:
        """Say whether a route is open again, or about to be, rather than still."""
        grammar = self.around.grammar
        following = set(self.around.words_after(cue.end, 1))
        return bool(following & grammar.again or set(words[-1:]) & grammar.becoming)
