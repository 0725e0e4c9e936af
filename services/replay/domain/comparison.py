"""What another reading of an article changes: statements added, gone, changed, unchanged."""

from collections import defaultdict, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from schemas import RouteMention, Statement
from services.alerting.domain.folding import fold


class Fate(StrEnum):
    """What becomes of a statement."""

    ADDED = "added"
    """A sentence that was no statement before."""
    GONE = "gone"
    """A sentence that is none any more, or that the article no longer has."""
    CHANGED = "changed"
    """The same sentence of the same article, read otherwise: see `FIELDS`."""
    UNCHANGED = "unchanged"


FIELDS = ("topics", "stance", "commitment", "speaker", "actors", "routes")
"""What two readings of a sentence may differ in. Confidence, evidence and what only newer
extractors tell (modality, constraints, direct or indirect speech) make no difference."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A sentence as it is stored, and as it is read anew; one of the two may be missing."""

    old: Statement | None
    new: Statement | None
    fields: tuple[str, ...] = ()
    """In which of `FIELDS` they differ."""

    @property
    def fate(self) -> Fate:
        """What becomes of the statement."""
        if self.old is None:
            return Fate.ADDED
        if self.new is None:
            return Fate.GONE
        return Fate.CHANGED if self.fields else Fate.UNCHANGED

    @property
    def statement(self) -> Statement:
        """The statement as it will be; as it was, where it goes."""
        found = self.new or self.old
        if found is None:
            raise ValueError("a pair has a statement at least")
        return found


def compare(old: Iterable[Statement], new: Iterable[Statement]) -> list[Pair]:
    """Pair the statements of one article, before and after.

    Sentences are told apart as alerts tell them apart (case, diacritics and spaces aside), not by
    where they stand: an article that gains a paragraph keeps its statements. A sentence that an
    article has twice is paired in order.

    Args:
        old: what is stored of the article.
        new: what was read.

    Returns:
        Those that stay or come, in the order of `new`, then those that go, in the order of `old`.
    """
    waiting: dict[str, deque[Statement]] = defaultdict(deque)
    for statement in old:
        waiting[fold(statement.text)].append(statement)
    pairs = []
    for statement in new:
        known = waiting[fold(statement.text)]
        before = known.popleft() if known else None
        fields = changed_fields(before, statement) if before else ()
        pairs.append(Pair(before, statement, fields))
    left = sorted((each for known in waiting.values() for each in known), key=_place)
    return [*pairs, *(Pair(each, None) for each in left)]


def changed_fields(old: Statement, new: Statement) -> tuple[str, ...]:
    """Return the names of `FIELDS` that differ; the order of topics, actors and routes does not."""
    pairs = zip(FIELDS, _values(old), _values(new), strict=True)
    return tuple(field for field, before, after in pairs if before != after)


def _values(statement: Statement) -> Sequence[Any]:
    speaker = statement.speaker
    return (
        set(statement.topics),
        statement.stance,
        statement.commitment,
        speaker and (fold(speaker.name), speaker.role, speaker.actor_id),
        {(fold(actor.name), actor.id) for actor in statement.actors},
        {(fold(route.name), route.id, route.status) for route in statement.routes},
    )


def _place(statement: Statement) -> int:
    return statement.position


def route_labels(routes: Iterable[RouteMention]) -> set[str]:
    """Return what routes are counted under: gazetteer ids, or folded names where there is none."""
    return {route.id or fold(route.name) for route in routes}
