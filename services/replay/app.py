"""Composition root of replays."""

import contextlib
import os
import socket
import uuid
from collections.abc import AsyncIterator

import psutil
from sqlalchemy.ext.asyncio import AsyncEngine

from schemas import Topics
from services.alerting.adapters.store import SqlStore
from services.extractor.adapters.worker_pool import WorkerPool
from services.replay.adapters.archive import Archive
from services.replay.adapters.facts import TopicFacts
from services.replay.adapters.jobs import SqlJobs
from services.replay.adapters.lag import open_lag
from services.replay.adapters.sinks import ArticleSink, StatementSink
from services.replay.adapters.sources import SqlAndKafka
from services.replay.domain.job import is_dead
from services.replay.domain.pace import Gate
from services.replay.domain.request import Kind
from services.replay.making import Making
from services.replay.ports import Sink
from services.replay.service import Worker
from services.runtime.clock import SystemClock
from services.runtime.settings import Settings

NICENESS = 10
"""How much the processes that extract stand back where the processor is short."""


def making(settings: Settings, engine: AsyncEngine, kind: Kind) -> Making:
    """Return what makes replays of a kind."""
    facts = TopicFacts(settings.kafka, kind)
    return Making(facts, Archive(engine), SqlJobs(engine), SystemClock())


@contextlib.asynccontextmanager
async def open_worker(
    settings: Settings, engine: AsyncEngine, *, extracts: bool
) -> AsyncIterator[Worker]:
    """Give a worker that is ready for replays.

    Args:
        settings: where everything is.
        engine: the database.
        extracts: whether replays of articles may come, which need processes that extract.

    Raises:
        UnavailableError: Kafka cannot be reached.
    """
    clock = SystemClock()
    statements = StatementSink(SqlStore(engine, clock, Topics(settings.kafka.namespace)))
    sinks: dict[Kind, Sink] = {Kind.STATEMENTS: statements}
    async with contextlib.AsyncExitStack() as stack:
        if extracts:
            pool = await stack.enter_async_context(WorkerPool(settings.extractor, NICENESS))
            sinks[Kind.ARTICLES] = ArticleSink(pool, statements, clock)
        limit = settings.replay.yield_lag
        lag = await stack.enter_async_context(open_lag(settings.kafka)) if limit else None
        jobs, host, pid = SqlJobs(engine), socket.gethostname(), os.getpid()
        # What a worker that was killed here held need not wait for its lease to run out.
        held = await jobs.owners()
        await jobs.release([each for each in held if is_dead(each, host, pid, psutil.pid_exists)])
        yield Worker(
            owner=f"{host}:{pid}:{uuid.uuid4().hex[:8]}",
            jobs=jobs,
            sources=SqlAndKafka(engine, settings.kafka),
            sinks=sinks,
            lag=lag,
            gate=Gate(limit),
            clock=clock,
        )
