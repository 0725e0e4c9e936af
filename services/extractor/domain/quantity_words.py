"""Words of one language for numbers and for what is counted."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from services.runtime.errors import ConfigurationError


@dataclass(frozen=True, slots=True)
class QuantityWords:
    """Number words and units of one language, all in lower case."""

    units: Mapping[str, str] = field(default_factory=dict)
    """The unit, as the schema names it, of each word: "trucks" is `truck`."""
    stems: Mapping[str, str] = field(default_factory=dict)
    """Likewise for beginnings of words, entered with a `*`."""
    numbers: Mapping[str, float | None] = field(default_factory=dict)
    """The value of each number word; None for "dozens"."""
    scales: Mapping[str, float] = field(default_factory=dict)
    """What a number is multiplied with: "million"."""
    links: frozenset[str] = frozenset()
    """What stands between a unit and its goods: "of"."""
    ends: tuple[str, ...] = ()
    """What may follow goods at once and is none: "set", and with a `*` endings: "crossed"."""
    direct: bool = False
    """True where the goods may follow a unit at once: "70 Tonnen Mehl"."""

    def unit(self, word: str) -> str | None:
        """Return the unit that a word in lower case stands for, or None."""
        found = self.units.get(word)
        if found is not None:
            return found
        for length in range(min(len(word), _LONGEST_STEM), _SHORTEST_STEM - 1, -1):
            found = self.stems.get(word[:length])
            if found is not None:
                return found
        return None

    def ends_goods(self, word: str, *, first: bool) -> bool:
        """Tell whether a word in lower case is no part of the goods before it.

        Args:
            word: a word after a unit.
            first: no other goods stand between; then it may end like a verb: "dried fish".
        """
        return any(
            word.endswith(end[1:]) and not first if end.startswith("*") else word == end
            for end in self.ends
        )


_LONGEST_STEM = 14
_SHORTEST_STEM = 3
NO_QUANTITIES = QuantityWords()


def read_quantities(document: Mapping[str, Any], where: str) -> QuantityWords:
    """Return the words that a language's file lists under `quantities`.

    Args:
        document: `units` (lists of words by unit), `numbers`, `scales`, `links`, `ends`, `direct`.
        where: the file's name, for messages.

    Raises:
        ConfigurationError: the section has a list that does not exist, or a word is no text.
    """
    unknown = set(document) - {"units", "numbers", "scales", "links", "ends", "direct"}
    if unknown:
        raise ConfigurationError(
            f"{where} has {sorted(unknown)} under quantities, which do not exist",
            "Use units, numbers, scales, links, ends and direct.",
        )
    words = [
        (word.lower(), unit)
        for unit, listed in document.get("units", {}).items()
        for word in listed
    ]
    return QuantityWords(
        units={word: unit for word, unit in words if not word.endswith("*")},
        stems={word[:-1]: unit for word, unit in words if word.endswith("*")},
        numbers={word.lower(): value for word, value in document.get("numbers", {}).items()},
        scales={word.lower(): value for word, value in document.get("scales", {}).items()},
        links=frozenset(document.get("links", ())),
        ends=tuple(document.get("ends", ())),
        direct=document.get("direct", False),
    )
