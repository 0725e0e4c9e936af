"""Replays in PostgreSQL."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, case, func, insert, literal, or_, select, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.alerting.adapters.digests import store_digests
from services.replay.adapters.job_rows import (
    job_row,
    part_row,
    read_counts,
    read_job,
    read_part,
    write_key,
)
from services.replay.adapters.tables import jobs, parts
from services.replay.domain.job import (
    MOST_PROBLEMS,
    UNFINISHED,
    Counts,
    Job,
    Part,
    Problem,
    Progress,
    Source,
    State,
)
from services.replay.domain.request import Choice
from services.replay.ports import Leased, Stretch
from services.runtime.errors import ConflictError, NotFoundError

LEASE = timedelta(seconds=20)
"""How long a part stays with a worker that was killed. Workers renew every five seconds."""


class SqlJobs:
    """The replays, in the tables `jobs` and `parts`."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def add(self, job: Job, given: Sequence[Part]) -> None:
        """Store a replay with its parts.

        Raises:
            ConflictError: one of that name is unfinished.
        """
        try:
            async with self._engine.begin() as connection:
                await connection.execute(insert(jobs), job_row(job))
                if given:
                    await connection.execute(insert(parts), [part_row(job, p) for p in given])
        except IntegrityError as error:
            raise ConflictError(
                f"a replay named '{job.name}' is not finished yet",
                f"Go on with it: 'accesswatch replay resume {job.name}'; end it: 'accesswatch "
                f"replay cancel {job.name}'; or choose another --name.",
            ) from error

    async def get(self, name: str) -> Job:
        """Return a replay by id, or the newest by name.

        Raises:
            NotFoundError: there is none.
        """
        statement = (
            select(jobs)
            .where(or_(jobs.c.id == name, jobs.c.name == name))
            .order_by(jobs.c.created_at.desc())
            .limit(1)
        )
        async with self._engine.connect() as connection:
            row = (await connection.execute(statement)).one_or_none()
        if row is None:
            raise NotFoundError(
                f"there is no replay '{name}'", "'accesswatch replay list' shows them all."
            )
        return read_job(row)

    async def progress(self, job_id: str) -> Progress:
        """Return how far a replay is."""
        async with self._engine.connect() as connection:
            return (await _progress(connection, [job_id])).get(job_id, Progress())

    async def parts(self, job_id: str) -> list[tuple[Part, Counts, bool]]:
        """Return a replay's parts, what came of each, and whether it is finished."""
        statement = select(parts).where(parts.c.job_id == job_id).order_by(parts.c.number)
        async with self._engine.connect() as connection:
            rows = (await connection.execute(statement)).all()
        return [(read_part(row), read_counts(row), row.finished_at is not None) for row in rows]

    async def list(self, limit: int) -> list[tuple[Job, Progress]]:
        """Return replays with their progress, the newest first."""
        statement = select(jobs).order_by(jobs.c.created_at.desc()).limit(limit)
        async with self._engine.connect() as connection:
            found = [read_job(row) for row in await connection.execute(statement)]
            known = await _progress(connection, [job.id for job in found])
        return [(job, known.get(job.id, Progress())) for job in found]

    async def change(self, job: Job, state: State, allowed: Sequence[State], now: datetime) -> bool:
        """Change the state where it is one of `allowed`; tell whether it was.

        What a replay that is cancelled has found is told in digests, where it shall notify.
        """
        return await self._change(job, state, now, jobs.c.state.in_(allowed))

    async def fail(self, job: Job, note: str, now: datetime) -> None:
        """End a replay that cannot go on, with digests of what it found."""
        await self._change(job, State.FAILED, now, jobs.c.state.in_(UNFINISHED), note=note)

    async def finish(self, job: Job, now: datetime) -> bool:
        """End a replay whose parts are all finished, with its digests; tell whether it did."""
        running = jobs.c.state == State.RUNNING
        return await self._change(job, State.FINISHED, now, running, ~_unread().exists())

    async def _change(
        self, job: Job, state: State, now: datetime, *conditions: Any, note: str | None = None
    ) -> bool:
        ended = now if state not in UNFINISHED else None
        async with self._engine.begin() as connection:
            found = await connection.execute(
                update(jobs)
                .where(jobs.c.id == job.id, *conditions)
                .values(state=state, ended_at=ended, note=note)
            )
            if found.rowcount and ended and job.request.notify:
                await store_digests(connection, job.id, now)
        return found.rowcount > 0

    async def turn_to_archive(self, leased: Leased) -> bool:
        """Let a part read the archive, since the topic lost it; False where that cannot be.

        The archive does not know partitions: the part then reads its span of all of them, which
        changes nothing where others have read it too.
        """
        request, part = leased.job.request, leased.part
        if request.by_offsets or request.source is not Choice.AUTO:
            return False
        nothing = dict.fromkeys(("topic", "partition", "first", "last", "next"))
        async with self._engine.begin() as connection:
            await connection.execute(
                update(parts)
                .where(parts.c.job_id == leased.job.id, parts.c.number == part.number)
                .values(
                    source=Source.ARCHIVE,
                    until=part.until or leased.job.created_at,
                    after=None,
                    **nothing,
                )
            )
        return True

    async def lease(self, owner: str, now: datetime, job_id: str | None) -> Leased | None:
        """Take a part that nobody holds, of one replay or of any that runs."""
        free = (
            select(parts.c.job_id, parts.c.number)
            .join(jobs, jobs.c.id == parts.c.job_id)
            .where(
                jobs.c.state == State.RUNNING,
                parts.c.finished_at.is_(None),
                or_(
                    parts.c.lease_until.is_(None),
                    parts.c.lease_until < now,
                    # Held since a server was away in the middle of it.
                    parts.c.lease_owner == owner,
                ),
                *([jobs.c.id == job_id] if job_id else []),
            )
            .order_by(jobs.c.created_at, parts.c.number)
            .limit(1)
            .with_for_update(of=parts, skip_locked=True)
            .cte("free")
        )
        taken = (
            update(parts)
            .where(parts.c.job_id == free.c.job_id, parts.c.number == free.c.number)
            .values(lease_owner=owner, lease_until=now + LEASE)
            .returning(parts)
        )
        async with self._engine.begin() as connection:
            row = (await connection.execute(taken)).one_or_none()
            if row is None:
                return None
            found = await connection.execute(select(jobs).where(jobs.c.id == row.job_id))
            return Leased(owner, read_job(found.one()), read_part(row))

    async def renew(self, owners: Sequence[str], now: datetime) -> None:
        """Keep what owners hold for another while."""
        async with self._engine.begin() as connection:
            await connection.execute(
                update(parts)
                .where(parts.c.lease_owner.in_(owners), parts.c.lease_until > now)
                .values(lease_until=now + LEASE)
            )

    async def checkpoint(
        self, leased: Leased, stretch: Stretch, counts: Counts, now: datetime
    ) -> bool:
        """Store how far a part is; False where the lease was lost or the replay no longer runs."""
        values: dict[str, Any] = {
            name: getattr(parts.c, name) + count for name, count in asdict(counts).items()
        }
        if stretch.next is not None:
            values["next"] = stretch.next
        if stretch.after is not None:
            values["after"] = write_key(stretch.after)
        if stretch.finished:
            values |= {"finished_at": now, "lease_owner": None, "lease_until": None}
        else:
            values["lease_until"] = now + LEASE
        async with self._engine.begin() as connection:
            found = await connection.execute(
                update(parts)
                .where(
                    parts.c.job_id == leased.job.id,
                    parts.c.number == leased.part.number,
                    parts.c.lease_owner == leased.owner,
                )
                .values(values)
            )
            if not found.rowcount:
                return False
            await _add_problems(connection, leased.job.id, stretch.problems)
            state = await connection.scalar(select(jobs.c.state).where(jobs.c.id == leased.job.id))
        return bool(state == State.RUNNING)

    async def release(self, owners: Sequence[str]) -> None:
        """Give back whatever owners hold."""
        async with self._engine.begin() as connection:
            await connection.execute(
                update(parts)
                .where(parts.c.lease_owner.in_(owners))
                .values(lease_owner=None, lease_until=None)
            )

    async def owners(self) -> Sequence[str]:
        """Return who holds a part."""
        statement = select(parts.c.lease_owner).where(parts.c.lease_owner.is_not(None)).distinct()
        async with self._engine.connect() as connection:
            return (await connection.execute(statement)).scalars().all()

    async def all_read(self) -> Sequence[Job]:
        """Return the replays that run, though nothing is left to read."""
        statement = select(jobs).where(jobs.c.state == State.RUNNING, ~_unread().exists())
        async with self._engine.connect() as connection:
            return [read_job(row) for row in await connection.execute(statement)]


def _unread() -> Any:
    """Return the query of the parts of a row of `jobs` that are not read to their end."""
    return select(parts.c.number).where(parts.c.job_id == jobs.c.id, parts.c.finished_at.is_(None))


async def _progress(connection: AsyncConnection, ids: Sequence[str]) -> dict[str, Progress]:
    held = and_(parts.c.lease_owner.is_not(None), parts.c.lease_until > func.now())
    sums = [func.sum(getattr(parts.c, name)).label(name) for name in asdict(Counts())]
    statement = (
        select(
            parts.c.job_id,
            func.sum(parts.c.expected).label("expected"),
            func.count().label("parts"),
            func.count(parts.c.finished_at).label("finished"),
            func.count(case((held, func.split_part(parts.c.lease_owner, "/", 1))).distinct()).label(
                "workers"
            ),
            *sums,
        )
        .where(parts.c.job_id.in_(ids))
        .group_by(parts.c.job_id)
    )
    return {
        row.job_id: Progress(
            expected=int(row.expected),
            counts=read_counts(row),
            parts=row.parts,
            finished=row.finished,
            workers=row.workers,
        )
        for row in await connection.execute(statement)
    }


async def _add_problems(
    connection: AsyncConnection, job_id: str, problems: Sequence[Problem]
) -> None:
    if not problems:
        return
    more = literal([asdict(each) for each in problems[:MOST_PROBLEMS]], JSONB)
    await connection.execute(
        update(jobs)
        .where(jobs.c.id == job_id, func.jsonb_array_length(jobs.c.problems) < MOST_PROBLEMS)
        .values(problems=jobs.c.problems.concat(more))
    )
