"""Which reading of an article is the current one."""

from dataclasses import dataclass
from enum import StrEnum


class LeftOut(StrEnum):
    """Why a message of the stretch changes nothing."""

    OLDER_REVISION = "older_revision"
    """A newer revision of the article is known, and decides what is current."""
    OTHER_READING = "other_reading"
    """Statements of another extractor version than that whose reading is the current one."""
    CAME_TWICE = "came_twice"
    OTHER_LANGUAGE = "other_language"
    """An article whose language, once it was recognised, is not among those asked for."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The current reading of an article: a revision, as one extractor version read it."""

    revision: str
    revision_number: int
    extractor_version: str


def left_out(
    revision: str, number: int, version: str | None, newest: int, current: Reading | None
) -> LeftOut | None:
    """Say why a message changes nothing, or None where it decides what is current.

    Args:
        revision: of the article in the message.
        number: of that revision.
        version: of the extractor whose statements the message has; None: it has the article.
        newest: the highest revision number that is known of the article.
        current: what is stored of it; None: nothing.
    """
    if number < newest:
        return LeftOut.OLDER_REVISION
    if current is None or version is None or current.revision != revision:
        return None
    return LeftOut.OTHER_READING if current.extractor_version != version else None
