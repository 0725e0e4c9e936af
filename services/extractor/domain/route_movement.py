"""What movement by a route, or its end, says of the route's status."""

from collections.abc import Sequence

from schemas.statement import RouteStatus
from services.extractor.domain.persons import Span
from services.extractor.domain.phrases import Hit
from services.extractor.domain.route_surroundings import CLOSE, FAR, Surroundings

_MOVING = frozenset({"travel", "reach", "achieve", "leave", "evacuate", "passage"})
_STOPPING = frozenset({"deny", "hamper", "suspend", "trapped", "cannot", "block"})
_ALLOWING = frozenset({"allow"})
_DENYING = frozenset({"cannot", "deny"})
"""Of these, the ones that a negation before them does not turn: "no" and "cannot" may be one."""
_PERILS = frozenset({"attack", "mines", "hazard", "loot"})
_DAMAGED = frozenset({"damage"})
_PASSED = frozenset({"travel"})
_JOINT = 15
"""Characters between movement and what stops it: "deliveries were suspended"."""


class Movement:
    """What moves by the routes of a sentence, or is stopped there.

    Args:
        around: the sentence's cues.
    """

    def __init__(self, around: Surroundings) -> None:
        self.around = around
        self.moves = around.of(_MOVING)
        self.stops = [
            cue
            for cue in around.of(_STOPPING)
            if around.name(cue) in _DENYING or not around.is_turned(cue)
        ]
        self.refused = [cue for cue in around.of(_ALLOWING) if around.is_turned(cue)]
        self.halted = list(around.pairs(self.stops, self.moves, _JOINT))
        self.perils = [cue for cue in around.of(_PERILS) if not around.is_turned(cue)]
        by_way_of = around.reading.of(around.lexicon.keys.index("by_way_of"))
        self.ways = {cue.end for cue in by_way_of}
        self.is_planned = bool(around.words & around.grammar.planning)

    def status(self, span: Span) -> RouteStatus | None:
        """Return the status that movement by a route implies, None where nothing moves there."""
        is_used = self._is_one_near(span, self.moves, FAR)
        if self._is_place(span):
            return self._of_place(span, is_used=is_used)
        stopped = self._stopped(span)
        if stopped is not None:
            return stopped
        if is_used and self._is_way(span):
            return self._barred() if self._is_barred(span) else self.passable(span)
        if self._is_one_near(span, self.stops, CLOSE):
            return RouteStatus.BLOCKED
        if self._is_one_near(span, self.perils, CLOSE):
            return RouteStatus.DANGEROUS
        return self.passable(span) if is_used or self.is_planned else None

    def _stopped(self, span: Span) -> RouteStatus | None:
        """Return what it says of a route that movement there was stopped or not allowed."""
        if self._is_one_near(span, self.refused, CLOSE):
            return RouteStatus.BLOCKED
        halted = [stop for stop, move in self.halted if self.around.distance(span, move) <= CLOSE]
        if not halted:
            return None
        barred = all(self.around.name(stop) == "cannot" for stop in halted)
        return self._barred() if barred else RouteStatus.BLOCKED

    def passable(self, span: Span) -> RouteStatus:
        """Return whether a route is open, or about to be opened or used again."""
        again = self.around.words_after(span[1], 1)
        if self.is_planned or set(again) & self.around.grammar.again:
            return RouteStatus.REOPENED
        return RouteStatus.OPEN

    def _barred(self) -> RouteStatus:
        """Return how a route is on which nothing may move: a hazard closes none formally."""
        hazard = self.around.present & (_PERILS | _DAMAGED)
        return RouteStatus.BLOCKED if hazard else RouteStatus.CLOSED

    def _is_one_near(self, span: Span, cues: Sequence[Hit], reach: int) -> bool:
        return any(self.around.distance(span, cue) <= reach for cue in cues)

    def _is_place(self, span: Span) -> bool:
        """Say whether a route is only where somebody is: "at the crossing"."""
        around, grammar = self.around, self.around.grammar
        if set(around.words_before(span[0], 2)) & grammar.standing:
            return True
        return self._is_followed(span, grammar.standing_endings)

    def _of_place(self, span: Span, *, is_used: bool) -> RouteStatus | None:
        """Return what is said of a route at which somebody is held, or passes it."""
        if self.stops or self.refused or self.around.words & self.around.grammar.held:
            return RouteStatus.BLOCKED
        passed = (cue.start for cue in self.around.of(_PASSED))
        is_passed = any(span[0] - CLOSE <= start < span[0] for start in passed)
        return self.passable(span) if is_used and is_passed else None

    def _is_way(self, span: Span) -> bool:
        """Say whether words beside a route tell that something moves on it."""
        around, grammar = self.around, self.around.grammar
        if span[0] - 1 in self.ways or set(around.words_before(span[0])) & grammar.along:
            return True
        return self._is_followed(span, grammar.along_endings)

    def _is_followed(self, span: Span, endings: tuple[str, ...]) -> bool:
        """Say whether one of the words after a route ends in one of some ways."""
        return bool(endings) and any(
            word.endswith(endings) for word in self.around.words_after(span[1])
        )

    def _is_barred(self, span: Span) -> bool:
        """Say whether a negation stands in the clause that leads up to a route."""
        text = self.around.reading.text
        return any(
            each.end < span[0] <= each.end + CLOSE
            and self.around.is_clause(text[each.end : span[0]])
            for each in self.around.negators
        )
