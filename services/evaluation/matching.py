"""Which statement that was found is which annotated one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from schemas import Statement
from services.evaluation.goldset import Annotated, Annotation
from services.extractor.domain.outcome import Outcome

Span = tuple[int, int]
"""First character, and one past the last one, counted into the article's text."""
SHARE = 0.5
"""Of the longer of two spans, the part that they must have more than in common."""


@dataclass(frozen=True, slots=True)
class Pair:
    """An annotated statement and the one that was found for it; one of them may be missing."""

    span: Span
    """Of the annotated statement, or else of the one that was found."""
    wanted: Annotation | None
    found: Statement | None


@dataclass(frozen=True, slots=True)
class Judged:
    """An annotated article beside what the extractor found in it."""

    article: Annotated
    outcome: Outcome
    pairs: tuple[Pair, ...]
    """In order of appearance."""

    @property
    def foreign(self) -> bool:
        """Whether it was not read because of its language."""
        return self.outcome.skipped is not None


def judge(article: Annotated, outcome: Outcome) -> Judged:
    """Return an article with each annotated statement beside the one that was found for it.

    A statement counts as found where the spans have more than half of the longer one in common;
    each counts once.
    """
    wanted = spans_of(article)
    found = [(each.start, each.end) for each in outcome.statements]
    matches = match(wanted, found)
    pairs = [
        Pair(span, annotation, outcome.statements[matches[i]] if i in matches else None)
        for i, (span, annotation) in enumerate(zip(wanted, article.statements, strict=True))
    ]
    taken = set(matches.values())
    pairs += [
        Pair(span, None, outcome.statements[j]) for j, span in enumerate(found) if j not in taken
    ]
    return Judged(article, outcome, tuple(sorted(pairs, key=lambda pair: pair.span)))


def spans_of(article: Annotated) -> list[Span]:
    """Return where the annotated statements are; a sentence said twice is taken in order."""
    spans = []
    after: dict[str, int] = {}
    for each in article.statements:
        start = article.text.find(each.text, after.get(each.text, 0))
        if start < 0:
            start = article.text.find(each.text)
        after[each.text] = start + 1
        spans.append((start, start + len(each.text)))
    return spans


def match(wanted: Sequence[Span], found: Sequence[Span]) -> dict[int, int]:
    """Return which found span is which wanted one, by index, the best overlaps first."""
    matches: dict[int, int] = {}
    taken: set[int] = set()
    for _, i, j in sorted(_overlaps(wanted, found), key=lambda each: (-each[0], *each[1:])):
        if i not in matches and j not in taken:
            matches[i] = j
            taken.add(j)
    return matches


def _overlaps(wanted: Sequence[Span], found: Sequence[Span]) -> Iterator[tuple[float, int, int]]:
    """Yield the share and the indexes of spans that overlap enough."""
    for i, (start, end) in enumerate(wanted):
        for j, (first, last) in enumerate(found):
            common = min(end, last) - max(start, first)
            longer = max(end - start, last - first)
            if common > SHARE * longer:
                yield common / longer, i, j
