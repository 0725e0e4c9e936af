"""The names of the gazetteer's entries, made comparable."""

import re
from collections.abc import Iterable, Iterator
from itertools import product
from typing import Any, NamedTuple

from services.extractor.domain.folding import fold
from services.extractor.domain.gazetteer import Actor, Route

_WORD = re.compile(r"\w+")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_GENERIC = _words(
    "the of a in and for de du des la le les el los del da do of al "
    "society national road highway route corridor border crossing checkpoint bridge port airport "
    "international gate point"
)
"""Words that tell no entry from another of its kind."""
_ORDINARY = _words(
    "aid care concern direct emergency front fronts goal halo hope island mag male mercy nice plan "
    "reach relief sphere target trust violet war"
)
"""Ordinary words that organisations and places are called by; the lexicon has the others."""

_NAMING = frozenset({"grammar", "actor_nouns"})
"""Parts of the lexicon that hold names of bodies."""
_SHORTEST = 4
"""Letters of the shortest cue that is taken for a word; shorter ones are stems."""


class Use(NamedTuple):
    """One name of an entry in one of its fields."""

    name: str
    field: str
    key: str
    """What is equal for names that cannot be told apart in a text."""
    exact: bool = False
    """Found in this case alone."""
    generated: bool = False
    """Follows from `between`."""

    @property
    def in_text(self) -> bool:
        """True where the name counts without an army or a ministry beside it."""
        return self.field in {"name", "aliases", "bare"}

    @property
    def always(self) -> bool:
        """True where the name means the entry in any context."""
        return self.field in {"name", "aliases"}


def uses_of(entry: Route | Actor) -> Iterator[Use]:
    """Yield every name of an entry; of the same name in both cases, the one found in any first."""
    listed: list[Use] = [_use(entry.name, "name")]
    listed += [_use(name, "aliases") for name in entry.aliases]
    if isinstance(entry, Route):
        listed += [_use(name, "bare") for name in entry.bare]
        listed += [_use(name, "between", generated=True) for name in _between(entry)]
    else:
        listed += [_use(name, "places") for name in entry.places]
        listed += [_use(name, "nationality") for name in entry.nationality]
    yield from listed
    any_case = {use.key for use in listed}
    for name in getattr(entry, "acronyms", ()):
        key = key_of(name)
        yield Use(name, "acronyms", key if key in any_case else name, exact=True)


def key_of(name: str) -> str:
    """Return a name as texts are compared with it: case, accents and dashes make no difference."""
    return " ".join(fold(name).split())


def core(name: str) -> str:
    """Return the words that tell a name from others of its kind, sorted; "" where none does."""
    words = set(_WORD.findall(key_of(name))) - _GENERIC
    return " ".join(sorted(words))


def ordinary_words(lexicon: Iterable[Any]) -> frozenset[str]:
    """Return folded words that are written without meaning an actor or route.

    Args:
        lexicon: the lexicon's documents: their words speak of access and not of who grants it,
            but for those with capitals.
    """
    cues = (text.removesuffix("*") for text in _texts(lexicon) if text == text.lower())
    return _ORDINARY | {key_of(cue) for cue in cues if cue.isalpha() and len(cue) >= _SHORTEST}


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from _texts([part for key, part in value.items() if key not in _NAMING])
    elif isinstance(value, Iterable):
        for part in value:
            yield from _texts(part)


def _between(route: Route) -> Iterator[str]:
    if route.between:
        first, second = route.between
        for one, other in product(first, second):
            yield from (f"{one}-{other}", f"{other}-{one}")


def _use(name: str, field: str, *, generated: bool = False) -> Use:
    return Use(name, field, key_of(name), generated=generated)
