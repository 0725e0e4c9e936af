"""Counting what changes, in total and by label."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from schemas import Statement
from services.replay.domain.comparison import Fate, Pair, route_labels

MOST_LABELS = 10_000
"""Labels that are counted apart: routes are named by articles, so there is no end of them."""
OTHERS = "others"
"""What the rest is counted under."""


@dataclass(slots=True)
class Tally:
    """Statements before and after, and what became of each.

    `before` is `gone` + `changed` + `unchanged`, and `after` is `added` + `changed` + `unchanged`,
    in total. Of a label, a statement that gains or loses it is among the changed ones but counts
    on one side only.
    """

    before: int = 0
    after: int = 0
    added: int = 0
    gone: int = 0
    changed: int = 0
    unchanged: int = 0

    def count(self, fate: Fate, *, before: bool, after: bool) -> None:
        """Count a statement.

        Args:
            fate: what becomes of it.
            before: whether it counts among what was.
            after: whether it counts among what will be.
        """
        self.before += before
        self.after += after
        setattr(self, fate.value, getattr(self, fate.value) + 1)


class Tallies:
    """A tally for each label.

    Args:
        most: labels that are counted apart; those that come later are `OTHERS`.
    """

    def __init__(self, most: int = MOST_LABELS) -> None:
        self._most = most
        self._by_label: dict[str, Tally] = {}

    def count(self, fate: Fate, before: Iterable[str], after: Iterable[str]) -> None:
        """Count a statement under the labels that it had and those that it will have."""
        old = set(map(self._known, before))
        new = set(map(self._known, after))
        for label in old | new:
            tally = self._by_label.setdefault(label, Tally())
            tally.count(fate, before=label in old, after=label in new)

    def _known(self, label: str) -> str:
        if label in self._by_label or len(self._by_label) < self._most:
            self._by_label.setdefault(label, Tally())
            return label
        return OTHERS

    def sorted(self) -> dict[str, Tally]:
        """Return them, the most frequent first."""
        pairs = self._by_label.items()
        return dict(sorted(pairs, key=lambda pair: (-max(pair[1].before, pair[1].after), pair[0])))


@dataclass(slots=True)
class Changes:
    """What changes, in total, by what, and in which fields."""

    total: Tally = field(default_factory=Tally)
    topics: Tallies = field(default_factory=Tallies)
    stances: Tallies = field(default_factory=Tallies)
    routes: Tallies = field(default_factory=Tallies)
    fields: dict[str, int] = field(default_factory=dict)

    def count(self, pair: Pair) -> None:
        """Count a sentence."""
        old, new, fate = pair.old, pair.new, pair.fate
        self.total.count(fate, before=old is not None, after=new is not None)
        for tallies, labels in (
            (self.topics, _topics),
            (self.stances, _stance),
            (self.routes, _routes),
        ):
            tallies.count(fate, labels(old), labels(new))
        for name in pair.fields:
            self.fields[name] = self.fields.get(name, 0) + 1


def _topics(statement: Statement | None) -> Iterable[str]:
    return [topic.value for topic in statement.topics] if statement else ()


def _stance(statement: Statement | None) -> Iterable[str]:
    return [statement.stance.value] if statement else ()


def _routes(statement: Statement | None) -> Iterable[str]:
    return route_labels(statement.routes) if statement else ()


def most_first(counts: Mapping[str, int]) -> dict[str, int]:
    """Return counts, the largest first."""
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))
