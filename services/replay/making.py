"""The use case: find out what a replay has to read, freeze it, and store the job."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from services.replay.domain.job import Job, Part, Source
from services.replay.domain.planning import (
    Partition,
    Plan,
    archive_end,
    archive_parts,
    check_offsets,
    left_to_live,
    numbered,
    reach,
    topic_parts,
)
from services.replay.domain.request import Choice, Kind, Request
from services.replay.ports import Archive, Jobs, Topic
from services.runtime.clock import Clock
from services.runtime.errors import NotFoundError, UsageError

SETTLED = timedelta(minutes=2)
"""How long after it was fetched an article may come into the archive, or onto the topic before
one that was fetched earlier."""


class Making:
    """Makes replays."""

    def __init__(self, topic: Topic, archive: Archive, jobs: Jobs, clock: Clock) -> None:
        self._topic = topic
        self._archive = archive
        self._jobs = jobs
        self._clock = clock

    async def plan(self, request: Request) -> Plan:
        """Return what a replay would read.

        Raises:
            NotFoundError: nothing lies in the stretch, or offsets are not there.
            UsageError: offsets make no sense.
        """
        partitions: Sequence[Partition] = ()
        if request.source is not Choice.ARCHIVE and not request.only_imports:
            partitions = await self._topic.partitions(request)
        if request.by_offsets and request.only_imports:
            raise UsageError("imported articles have no offsets", "Give times, or nothing.")
        if request.by_offsets:
            check_offsets(self._topic.name, partitions, request)
        reached = reach(partitions)
        starts = [moment for moment in (request.since, reached) if moment]
        parts: list[Part] = []
        if reached or request.by_offsets or request.source is Choice.TOPIC:
            automatic = request.source is Choice.AUTO and not request.by_offsets
            since = max(starts) if automatic else request.since
            parts += topic_parts(self._topic.name, partitions, request, since)
            waiting = left_to_live(partitions, request)
        else:
            waiting = 0
        left = None
        if not request.by_offsets and request.source is not Choice.TOPIC:
            archived, left = await self._archived(request, reached)
            parts = [*archived, *parts]
        if not parts:
            raise _nothing(request, waiting, left)
        sentences = _sentences(parts, self._topic.name, reached, waiting)
        return Plan(numbered(parts), (*sentences, *([_left(left)] if left else [])))

    async def _archived(
        self, request: Request, reached: datetime | None
    ) -> tuple[list[Part], datetime | None]:
        """Return the parts that the archive adds: what is older, and what was imported.

        With them comes from when on the archive is left to the live path, where that lags.
        """
        now = self._clock.now()
        live = request.kind is Kind.ARTICLES and not request.only_imports
        horizon = await self._horizon(now) if live else now
        end = archive_end(request, reached, horizon)
        source = Source.IMPORTS if request.only_imports else Source.ARCHIVE
        older = await self._archive.slices(request, source, request.since, end)
        parts = archive_parts(older, source)
        if not request.only_imports:
            since = max(request.since, end) if request.since else end
            until = request.until or now
            imported = await self._archive.slices(request, Source.IMPORTS, since, until)
            parts += archive_parts(imported, Source.IMPORTS)
        lags = live and horizon < now - SETTLED and end == horizon
        return parts, horizon if lags else None

    async def _horizon(self, now: datetime) -> datetime:
        """Return before when the live path has dealt with all that was fetched."""
        # The outbox first: what leaves it meanwhile is then seen on the topic.
        found = [await self._archive.waiting_since(), await self._topic.pending_since()]
        return min([now, *(moment for moment in found if moment)]) - SETTLED

    async def make(self, request: Request, name: str, by: str) -> Job:
        """Store a replay, ready for workers, and return it.

        Args:
            request: what is wanted.
            name: by which people call it.
            by: who asks.

        Raises:
            NotFoundError: there is nothing to replay.
            ConflictError: a replay of that name is not finished.
        """
        plan = await self.plan(request)
        job = Job(
            id=secrets.token_hex(6),
            name=name,
            request=request,
            plan=plan.sentences,
            created_by=by,
            created_at=self._clock.now(),
        )
        await self._jobs.add(job, plan.parts)
        return job


def _sentences(
    parts: Sequence[Part], topic: str, reached: datetime | None, waiting: int
) -> tuple[str, ...]:
    found = []
    for source, where in (
        (Source.ARCHIVE, "from the archive"),
        (Source.TOPIC, f"from topic {topic}"),
        (Source.IMPORTS, "from imported files, in the archive"),
    ):
        count = sum(part.expected for part in parts if part.source is source)
        if count:
            found.append(f"{count:,} {where}{_because(source, reached)}")
    if waiting:
        found.append(f"{waiting:,} more wait for the live path, and are left to it")
    return tuple(found)


def _because(source: Source, reached: datetime | None) -> str:
    if source is not Source.ARCHIVE:
        return ""
    if reached is None:
        return ", since the topic holds none of it"
    return f", which the topic no longer holds (it reaches back to {reached:%Y-%m-%d %H:%M})"


def _left(since: datetime) -> str:
    return f"articles fetched since {since:%Y-%m-%d %H:%M} are left to the live path, which lags"


def _nothing(request: Request, waiting: int, left: datetime | None) -> NotFoundError:
    if left:
        return NotFoundError(
            f"there is nothing to replay yet: {_left(left)}",
            "They are extracted and stored in their turn; a replay only takes what was.",
        )
    if waiting:
        return NotFoundError(
            f"this stretch still waits for the live path ({request.kind}: {waiting:,})",
            "They are extracted and stored in their turn; a replay only takes what was.",
        )
    span = " ".join(
        f"{word} {moment:%Y-%m-%d %H:%M}"
        for word, moment in (("from", request.since), ("to", request.until))
        if moment
    )
    filters = " for the given feeds" if request.feeds else ""
    return NotFoundError(
        f"there are no {request.kind} {span or 'in this stretch'}{filters}, neither on the topic "
        "nor in the archive",
        "Widen the stretch, or look at 'accesswatch audit' for what there is.",
    )
