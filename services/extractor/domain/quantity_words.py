"""Words of one language for numbers and for what is counted."""

from collections.abc import Iterator, Mapping
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
    dated: frozenset[str] = frozenset()
    """What stands before a year: "in" 2016."""
    ends: frozenset[str] = frozenset()
    """Words that may follow goods at once and are none: "set"."""
    endings: tuple[str, ...] = ()
    """How other such words end, entered with a `*`: "crossed"."""
    kept: frozenset[str] = frozenset()
    """Goods that end like that: "feed"."""
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


_LONGEST_STEM = 14
_SHORTEST_STEM = 3
NO_QUANTITIES = QuantityWords()
_LISTS = {"units", "numbers", "scales", "links", "dated", "ends", "kept", "direct"}


def read_quantities(document: Mapping[str, Any], where: str) -> QuantityWords:
    """Return the words that a language's file lists under `quantities`.

    Args:
        document: `units` (lists of words by unit), `numbers`, `scales`, `links`,
            `dated`, `ends`, `kept`, `direct`.
        where: the file's name, for messages.

    Raises:
        ConfigurationError: the section has a list that does not exist, or a word is no text.
    """
    unknown = set(document) - _LISTS
    if unknown:
        raise ConfigurationError(
            f"{where} has {sorted(unknown)} under quantities, which do not exist",
            f"Use {', '.join(sorted(_LISTS))}.",
        )
    for word in _entries(document):
        if not isinstance(word, str):
            raise ConfigurationError(
                f"{where}: {word!r} under quantities is no text", "Put it in quotation marks."
            )
    words = [
        (word.lower(), unit)
        for unit, listed in document.get("units", {}).items()
        for word in listed
    ]
    ends = [word.lower() for word in document.get("ends", ())]
    return QuantityWords(
        units={word: unit for word, unit in words if not word.endswith("*")},
        stems={word[:-1]: unit for word, unit in words if word.endswith("*")},
        numbers={word.lower(): value for word, value in document.get("numbers", {}).items()},
        scales={word.lower(): value for word, value in document.get("scales", {}).items()},
        links=frozenset(document.get("links", ())),
        dated=frozenset(document.get("dated", ())),
        ends=frozenset(end for end in ends if not end.startswith("*")),
        endings=tuple(end[1:] for end in ends if end.startswith("*")),
        kept=frozenset(document.get("kept", ())),
        direct=document.get("direct", False),
    )


def _entries(document: Mapping[str, Any]) -> Iterator[Any]:
    """Yield every word of the lists."""
    for name, listed in document.items():
        if name == "units":
            yield from (word for unit in listed.values() for word in unit)
        elif name != "direct":
            yield from listed
