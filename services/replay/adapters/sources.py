"""Topic and archive behind one door."""

import contextlib
from collections.abc import AsyncIterator

from sqlalchemy.ext.asyncio import AsyncEngine

from schemas import Topics
from services.replay.adapters.archive import ArchiveReader
from services.replay.adapters.topic import TopicReader, consumer_of
from services.replay.domain.job import Job, Part, Source
from services.replay.ports import Reader
from services.runtime.settings import KafkaSettings


class SqlAndKafka:
    """Opens parts wherever they lie."""

    def __init__(self, engine: AsyncEngine, settings: KafkaSettings) -> None:
        self._engine = engine
        self._settings = settings

    @contextlib.asynccontextmanager
    async def open(self, job: Job, part: Part) -> AsyncIterator[Reader]:
        """Give a reader of a part.

        Raises:
            UnavailableError: Kafka cannot be reached.
        """
        if part.source is not Source.TOPIC:
            yield ArchiveReader(self._engine, Topics(self._settings.namespace), job, part)
            return
        async with consumer_of(self._settings) as consumer:
            yield TopicReader(consumer, job, part)
