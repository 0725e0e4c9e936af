"""A worker's surroundings in memory, which can be told to fail."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import astuple, replace
from datetime import datetime, timedelta

from services.replay.domain.job import (
    UNFINISHED,
    Counts,
    Job,
    Part,
    Problem,
    Progress,
    Source,
    State,
)
from services.replay.domain.request import Kind, Request
from services.replay.ports import Leased, Passage, Reader, Stretch, Taken
from services.runtime.errors import ConflictError, NotFoundError
from tests.support.builders import NOON, article, article_headers

LEASE = timedelta(seconds=20)


def job(name: str = "test", kind: Kind = Kind.ARTICLES) -> Job:
    """Return a replay that runs."""
    return Job(f"id-{name}", name, Request(kind), ("all of it",), "somebody@here", NOON)


def part(number: int, messages: int) -> Part:
    """Return a part of the archive with so many messages."""
    return Part(number, Source.TOPIC, messages, "topic", number, 0, messages, 0)


def added(*several: Counts) -> Counts:
    """Return the sum of counts."""
    return Counts(*map(sum, zip(*map(astuple, several), strict=True)))


class FakeJobs:
    """Replays in memory."""

    def __init__(self) -> None:
        self.jobs: dict[str, Job] = {}
        self.found: dict[tuple[str, int], Part] = {}
        self.counted: dict[tuple[str, int], Counts] = {}
        self.done: set[tuple[str, int]] = set()
        self.leases: dict[tuple[str, int], tuple[str, datetime]] = {}
        self.problems: list[Problem] = []
        self.turned: list[int] = []
        self.can_turn = False
        self.after_checkpoint: Callable[[], None] = lambda: None

    async def add(self, job: Job, parts: Sequence[Part]) -> None:
        if any(each.name == job.name and not each.ended_at for each in self.jobs.values()):
            raise ConflictError("there is one", "Wait.")
        self.jobs[job.id] = job
        self.found |= {(job.id, each.number): each for each in parts}

    async def get(self, name: str) -> Job:
        for each in self.jobs.values():
            if name in {each.id, each.name}:
                return each
        raise NotFoundError("there is none", "Look.")

    async def progress(self, job_id: str) -> Progress:
        keys = [key for key in self.found if key[0] == job_id]
        total = added(*(self.counted.get(key, Counts()) for key in keys))
        expected = sum(self.found[key].expected for key in keys)
        return Progress(expected, total, len(keys), len(self.done & set(keys)))

    async def change(self, job: Job, state: State, allowed: Sequence[State], now: datetime) -> bool:
        if self.jobs[job.id].state not in allowed:
            return False
        ended = None if state in UNFINISHED else now
        self.jobs[job.id] = replace(self.jobs[job.id], state=state, ended_at=ended)
        return True

    async def fail(self, job: Job, note: str, now: datetime) -> None:
        self.jobs[job.id] = replace(self.jobs[job.id], state=State.FAILED, note=note, ended_at=now)

    async def turn_to_archive(self, leased: Leased) -> bool:
        self.turned.append(leased.part.number)
        return self.can_turn

    async def lease(self, owner: str, now: datetime, job_id: str | None) -> Leased | None:
        for key, each in self.found.items():
            holder, until = self.leases.get(key, ("", now))
            free = holder in {"", owner} or until < now
            running = self.jobs[key[0]].state is State.RUNNING
            if free and running and key not in self.done and job_id in {None, key[0]}:
                self.leases[key] = owner, now + LEASE
                return Leased(owner, self.jobs[key[0]], each)
        return None

    async def renew(self, owners: Sequence[str], now: datetime) -> None:
        for key, (owner, _) in self.leases.items():
            if owner in owners:
                self.leases[key] = owner, now + LEASE

    async def checkpoint(
        self, leased: Leased, stretch: Stretch, counts: Counts, now: datetime
    ) -> bool:
        key = leased.job.id, leased.part.number
        if self.leases.get(key, ("", now))[0] != leased.owner:
            return False
        self.counted[key] = added(self.counted.get(key, Counts()), counts)
        self.problems += stretch.problems
        if stretch.next is not None:
            self.found[key] = replace(self.found[key], next=stretch.next)
        if stretch.finished:
            self.done.add(key)
            del self.leases[key]
        self.after_checkpoint()
        return self.jobs[leased.job.id].state is State.RUNNING

    async def release(self, owners: Sequence[str]) -> None:
        self.leases = {k: held for k, held in self.leases.items() if held[0] not in owners}

    async def all_read(self) -> Sequence[Job]:
        read = {
            key
            for key in self.jobs
            if all((key, n) in self.done for k, n in self.found if k == key)
        }
        return [each for key, each in self.jobs.items() if key in read and not each.ended_at]

    async def finish(self, job: Job, now: datetime) -> bool:
        progress = await self.progress(job.id)
        if self.jobs[job.id].state is not State.RUNNING or progress.finished < progress.parts:
            return False
        self.jobs[job.id] = replace(self.jobs[job.id], state=State.FINISHED, ended_at=now)
        return True


class FakeSources:
    """Parts that hold articles named by partition and offset."""

    def __init__(self, step: int = 10) -> None:
        self.step = step
        self.failures: list[Exception] = []

    @contextlib.asynccontextmanager
    async def open(self, _: Job, part: Part) -> AsyncIterator[Reader]:
        yield _Reader(self, part)


class _Reader:
    def __init__(self, sources: FakeSources, part: Part) -> None:
        self._sources = sources
        self._part = part
        self._next = part.next

    async def read(self, limit: int) -> Stretch:
        await asyncio.sleep(0)
        if self._sources.failures:
            raise self._sources.failures.pop()
        first, part = self._next, self._part
        self._next = min(part.last, first + min(limit, self._sources.step))
        bodies = [article(f"{part.partition}:{offset}") for offset in range(first, self._next)]
        passages = [Passage(article_headers(body), body) for body in bodies]
        finished = self._next == part.last
        return Stretch(passages, len(passages), (), self._next, None, finished)


class FakeSink:
    """Remembers what it took in."""

    def __init__(self) -> None:
        self.taken: list[str] = []
        self.failures: list[Exception] = []
        self.problems: list[Problem] = []

    async def take(self, _: Job, passages: Sequence[Passage]) -> Taken:
        await asyncio.sleep(0)
        if self.failures:
            raise self.failures.pop()
        self.taken += [each.article.id for each in passages]
        problems, self.problems = self.problems, []
        return Taken(statements=len(passages), alerts=1, problems=problems)


class FakeLag:
    """A live path that lags as it is told."""

    def __init__(self) -> None:
        self.value = 0
        self.error: Exception | None = None

    async def waiting(self) -> int:
        if self.error:
            raise self.error
        return self.value
