"""Finds the gazetteer's names in a text (Aho-Corasick over folded text)."""

from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from services.extractor.domain.folding import Folded
from services.extractor.domain.gazetteer import Actor, Gazetteer, Route, load_gazetteer
from services.extractor.domain.phrases import PhraseIndex, longest


@dataclass(frozen=True, slots=True)
class Entry:
    """One name of one route or actor."""

    of: Route | Actor
    use: str
    """`always`, `exact` (in exactly this case), `bare` route, `place`, or `nationality`."""
    name: str


class Name(NamedTuple):
    """A name found in a text."""

    start: int
    end: int
    entry: Entry


class NameIndex:
    """All names of a gazetteer.

    Args:
        gazetteer: whose names to find.
    """

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._entries: list[Entry] = []
        for route in gazetteer.routes:
            self._entries += [Entry(route, "always", name) for name in route.names()]
            self._entries += [Entry(route, "bare", name) for name in route.bare]
        for actor in gazetteer.actors:
            self._entries += [Entry(actor, "always", name) for name in actor.names()]
            self._entries += [Entry(actor, "exact", name) for name in actor.acronyms]
            self._entries += [Entry(actor, "place", name) for name in actor.places]
            self._entries += [Entry(actor, "nationality", name) for name in actor.nationality]
        self._index = PhraseIndex((entry.name, key) for key, entry in enumerate(self._entries))

    def find(self, folded: Folded) -> list[Name]:
        """Return the names in a text, none overlapping, in order of appearance."""
        original = folded.original
        kept = []
        for hit in self._index.hits(folded.text):
            start, end = folded.span(hit.start, hit.end)
            if _is_spelled(self._entries[hit.key], original[start:end]):
                kept.append(hit._replace(start=start, end=end))
        return [Name(h.start, h.end, self._entries[h.key]) for h in longest(kept)]


def _is_spelled(entry: Entry, written: str) -> bool:
    """Say whether capitals fit: all of an acronym's, and a name's first."""
    if entry.use == "exact":
        return written == entry.name
    return not (written[0].islower() and entry.name[0].isupper())


def load_names() -> NameIndex:
    """Return the index of the gazetteer in use, built once per process."""
    return _index(load_gazetteer())


@cache
def _index(gazetteer: Gazetteer) -> NameIndex:
    return NameIndex(gazetteer)
