"""Routes and actors by name: the gazetteer's models and look-up."""

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any, TypeVar

from services.extractor.data_files import (
    gazetteer_additions,
    gazetteer_documents,
    read_addition,
)
from services.extractor.domain.folding import fold
from services.extractor.domain.gazetteer_fields import field_problems
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
    """Adjectives that name the actor before a word such as "army"; `*` ends those that inflect."""
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

    @cached_property
    def _routes(self) -> Mapping[str, Route]:
        """Every route by each of its names, which only whoever looks one up needs."""
        found: dict[str, Route] = {}
        for route in self.routes:
            for name in (route.id, *route.names(), *route.bare):
                found.setdefault(_key(name), route)
        return found

    @cached_property
    def _actors(self) -> Mapping[str, Actor]:
        """Every actor by each of its names; a country's name gives way to a body's own."""
        found: dict[str, Actor] = {}
        for actor in self.actors:
            for name in (actor.id, *actor.names(), *actor.acronyms):
                found.setdefault(_key(name), actor)
        for actor in self.actors:
            for name in actor.places:
                found.setdefault(_key(name), actor)
        return found

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


def load_gazetteer() -> Gazetteer:
    """Return the gazetteer with what users added to it, read once per process.

    Raises:
        ConfigurationError: an entry lacks a field, has an unknown one, or repeats an id.
    """
    return _load(gazetteer_additions())


@cache
def _load(additions: tuple[Path, ...]) -> Gazetteer:
    documents = gazetteer_documents()
    routes = read_entries(documents["routes"], "routes", Route, ROUTE_KINDS)
    actors = read_entries(documents["actors"], "actors", Actor, ACTOR_KINDS)
    for path in additions:
        document, name = read_addition(path), str(path)
        routes = merged(routes, read_entries(document, "routes", Route, ROUTE_KINDS, name))
        actors = merged(actors, read_entries(document, "actors", Actor, ACTOR_KINDS, name))
    return Gazetteer(routes, actors)


def merged(ours: Iterable[Entry], added: Iterable[Entry]) -> list[Entry]:
    """Return all entries; one that was added takes the place of ours with the same id."""
    by_id: dict[str, Entry] = {}
    for entry in ours:
        by_id[entry.id] = entry
    for entry in added:
        by_id[entry.id] = entry
    return list(by_id.values())


def read_entries(
    document: Any,
    section: str,
    model: type[Entry],
    kinds: frozenset[str],
    file: str | None = None,
) -> list[Entry]:
    """Return the entries of one section of a file of the gazetteer.

    Args:
        document: what the file holds: `{section: [{id: …, kind: …, name: …}, …]}`.
        section: `routes` or `actors`; a document without it has no entries.
        model: what an entry becomes.
        kinds: the kinds that an entry may have.
        file: how errors call the file; `routes.yaml` or `actors.yaml` where not given.

    Raises:
        ConfigurationError: an entry lacks a field, has an unknown one, or repeats an id.
    """
    entries: dict[str, Entry] = {}
    for number, values in enumerate(document.get(section) or (), start=1):
        where = f"{file or f'{section}.yaml'}, {entry_label(section, number, values)}"
        for problem in field_problems(values, model, kinds):
            if problem.fatal:
                raise ConfigurationError(f"{where}: {problem.what}", problem.remedy)
        entry = make_entry(model, values)
        if entry.id in entries:
            raise ConfigurationError(f"{where}: the id stands twice", "Give it another id.")
        entries[entry.id] = entry
    return list(entries.values())


def entry_label(section: str, number: int, values: Any) -> str:
    """Return how messages call an entry: `actors entry 3 (icrc)`."""
    named = values.get("id", "without id") if isinstance(values, dict) else "no entry"
    return f"{section} entry {number} ({named})"


def make_entry(model: type[Entry], values: Mapping[str, Any]) -> Entry:
    """Return the entry of values that `field_problems` finds no fault with."""
    return model(**{key: _freeze(value) for key, value in values.items()})


def _freeze(value: Any) -> Any:
    return tuple(_freeze(part) for part in value) if isinstance(value, list) else value
