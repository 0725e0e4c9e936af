"""Topic and archive behind one door."""

import contextlib
from collections.abc import AsyncIterator

from aiokafka.errors import KafkaError
from sqlalchemy.ext.asyncio import AsyncEngine

from schemas import Topics
from services.audit.topics import dead_ids
from services.replay.adapters.archive import ArchiveReader
from services.replay.adapters.topic import TopicReader, consumer_of
from services.replay.domain.job import Job, Part, Source
from services.replay.ports import Reader
from services.runtime.kafka.offsets import no_answer
from services.runtime.settings import KafkaSettings


class SqlAndKafka:
    """Opens parts wherever they lie."""

    def __init__(self, engine: AsyncEngine, settings: KafkaSettings) -> None:
        self._engine = engine
        self._settings = settings
        self._dead: set[str] | None = None

    @contextlib.asynccontextmanager
    async def open(self, job: Job, part: Part) -> AsyncIterator[Reader]:
        """Give a reader of a part.

        Raises:
            UnavailableError: Kafka cannot be reached.
        """
        dead = await self._dead_letters()
        if part.source is not Source.TOPIC:
            topics = Topics(self._settings.namespace)
            yield ArchiveReader(self._engine, topics, job, part, dead)
            return
        async with consumer_of(self._settings) as consumer:
            yield TopicReader(consumer, job, part, dead)

    async def _dead_letters(self) -> set[str]:
        """Return the article messages that are dead letters: to be retried by the live path.

        Once is enough: a replay ends before what the live path has not dealt with.
        """
        if self._dead is None:
            try:
                self._dead = await dead_ids(self._settings)
            except (KafkaError, OSError) as error:
                raise no_answer(error) from error
        return self._dead
