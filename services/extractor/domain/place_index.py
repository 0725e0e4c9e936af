"""Towns of the world by name; of the names only 48-bit hashes are kept, to need little memory.

A table of towns is packed once (`pack`) and searched as it is: the first 16 bits of a hash say in
which stretch of the names it stands, the other 32 tell it from those beside it.
"""

import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from hashlib import blake2b
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.extractor.data_files import town_table

_LONGEST_NAME = 40
_MOST_WORDS = 4
_SHORTEST = 3
_OTHER_SCRIPTS = (("\u0400", "\u058f"), ("\u0600", "\u06ff"))
"""Cyrillic and Armenian; Arabic."""
_LATIN = "\u024f"
_LOW_BITS = 32
_LOW = (1 << _LOW_BITS) - 1
_STRETCHES = 1 << 16

Table = Mapping[str, NDArray[Any]]


class Place(NamedTuple):
    """A town."""

    country: str
    """ISO 3166-1 alpha-2."""
    latitude: float
    longitude: float
    population: int


class PlaceIndex:
    """Finds towns by name.

    Args:
        table: as `pack` makes it.
    """

    def __init__(self, table: Table) -> None:
        self._countries = bytes(table["country"].tobytes()).decode()
        self._population = table["population"].data
        self._latitude = table["latitude"].data
        self._longitude = table["longitude"].data
        self._stretches = table["stretch"].data
        self._names = table["name"].data
        self._towns = table["town"].data

    def find(self, name: str) -> list[Place]:
        """Return the towns of a name, in any case and with or without accents."""
        hashed = _hash(place_key(name))
        stretch, wanted = hashed >> _LOW_BITS, hashed & _LOW
        at, end = self._stretches[stretch], self._stretches[stretch + 1]
        at = bisect_left(self._names, wanted, at, end)
        found: list[Place] = []
        while at < end and self._names[at] == wanted:
            found.append(self._place(self._towns[at]))
            at += 1
        return found

    def _place(self, number: int) -> Place:
        return Place(
            self._countries[2 * number : 2 * number + 2],
            round(self._latitude[number], 4),
            round(self._longitude[number], 4),
            self._population[number],
        )


def pack(towns: Iterable[Mapping[str, Any]]) -> dict[str, NDArray[Any]]:
    """Return the table of towns, for `PlaceIndex`.

    Args:
        towns: with `name`, `alternatenames`, `latitude`, `longitude`, `countrycode` and
            `population`.
    """
    known = list(towns)
    pairs = sorted(
        (_hash(key), number)
        for number, town in enumerate(known)
        for key in {place_key(name) for name in _spellings(town)}
        if len(key) >= _SHORTEST
    )
    hashes = np.array([hashed for hashed, _ in pairs], dtype=np.uint64)
    bounds = np.arange(_STRETCHES + 1, dtype=np.uint64) << np.uint64(_LOW_BITS)
    return {
        "country": np.array([town["countrycode"] for town in known], dtype="S2"),
        "population": np.array([town["population"] for town in known], dtype=np.uint32),
        "latitude": np.array([town["latitude"] for town in known], dtype=np.float32),
        "longitude": np.array([town["longitude"] for town in known], dtype=np.float32),
        "stretch": np.searchsorted(hashes, bounds).astype(np.uint32),
        "name": (hashes & np.uint64(_LOW)).astype(np.uint32),
        "town": np.array([number for _, number in pairs], dtype=np.uint16),
    }


def place_key(name: str) -> str:
    """Return a name as it is looked up: without case, accents, hyphens and apostrophes."""
    text = name if name.isascii() else unicodedata.normalize("NFKD", name)
    kept = "".join(c for c in text if not unicodedata.combining(c) and c not in "'’ʿʾ`")
    return " ".join(kept.replace("-", " ").casefold().split())


def _spellings(town: Mapping[str, Any]) -> Iterator[str]:
    yield town["name"]
    for name in town["alternatenames"]:
        if not _SHORTEST <= len(name) <= _LONGEST_NAME or name.count(" ") >= _MOST_WORDS:
            continue
        other = any(first <= name[0] <= last for first, last in _OTHER_SCRIPTS)
        latin = name[0].isupper() and not name.isupper() and all(c <= _LATIN for c in name)
        if other or latin:
            yield name


def _hash(key: str) -> int:
    return int.from_bytes(blake2b(key.encode("utf-8", "replace"), digest_size=6).digest(), "big")


@cache
def load_places() -> PlaceIndex:
    """Return the index of the packaged towns, read once per process.

    Raises:
        ConfigurationError: the table is not there.
    """
    return PlaceIndex(town_table())
