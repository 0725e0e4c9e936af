"""Topics, stances and languages as people write them on the command line."""

import difflib
import re
from collections.abc import Iterable
from enum import StrEnum
from typing import TypeVar

from schemas import Stance, Topic
from services.runtime.errors import UsageError

E = TypeVar("E", bound=StrEnum)


def _read(kind: type[E], word: str, what: str) -> E:
    folded = word.strip().lower().replace("-", "_").replace(" ", "_")
    try:
        return kind(folded)
    except ValueError as error:
        near = difflib.get_close_matches(folded, list(kind), n=1)
        hint = f"Did you mean {near[0]}? " if near else ""
        raise UsageError(
            f"there is no {what} '{word}'", f"{hint}There are {', '.join(kind)}."
        ) from error


def topics(words: Iterable[str]) -> tuple[Topic, ...]:
    """Read topics.

    Raises:
        UsageError: one does not exist.
    """
    return tuple(_read(Topic, word, "topic") for word in words)


def stances(words: Iterable[str]) -> tuple[Stance, ...]:
    """Read stances.

    Raises:
        UsageError: one does not exist.
    """
    return tuple(_read(Stance, word, "stance") for word in words)


def languages(words: Iterable[str]) -> tuple[str, ...]:
    """Read ISO 639 codes.

    Raises:
        UsageError: one is none.
    """
    codes = []
    for word in words:
        code = word.strip().lower().partition("-")[0]
        if not re.fullmatch(r"[a-z]{2,3}", code):
            raise UsageError(
                f"'{word}' is no language code", "Write two letters, such as en or fr."
            )
        codes.append(code)
    return tuple(codes)
