"""Replays on a real PostgreSQL and a real Kafka, with a made-up extractor."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from schemas import Topics
from services.alerting.adapters.store import SqlStore
from services.replay.adapters.archive import Archive
from services.replay.adapters.facts import TopicFacts
from services.replay.adapters.jobs import SqlJobs
from services.replay.adapters.sinks import ArticleSink, StatementSink
from services.replay.adapters.sources import SqlAndKafka
from services.replay.domain.job import Job, Progress
from services.replay.domain.pace import Gate
from services.replay.domain.request import Kind, Request
from services.replay.making import Making
from services.replay.service import Worker
from services.runtime.clock import FakeClock
from services.runtime.settings import KafkaSettings
from tests.support.builders import NOON
from tests.support.history import History, MadeUpExtraction

LATER = NOON + timedelta(days=30)


class Replays:
    """Makes replays and works on them."""

    def __init__(self, history: History, extraction: MadeUpExtraction) -> None:
        self.history = history
        self.extraction = extraction
        self.jobs = SqlJobs(history.engine)
        self.clock = FakeClock(LATER)

    def making(self, kind: Kind) -> Making:
        facts = TopicFacts(self.history.kafka, kind, patience=1)
        return Making(facts, Archive(self.history.engine), self.jobs, self.clock)

    def worker(self, owner: str = "one", version: str | None = None) -> Worker:
        topics = Topics(self.history.kafka.namespace)
        statements = StatementSink(SqlStore(self.history.engine, self.clock, topics))
        extraction = MadeUpExtraction(version) if version else self.extraction
        return Worker(
            owner,
            self.jobs,
            SqlAndKafka(self.history.engine, self.history.kafka),
            {
                Kind.STATEMENTS: statements,
                Kind.ARTICLES: ArticleSink(extraction, statements, self.clock),
            },
            None,
            Gate(0),
            self.clock,
        )

    async def make(self, request: Request, name: str = "test") -> Job:
        return await self.making(request.kind).make(request, name, "somebody@here")

    async def run(self, request: Request, name: str = "test", version: str = "new") -> Progress:
        job = await self.make(request, name)
        await self.worker(version=version).run(asyncio.Event(), job.id)
        return await self.jobs.progress(job.id)


@pytest.fixture
def history(engine: AsyncEngine, kafka: KafkaSettings) -> History:
    """A past that is still empty."""
    return History(engine, kafka)


@pytest.fixture
def replays(history: History) -> Replays:
    """Replays of that past."""
    return Replays(history, MadeUpExtraction())


MakeReplays = Callable[[History], Replays]
