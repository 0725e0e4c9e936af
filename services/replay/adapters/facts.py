"""What a replay has to know of the topic before it is made."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from datetime import datetime

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition

from schemas import Topics
from services.replay.adapters.lag import existing, groups
from services.replay.adapters.topic import (
    EXPECTED,
    bounds_of,
    consumer_of,
    first_record,
    written_at,
)
from services.replay.domain.planning import Partition
from services.replay.domain.request import Kind, Request
from services.replay.ports import Passage
from services.runtime.errors import UnavailableError
from services.runtime.kafka.decode import Received, decode
from services.runtime.kafka.offsets import committed
from services.runtime.settings import KafkaSettings

STORED_SECONDS = 60.0
"""How long to wait until what was extracted is stored as well."""
LOOK_SECONDS = 0.5


class TopicFacts:
    """Looks at the topic that holds a kind of message.

    Args:
        settings: where Kafka is.
        kind: articles or statements.
        patience: seconds to wait until alerting has stored what was extracted.
    """

    def __init__(
        self, settings: KafkaSettings, kind: Kind, patience: float = STORED_SECONDS
    ) -> None:
        topics = Topics(settings.namespace)
        self._settings = settings
        self._kind = kind
        self._patience = patience
        self.name = topics.articles if kind is Kind.ARTICLES else topics.statements
        self._statements = topics.statements

    async def partitions(self, request: Request) -> Sequence[Partition]:
        """Return what is known of the topic's partitions.

        Raises:
            UnavailableError: Kafka does not answer; or alerting has not stored what was extracted.
        """
        async with consumer_of(self._settings) as consumer:
            numbers = await existing(consumer, self.name)
            done = await committed(self._settings, groups(self._settings)[self.name])
            if self._kind is Kind.ARTICLES and done:
                await self._until_stored(consumer)
            bounds = await bounds_of(consumer, numbers, request)
            return [
                await self._partition(consumer, each, done.get(each, 0), bounds[each.partition])
                for each in numbers
            ]

    async def pending_since(self) -> datetime | None:
        """Return when the first article was fetched that waits for the live path, or None.

        Raises:
            UnavailableError: as above.
        """
        async with consumer_of(self._settings) as consumer:
            numbers = await existing(consumer, self.name)
            done = await committed(self._settings, groups(self._settings)[self.name])
            if done:
                await self._until_stored(consumer)
            begins = await consumer.beginning_offsets(numbers)
            ends = await consumer.end_offsets(numbers)
            moments = []
            for each in numbers:
                start = max(begins[each], done.get(each, 0))
                record = await first_record(consumer, each, start, ends[each])
                if record:
                    moments.append(self._fetched_at(record))
        return min(moments, default=None)

    def _fetched_at(self, record: "ConsumerRecord[bytes, bytes]") -> datetime:
        outcome = decode(record, EXPECTED[self._kind])
        if isinstance(outcome, Received):
            return Passage(outcome.headers, outcome.body).article.fetched_at  # type: ignore[arg-type]
        return written_at(record)

    async def _partition(
        self,
        consumer: AIOKafkaConsumer,
        partition: TopicPartition,
        done: int,
        bounds: tuple[int, int, int, int],
    ) -> Partition:
        begin, end, start, stop = bounds
        record = await first_record(consumer, partition, begin, end)
        return Partition(
            number=partition.partition,
            begin=begin,
            end=end,
            committed=done,
            first_at=written_at(record) if record else None,
            first_fetched_at=self._fetched_at(record) if record else None,
            from_offset=start,
            to_offset=stop,
        )

    async def _until_stored(self, consumer: AIOKafkaConsumer) -> None:
        """Wait until alerting has stored the statements of all articles that were extracted.

        The extractor commits an article after it has published its statements. So all statements
        of the articles that are replayed are on the topic by now.
        """
        partitions = await existing(consumer, self._statements)
        begins = await consumer.beginning_offsets(partitions)
        ends = await consumer.end_offsets(partitions)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._patience):
                async for waiting in self._unstored(begins, ends):
                    if not waiting:
                        return
        raise UnavailableError(
            "statements of these articles wait to be stored, and alerting does not take them",
            "Start 'accesswatch alerting', or let it catch up; a replay that came first would "
            "keep their alerts from being sent.",
        )

    async def _unstored(
        self, begins: dict[TopicPartition, int], ends: dict[TopicPartition, int]
    ) -> AsyncIterator[int]:
        while True:
            done = await committed(self._settings, groups(self._settings)[self._statements])
            unread = (end - max(begins[each], done.get(each, 0)) for each, end in ends.items())
            yield sum(max(0, each) for each in unread)
            await asyncio.sleep(LOOK_SECONDS)
