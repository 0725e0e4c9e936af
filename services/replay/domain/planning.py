"""Which parts a replay has: where the topic reaches, what the archive adds, where both end.

A replay takes only what the live path has dealt with. Otherwise a message that is still waiting
there would find its effects stored, silently, and its subscribers would never be told.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from services.replay.domain.job import Part, Source
from services.replay.domain.request import Choice, Request
from services.runtime.errors import NotFoundError, UsageError

ARCHIVE_ROWS = 20_000
"""Rows of the archive in one part, about: few enough that several workers find work."""
MOST_SLICES = 64


@dataclass(frozen=True, slots=True)
class Partition:
    """What is known of one partition of the topic."""

    number: int
    begin: int
    """The earliest offset that it still holds."""
    end: int
    """The offset that its next record gets."""
    committed: int
    """The offset up to which the live consumers are done."""
    first_at: datetime | None
    """Timestamp of its earliest record; None where it is empty."""
    first_fetched_at: datetime | None
    """When the article of its earliest record was fetched."""
    from_offset: int
    """The first offset that may hold articles of the stretch."""
    to_offset: int
    """The offset after the last that may."""

    @property
    def done(self) -> int:
        """The offset up to which it may be replayed."""
        return min(self.end, max(self.begin, self.committed))


@dataclass(frozen=True, slots=True)
class Slice:
    """A span of the archive and how many rows lie in it."""

    since: datetime | None
    until: datetime
    rows: int


@dataclass(frozen=True, slots=True)
class Plan:
    """The parts of a replay, and what to tell its maker."""

    parts: tuple[Part, ...]
    sentences: tuple[str, ...]

    @property
    def expected(self) -> int:
        """How many messages it has to look at."""
        return sum(part.expected for part in self.parts)


def reach(partitions: Sequence[Partition]) -> datetime | None:
    """Return the moment from which on the topic holds every article fetched; None: it holds none.

    A partition that has lost records reaches back to the timestamp of its first: a record is
    never older than its article. One that has lost none holds all since the topic was made.
    """
    cut = [each.first_at for each in partitions if each.begin > 0 and each.first_at]
    if any(each.begin > 0 and each.first_at is None for each in partitions):
        return None
    whole = [each.first_fetched_at for each in partitions if each.begin == 0]
    begins = [moment for moment in whole if moment]
    moments = [*cut, *([min(begins)] if begins else [])]
    return max(moments) if moments else None


def topic_parts(
    topic: str, partitions: Sequence[Partition], request: Request, since: datetime | None
) -> list[Part]:
    """Return a part for each partition that may hold something wanted, unnumbered."""
    parts = []
    for each in partitions:
        first, last = _bounds(each, request)
        last = min(last, each.done)
        if first < last:
            parts.append(
                Part(
                    number=0,
                    source=Source.TOPIC,
                    expected=last - first,
                    topic=topic,
                    partition=each.number,
                    first=first,
                    last=last,
                    next=first,
                    since=since,
                    until=request.until,
                )
            )
    return parts


def _bounds(each: Partition, request: Request) -> tuple[int, int]:
    if not request.by_offsets:
        return each.from_offset, each.to_offset
    first, last = request.first, request.last
    named = {*(first or ()), *(last or ())}
    if each.number not in named:
        return 0, 0
    return (first or {}).get(each.number, each.begin), (last or {}).get(each.number, each.end)


def check_offsets(topic: str, partitions: Sequence[Partition], request: Request) -> None:
    """Check that the topic holds the offsets that were asked for.

    Raises:
        UsageError: a partition does not exist, or its offsets are the wrong way round.
        NotFoundError: an offset lies before what is retained, or beyond the end.
    """
    known = {each.number: each for each in partitions}
    for given, option in ((request.first, "--from"), (request.last, "--to")):
        for number, offset in (given or {}).items():
            if number not in known:
                raise UsageError(
                    f"{topic} has no partition {number} ({option})",
                    f"It has 0 to {len(known) - 1}.",
                )
            _check_offset(topic, known[number], offset, option)
    for number, offset in (request.first or {}).items():
        if (request.last or {}).get(number, offset) < offset:
            raise UsageError(
                f"--to ends before --from begins in partition {number}", "Swap the two."
            )


def _check_offset(topic: str, partition: Partition, offset: int, option: str) -> None:
    where = f"offset {offset} of partition {partition.number} of {topic} ({option})"
    if offset < partition.begin:
        begins = f" ({partition.first_at:%Y-%m-%d %H:%M})" if partition.first_at else ""
        raise NotFoundError(
            f"{where} is no longer retained: the partition begins at {partition.begin}{begins}",
            "Give times instead of offsets: the archive reaches further back.",
        )
    if offset > partition.end:
        raise NotFoundError(
            f"{where} is beyond its end, {partition.end}", "Give an offset up to the end."
        )


def archive_parts(slices: Sequence[Slice], source: Source) -> list[Part]:
    """Return a part for each slice of the archive that holds something, unnumbered."""
    return [
        Part(number=0, source=source, expected=each.rows, since=each.since, until=each.until)
        for each in slices
        if each.rows
    ]


def archive_end(request: Request, reached: datetime | None, horizon: datetime) -> datetime:
    """Return up to when the archive is read.

    Args:
        request: what is wanted.
        reached: from when on the topic holds everything.
        horizon: before which the live path has dealt with all that was fetched.
    """
    bounds = [horizon]
    if request.until:
        bounds.append(request.until)
    if reached and request.source is Choice.AUTO:
        bounds.append(reached)
    return min(bounds)


def left_to_live(partitions: Sequence[Partition], request: Request) -> int:
    """Return how many records of the stretch wait for the live path, and stay with it."""
    waiting = 0
    for each in partitions:
        first, last = _bounds(each, request)
        waiting += max(0, last - max(first, each.done))
    return waiting


def numbered(parts: Sequence[Part]) -> tuple[Part, ...]:
    """Return parts with their numbers, from 1."""
    return tuple(replace(part, number=number) for number, part in enumerate(parts, start=1))
