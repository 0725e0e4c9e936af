"""The use case: take a part of a replay, send what it holds through, note how far it is."""

import asyncio
import contextlib
import time
from collections.abc import Mapping, Sequence

import structlog
from sqlalchemy.exc import SQLAlchemyError

from services.replay import metrics
from services.replay.domain.job import UNFINISHED, Counts, Problem
from services.replay.domain.pace import Gate, batch_of, pause_after
from services.replay.domain.request import Kind
from services.replay.ports import Jobs, Lag, Leased, Reader, Sink, Sources, Stretch
from services.runtime.clock import Clock
from services.runtime.database import is_transient
from services.runtime.errors import AccesswatchError, NotFoundError, UnavailableError
from services.runtime.stopping import unless_stopped

LANES = 2
"""Parts that one worker has in work at a time: while one is stored, the other is extracted."""
BATCH = {Kind.ARTICLES: 64, Kind.STATEMENTS: 500}
"""Messages of a batch. Of articles few, so that checkpoints come every few seconds."""
FAILED_TOGETHER = 8
"""Messages of a batch that all fail, from which on the fault is not theirs."""
RENEW_SECONDS = 5.0
LOOK_SECONDS = 0.5
"""Between two looks at how much waits for the live path."""
IDLE_SECONDS = 1.0
RETRY_SECONDS = 1.0
RETRY_MOST_SECONDS = 15.0

log = structlog.get_logger()


class Worker:
    """Works on replays. Several may run at once, also on one replay.

    Args:
        owner: tells this worker from others.
        jobs: the replays.
        sources: where messages come from.
        sinks: where they go, by kind.
        lag: of the live path, or None where it need not be looked at.
        gate: when to give way.
        clock: the present.
    """

    def __init__(
        self,
        owner: str,
        jobs: Jobs,
        sources: Sources,
        sinks: Mapping[Kind, Sink],
        lag: Lag | None,
        gate: Gate,
        clock: Clock,
    ) -> None:
        self._owners = tuple(f"{owner}/{lane}" for lane in range(1, LANES + 1))
        self._jobs = jobs
        self._sources = sources
        self._sinks = sinks
        self._lag = lag
        self._gate = gate
        self._clock = clock
        self._open = asyncio.Event()
        self._open.set()
        self.waiting = 0
        """Messages that wait for the live path, when last looked at."""

    @property
    def yielding(self) -> bool:
        """Whether the worker gives way to the live path."""
        return not self._open.is_set()

    async def run(self, stop: asyncio.Event, job_id: str | None = None) -> None:
        """Work until told to stop.

        Args:
            stop: set to end the work; what is begun is finished.
            job_id: the only replay to work on; then the work also ends with it.
        """
        keepers = [asyncio.ensure_future(self._keep(stop))]
        if self._lag:
            keepers.append(asyncio.ensure_future(self._watch(stop, self._lag)))
        try:
            lanes = [asyncio.ensure_future(self._lane(o, stop, job_id)) for o in self._owners]
            keepers += lanes
            await asyncio.gather(*lanes)
        finally:
            for task in keepers:
                task.cancel()
            await asyncio.gather(*keepers, return_exceptions=True)
            with contextlib.suppress(SQLAlchemyError, OSError):
                await self._jobs.release(self._owners)

    async def _lane(self, owner: str, stop: asyncio.Event, job_id: str | None) -> None:
        pause = RETRY_SECONDS
        while not stop.is_set():
            try:
                more = await self._next_part(owner, stop, job_id)
            except Exception as error:
                if not _is_passing(error):
                    raise
                log.warning("replay.waiting", error=str(error))
                await unless_stopped(stop, asyncio.sleep(pause))
                pause = min(pause * 2, RETRY_MOST_SECONDS)
                continue
            pause = RETRY_SECONDS
            if not more:
                return

    async def _next_part(self, owner: str, stop: asyncio.Event, job_id: str | None) -> bool:
        """Work on one part; False where there is nothing to do any more."""
        leased = await self._jobs.lease(owner, self._clock.now(), job_id)
        if leased is not None:
            await self._work(leased, stop)
            return True
        if job_id is None:
            # Whoever read the last part of one may have been killed before it could say so.
            for job in await self._jobs.all_read():
                await self._jobs.finish(job, self._clock.now())
            await unless_stopped(stop, asyncio.sleep(IDLE_SECONDS))
            return True
        return await self._wait_for_others(job_id, stop)

    async def _wait_for_others(self, job_id: str, stop: asyncio.Event) -> bool:
        """Wait while others hold what is left; False once the replay runs no longer."""
        job = await self._jobs.get(job_id)
        progress = await self._jobs.progress(job_id)
        if progress.finished == progress.parts:
            await self._jobs.finish(job, self._clock.now())
            return False
        if job.state not in UNFINISHED:
            return False
        await unless_stopped(stop, asyncio.sleep(IDLE_SECONDS))
        return True

    async def _work(self, leased: Leased, stop: asyncio.Event) -> None:
        log.info(
            "replay.part",
            replay=leased.job.name,
            part=leased.part.number,
            source=leased.part.source,
            expected=leased.part.expected,
        )
        try:
            async with self._sources.open(leased.job, leased.part) as reader:
                while not stop.is_set():
                    if await unless_stopped(stop, self._open.wait()) is None:
                        return
                    if not await self._step(leased, reader, stop):
                        break
        except NotFoundError as error:
            if await self._jobs.turn_to_archive(leased):
                log.warning("replay.turned_to_archive", replay=leased.job.name, why=str(error))
                return
            # Nobody can go on with this part, and a replay with a hole is not what was asked for.
            await self._fail(leased, error)
            return
        except ExtractionBrokenError as error:
            await self._fail(leased, error)
            return
        finally:
            with contextlib.suppress(SQLAlchemyError, OSError):
                await self._jobs.release([leased.owner])
        await self._jobs.finish(leased.job, self._clock.now())

    async def _fail(self, leased: Leased, error: AccesswatchError) -> None:
        log.error("replay.failed", replay=leased.job.name, error=str(error))
        await self._jobs.fail(leased.job, str(error), self._clock.now())

    async def _step(self, leased: Leased, reader: Reader, stop: asyncio.Event) -> bool:
        """Send one batch through; False where the part is done or no longer ours."""
        kind, rate = leased.job.request.kind, leased.job.request.rate
        own_rate = rate / LANES if rate else None
        began = time.monotonic()
        stretch = await reader.read(batch_of(BATCH[kind], own_rate))
        taken = await self._sinks[kind].take(leased.job, stretch.passages)
        _check(stretch, taken.problems)
        problems = [*stretch.problems, *taken.problems]
        counts = Counts(
            read=stretch.read,
            left_out=_left_out(stretch) + taken.left_out,
            failed=len(problems),
            statements=taken.statements,
            alerts=taken.alerts,
        )
        for each in problems:
            log.warning("replay.problem", replay=leased.job.name, where=each.where, why=each.why)
        metrics.MESSAGES.labels(kind.value).inc(stretch.read)
        metrics.PROBLEMS.labels(kind.value).inc(len(problems))
        noted = Stretch(
            passages=(),
            read=stretch.read,
            problems=problems,
            next=stretch.next,
            after=stretch.after,
            finished=stretch.finished,
        )
        ours = await self._jobs.checkpoint(leased, noted, counts, self._clock.now())
        pause = pause_after(stretch.read, time.monotonic() - began, own_rate)
        await unless_stopped(stop, asyncio.sleep(pause))
        return ours and not stretch.finished

    async def _keep(self, stop: asyncio.Event) -> None:
        """Renew what this worker holds, so that nobody else takes it while a batch takes long."""
        while not stop.is_set():
            await asyncio.sleep(RENEW_SECONDS)
            with contextlib.suppress(SQLAlchemyError, OSError):
                await self._jobs.renew(self._owners, self._clock.now())

    async def _watch(self, stop: asyncio.Event, lag: Lag) -> None:
        """Close the gate while the live path lags; a Kafka that is away counts as lag."""
        while not stop.is_set():
            try:
                self.waiting = await lag.waiting()
                closed = self._gate.note(self.waiting)
            except UnavailableError as error:
                log.warning("replay.waiting", error=str(error))
                closed = True
            (self._open.clear if closed else self._open.set)()
            metrics.YIELDING.set(closed)
            await asyncio.sleep(LOOK_SECONDS)


class ExtractionBrokenError(AccesswatchError):
    """Extraction fails on everything, so that going on would only drain the stretch."""


def _check(stretch: Stretch, problems: Sequence[Problem]) -> None:
    """Stop where a whole batch fails.

    Raises:
        ExtractionBrokenError: it did.
    """
    if len(stretch.passages) >= FAILED_TOGETHER and len(problems) == len(stretch.passages):
        raise ExtractionBrokenError(
            f"all {len(problems)} messages of a batch failed, the last: {problems[-1].why}",
            "Mend it (memory for the processes that extract?) and replay the stretch again.",
        )


def _left_out(stretch: Stretch) -> int:
    return stretch.read - len(stretch.passages) - len(stretch.problems)


def _is_passing(error: BaseException) -> bool:
    return isinstance(error, UnavailableError) or is_transient(error)
