"""Routes and actors by name: the gazetteer's models and look-up."""

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from services.extractor.data_files import gazetteer_documents
from services.extractor.domain.folding import fold
from services.runtime.errors import ConfigurationError

ROUTE_KINDS = frozenset(
    {"road", "corridor", "crossing", "checkpoint", "port", "airport", "bridge"},
)
ACTOR_KINDS = frozenset(
    {
        "un_body",
        "red_cross_red_crescent",
        "ngo",
        "government",
        "armed_forces",
        "armed_group",
        "de_facto_authority",
        "peacekeeper",
        "intergovernmental",
    },
)
SUGGESTIONS = 3
"""Names that `suggest` returns at the most."""

Strings = tuple[str, ...]
Point = tuple[float, float]
"""Latitude and longitude, degrees."""


@dataclass(frozen=True, slots=True)
class Route:
    """A road, corridor, crossing, checkpoint, port, airport or bridge."""

    id: str
    kind: str
    name: str
    aliases: Strings = ()
    bare: Strings = ()
    """Names that mean the route only where the sentence speaks of a road, border or closure."""
    between: tuple[Strings, ...] = ()
    """For a road: the spellings of each of its two ends."""
    countries: Strings = ()
    """ISO 3166-1 alpha-2."""
    points: tuple[Point, ...] = ()
    """The ends, or the place."""

    def names(self) -> Iterator[str]:
        """Yield every name that always means this route."""
        yield self.name
        yield from self.aliases
        if self.between:
            first, second = self.between
            for one in first:
                for other in second:
                    yield from (f"{one}-{other}", f"{other}-{one}")
                    yield from (f"{one} to {other}", f"{other} to {one}")


@dataclass(frozen=True, slots=True)
class Actor:
    """Who grants, denies, asks for or carries out humanitarian access."""

    id: str
    kind: str
    name: str
    aliases: Strings = ()
    acronyms: Strings = ()
    """Matched in exactly this case."""
    places: Strings = ()
    """Names of a country or capital that mean the actor only where it acts or is addressed."""
    nationality: Strings = ()
    """Adjectives that name the actor before a word such as "army"."""
    countries: Strings = ()

    def names(self) -> Iterator[str]:
        """Yield every name that always means this actor, acronyms left out."""
        yield self.name
        yield from self.aliases


Entry = TypeVar("Entry", Route, Actor)


class Gazetteer:
    """All routes and actors.

    Args:
        routes: in the order of their file.
        actors: likewise.
    """

    def __init__(self, routes: Iterable[Route], actors: Iterable[Actor]) -> None:
        self.routes = tuple(routes)
        self.actors = tuple(actors)
        self._routes: dict[str, Route] = {}
        self._actors: dict[str, Actor] = {}
        for route in self.routes:
            for name in (route.id, *route.names(), *route.bare):
                self._routes.setdefault(_key(name), route)
        for actor in self.actors:
            for name in (actor.id, *actor.names(), *actor.acronyms):
                self._actors.setdefault(_key(name), actor)
        for actor in self.actors:
            for name in actor.places:
                self._actors.setdefault(_key(name), actor)

    def find_route(self, name: str) -> Route | None:
        """Return the route of an id, name or alias, in any case and spelling, or None.

        `road`, `corridor` and the like after the name, and `the` before it, make no difference.
        """
        return _find(self._routes, name)

    def find_actor(self, name: str) -> Actor | None:
        """Return the actor of an id, name, alias, acronym or country, or None."""
        return _find(self._actors, name)

    def suggest(self, name: str) -> tuple[str, ...]:
        """Return the ids of the routes and actors whose names are nearest to `name`, best first."""
        found: dict[str, None] = {}
        names = [*self._routes, *self._actors]
        for close in difflib.get_close_matches(_key(name), names, n=10, cutoff=0.6):
            match = self._routes.get(close) or self._actors[close]
            found[match.id] = None
        return tuple(found)[:SUGGESTIONS]


_GENERIC = (
    " road",
    " highway",
    " route",
    " corridor",
    " border crossing",
    " crossing",
    " checkpoint",
)


def _key(name: str) -> str:
    return " ".join(fold(name).split())


def _find(index: Mapping[str, Entry], name: str) -> Entry | None:
    key = _key(name).removeprefix("the ")
    for ending in ("", *_GENERIC):
        found = index.get(key.removesuffix(ending)) if key.endswith(ending) else None
        if found is not None:
            return found
    return None


@cache
def load_gazetteer() -> Gazetteer:
    """Return the gazetteer, read once per process.

    Raises:
        ConfigurationError: an entry lacks a field, has an unknown one, or repeats an id.
    """
    documents = gazetteer_documents()
    return Gazetteer(
        read_entries(documents["routes"], "routes", Route, ROUTE_KINDS),
        read_entries(documents["actors"], "actors", Actor, ACTOR_KINDS),
    )


def read_entries(
    document: Any, section: str, model: type[Entry], kinds: frozenset[str]
) -> list[Entry]:
    """Return the entries of one file of the gazetteer.

    Args:
        document: what the file holds: `{section: [{id: …, kind: …, name: …}, …]}`.
        section: `routes` or `actors`.
        model: what an entry becomes.
        kinds: the kinds that an entry may have.

    Raises:
        ConfigurationError: an entry lacks a field, has an unknown one, or repeats an id.
    """
    entries: dict[str, Entry] = {}
    for number, values in enumerate(document[section], start=1):
        where = f"{section}.yaml, entry {number} ({values.get('id', 'without id')})"
        try:
            entry = model(**{key: _freeze(value) for key, value in values.items()})
        except TypeError as error:
            raise ConfigurationError(f"{where}: {error}", "Correct that entry.") from error
        if entry.kind not in kinds:
            raise ConfigurationError(
                f"{where}: unknown kind {entry.kind!r}", f"Use one of {', '.join(sorted(kinds))}."
            )
        if entry.id in entries:
            raise ConfigurationError(f"{where}: the id stands twice", "Give it another id.")
        entries[entry.id] = entry
    return list(entries.values())


def _freeze(value: Any) -> Any:
    return tuple(_freeze(part) for part in value) if isinstance(value, list) else value
