"""What a replay is asked for."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.poller.domain.identity import IMPORT_PREFIX
from services.runtime.errors import UsageError

OFFSETS = re.compile(r"\d+=\d+(,\d+=\d+)*")


class Kind(StrEnum):
    """What is sent through again."""

    ARTICLES = "articles"
    """Extracted again, and stored."""
    STATEMENTS = "statements"
    """Stored and matched again, as they were extracted."""


class Choice(StrEnum):
    """Where messages are taken from."""

    AUTO = "auto"
    """The topic as far back as it reaches, the archive for what is older."""
    TOPIC = "topic"
    ARCHIVE = "archive"


@dataclass(frozen=True, slots=True)
class Request:
    """A stretch of history, and what to do with it."""

    kind: Kind
    since: datetime | None = None
    """Articles fetched from then on."""
    until: datetime | None = None
    """Articles fetched before."""
    first: Mapping[int, int] | None = None
    """Offset to begin with, by partition; other partitions are left out. Instead of times."""
    last: Mapping[int, int] | None = None
    """Offset to end before, by partition; default: the present end."""
    feeds: tuple[str, ...] = ()
    """Ids; none: all."""
    languages: tuple[str, ...] = ()
    """ISO 639 codes; none: all."""
    source: Choice = Choice.AUTO
    notify: bool = False
    """Whether subscribers get a digest of the alerts that come of it."""
    rate: float | None = None
    """Messages a second and worker, at most."""

    @property
    def by_offsets(self) -> bool:
        """Whether the stretch is given in offsets rather than times."""
        return self.first is not None or self.last is not None

    @property
    def only_imports(self) -> bool:
        """Whether all that is wanted was imported."""
        return bool(self.feeds) and all(each.startswith(IMPORT_PREFIX) for each in self.feeds)

    def wants(self, feed_id: str, language: str | None) -> bool:
        """Tell whether the filters let an article pass; an unknown language passes."""
        if self.feeds and feed_id not in self.feeds:
            return False
        return not self.languages or language is None or language in self.languages

    def covers(self, fetched_at: datetime) -> bool:
        """Tell whether a moment lies in the stretch; offsets say nothing of moments."""
        if self.since and fetched_at < self.since:
            return False
        return not self.until or fetched_at < self.until


def read_offsets(text: str, option: str) -> dict[int, int] | None:
    """Read offsets by partition, `0=1200,1=1180`; None where the text is something else.

    Raises:
        UsageError: a partition is named twice.
    """
    if not OFFSETS.fullmatch(text):
        return None
    pairs = [each.split("=") for each in text.split(",")]
    offsets = {int(partition): int(offset) for partition, offset in pairs}
    if len(offsets) < len(pairs):
        raise UsageError(f"{option} names a partition twice", "Write each once: 0=1200,1=1180.")
    return offsets
