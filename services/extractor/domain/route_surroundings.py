"""What stands around the routes of a sentence: cues, how far off they are, what turns them."""

import re
from collections.abc import Collection, Iterator, Sequence

from services.extractor.domain.lexicon import Language, Lexicon
from services.extractor.domain.persons import Span
from services.extractor.domain.phrases import Hit
from services.extractor.domain.reading import Reading

NEAR = 30
"""Characters before a cue in which a word turns or weakens it."""
CLOSE = 60
"""Distance within which danger or movement is a route's."""
FAR = 110
"""Distance beyond which a cue no longer tells of a route."""
_BEYOND = 2 * FAR
"""Characters between them at which no route is told of by a cue, whatever stands there."""
_MOST_LISTED = 12
"""Routes that are taken for one list, so that a text made of nothing else stays linear."""
_MARKS = ",.;:“”\"'’()«»"
_BREAKS = ",;:–—،؛"
_BREAK = 45
"""How much farther a cue counts for each clause that ends between it and the route."""
_ASIDE = re.compile(r"^([^,;:–—]{0,30}),[^,;:–—]{1,80},")
"""What stands between commas after a route: "between A and B, shut for months,"."""
_FRONT = re.compile(r"^[\s»”\"]?,")
"""What ends a place that begins a sentence: "On the Adre road, gunmen …"."""


class Surroundings:
    """The cues of a sentence outside the names of its routes.

    Args:
        reading: the sentence.
        spans: where its routes are named.
        language: whose small words turn or weaken what is said.
        lexicon: whose cues to look for.
    """

    def __init__(
        self, reading: Reading, spans: Sequence[Span], language: Language, lexicon: Lexicon
    ) -> None:
        self.reading = reading
        self.grammar = language.grammar
        self.lexicon = lexicon
        self.cues = [
            cue
            for cue in reading.cues
            if not any(start < cue.end and cue.start < end for start, end in spans)
        ]
        self.present = {lexicon.keys[cue.key] for cue in self.cues}
        self.negators = reading.of(lexicon.keys.index("negators"))
        self.words = {word.strip(_MARKS) for word in reading.words.lower().split()}
        self._distances: dict[tuple[Span, Hit], int] = {}
        self._lists = {span: group for group in self._listed(spans) for span in group}

    def name(self, cue: Hit) -> str:
        """Return the concept or word list of a cue."""
        return self.lexicon.keys[cue.key]

    def of(self, names: Collection[str]) -> list[Hit]:
        """Return the cues of some concepts or word lists, in order."""
        return [cue for cue in self.cues if self.name(cue) in names]

    def distance(self, span: Span, cue: Hit) -> int:
        """Return how far a cue is from a route, or from one that it is listed with: "A, B and C".

        In characters, and more for each clause that ends between them.
        """
        known = self._distances.get((span, cue))
        if known is None:
            known = min(self._distance(each, cue) for each in self._lists.get(span, (span,)))
            self._distances[span, cue] = known
        return known

    def _distance(self, span: Span, cue: Hit) -> int:
        start, end = (span[1], cue.start) if cue.start >= span[1] else (cue.end, span[0])
        if end - start > _BEYOND:
            return end - start
        gap = _ASIDE.sub(r"\1", self.reading.text[start:end])
        if self._is_front(span):
            gap = _FRONT.sub("", gap)
        return len(gap) + _BREAK * sum(gap.count(mark) for mark in _BREAKS)

    def _is_front(self, span: Span) -> bool:
        """Say whether a route is the place with which a sentence begins: "On the Adre road"."""
        start = self.reading.sentence.start
        if span[0] - start > NEAR:
            return False
        first = self.reading.text[start : span[0]].lower().split()[:1]
        return bool(set(first) & (self.grammar.prepositions | self.grammar.along))

    def _listed(self, spans: Sequence[Span]) -> Iterator[list[Span]]:
        """Yield the routes that are listed together, with nothing but "and" between them."""
        together: list[Span] = []
        for span in sorted(spans):
            if together and not self._goes_on(together, span):
                yield together
                together = []
            together.append(span)
        yield together

    def _goes_on(self, together: Sequence[Span], span: Span) -> bool:
        """Say whether nothing but a comma or "and" stands between a list and the next route."""
        start, end = together[-1][1], span[0]
        if end - start > NEAR or len(together) == _MOST_LISTED:
            return False
        between = self.reading.text[start:end]
        words = between.replace(",", " ").replace("،", " ").lower().split()
        small = self.grammar.coordinators | self.grammar.determiners
        if words:
            return all(word in small for word in words)
        return between.strip() in {",", "،"}

    def is_near(self, span: Span, names: Collection[str], reach: int = CLOSE) -> bool:
        """Say whether a cue of some concepts stands close to a route."""
        return any(self.distance(span, cue) <= reach for cue in self.of(names))

    def is_negated(self, cue: Hit) -> bool:
        """Say whether a negation stands before a cue, or at once after it: "blocked neither"."""
        after = any(0 <= each.start - cue.end <= 1 for each in self.negators)
        return after or self.is_turned(cue)

    def is_turned(self, cue: Hit) -> bool:
        """Say whether a negation that is no part of a cue stands before it."""
        return any(each.end <= cue.start <= each.start + NEAR for each in self.negators)

    def words_before(self, at: int, most: int = 3) -> list[str]:
        """Return the last words before a place, in lower case, the last one last."""
        start = max(self.reading.sentence.start, at - NEAR)
        words = self.reading.text[start:at].lower().split()[-most:]
        return [word.strip(_MARKS) for word in words]

    def words_after(self, at: int, most: int = 2) -> list[str]:
        """Return the next words after a place, in lower case; the first may be a word's end."""
        end = min(self.reading.sentence.end, at + NEAR)
        words = self.reading.text[at:end].lower().split()[:most]
        return [word.strip(_MARKS) for word in words]

    def is_clause(self, stretch: str) -> bool:
        """Say whether no clause ends within a stretch."""
        return not any(mark in stretch for mark in _BREAKS)

    def pairs(
        self, firsts: Sequence[Hit], seconds: Sequence[Hit], reach: int
    ) -> Iterator[tuple[Hit, Hit]]:
        """Yield the cues that stand within some characters of each other, in one clause."""
        for first in firsts:
            for second in seconds:
                start, end = min(first.end, second.end), max(first.start, second.start)
                if end - start <= reach and self.is_clause(self.reading.text[start:end]):
                    yield first, second
