"""Reads a stretch of a topic, apart from the live consumers' group."""

import contextlib
import time
from collections.abc import AsyncIterator, Collection, Sequence
from datetime import UTC, datetime, timedelta

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError, OffsetOutOfRangeError

from schemas.envelope import EventType
from schemas.topics import MIB
from services.replay.domain.job import Job, Part, Problem
from services.replay.domain.request import Kind, Request
from services.replay.ports import Passage, Stretch
from services.runtime.errors import NotFoundError, UnavailableError
from services.runtime.kafka.connection import client_options
from services.runtime.kafka.decode import Refused, decode
from services.runtime.kafka.offsets import no_answer
from services.runtime.settings import KafkaSettings

EXPECTED = {Kind.ARTICLES: EventType.ARTICLE, Kind.STATEMENTS: EventType.STATEMENTS}
POLL_MS = 500
SILENT_SECONDS = 30.0
"""How long to wait for records that must be there before Kafka is taken to be away."""


@contextlib.asynccontextmanager
async def consumer_of(settings: KafkaSettings) -> AsyncIterator[AIOKafkaConsumer]:
    """Give a consumer without a group.

    Raises:
        UnavailableError: Kafka cannot be reached.
    """
    consumer = AIOKafkaConsumer(
        **client_options(settings),
        enable_auto_commit=False,
        auto_offset_reset="none",
        max_partition_fetch_bytes=8 * MIB,
        fetch_max_wait_ms=100,
    )
    try:
        await _started(consumer)
        yield consumer
    finally:
        await consumer.stop()


async def _started(consumer: AIOKafkaConsumer) -> None:
    try:
        await consumer.start()
    except (KafkaError, OSError) as error:
        raise no_answer(error) from error


class TopicReader:
    """Reads one part of a topic.

    Args:
        consumer: without a group.
        job: whose part it is.
        part: what to read.
        dead: article messages that are dead letters, and stay with the live path.
    """

    def __init__(
        self, consumer: AIOKafkaConsumer, job: Job, part: Part, dead: Collection[str] = ()
    ) -> None:
        self._consumer = consumer
        self._job = job
        self._part = part
        self._dead = dead
        self._partition = TopicPartition(part.topic, part.partition)
        self._next = part.next
        consumer.assign([self._partition])
        consumer.seek(self._partition, part.next)

    async def read(self, limit: int) -> Stretch:
        """Return the next messages of the partition, at most `limit`."""
        records: Sequence[ConsumerRecord[bytes, bytes]] = ()
        if self._next < self._part.last:
            records = await self._records(limit)
        outcomes = [self._outcome(record) for record in records]
        return Stretch(
            passages=[each for each in outcomes if isinstance(each, Passage)],
            read=len(records),
            problems=[each for each in outcomes if isinstance(each, Problem)],
            next=self._next,
            after=None,
            finished=self._next >= self._part.last,
        )

    def _outcome(self, record: "ConsumerRecord[bytes, bytes]") -> Passage | Problem | None:
        """Return what a record is: wanted, not readable, or (None) outside the stretch."""
        outcome = decode(record, EXPECTED[self._job.request.kind])
        if isinstance(outcome, Refused):
            where = f"{record.topic} {record.partition}:{record.offset}"
            return Problem(where, f"{outcome.reason}: {outcome.error}")
        passage = Passage(outcome.headers, outcome.body, record.value)  # type: ignore[arg-type]
        return passage if self._wants(passage) else None

    def _wants(self, passage: Passage) -> bool:
        article, request = passage.article, self._job.request
        begun = not self._part.since or article.fetched_at >= self._part.since
        wanted = request.wants(article.feed_id, passage.language)
        live = passage.article_message in self._dead
        return begun and wanted and not live and request.covers(article.fetched_at)

    async def _records(self, limit: int) -> "Sequence[ConsumerRecord[bytes, bytes]]":
        began = time.monotonic()
        while time.monotonic() - began < SILENT_SECONDS:
            try:
                found = await self._consumer.getmany(
                    self._partition, timeout_ms=POLL_MS, max_records=limit
                )
                at = await self._consumer.position(self._partition)
            except OffsetOutOfRangeError as error:
                raise NotFoundError(
                    f"{self._part.topic} no longer holds offset {self._next} of partition "
                    f"{self._part.partition}: retention has overtaken the replay",
                    "Replay what is left by time: the archive has it.",
                ) from error
            except KafkaError as error:
                raise no_answer(error) from error
            records = [r for r in found.get(self._partition, ()) if r.offset < self._part.last]
            # Records of transactions and compacted ones leave gaps: the position tells.
            if records or at >= self._part.last:
                self._next = min(at, self._part.last)
                return records
        raise UnavailableError(
            f"Kafka sends nothing of {self._part.topic}, though it has more", "It is tried again."
        )


LATE = timedelta(days=7)
"""How much later than an article was fetched its record may be written, at most: the outbox waits
as long as Kafka is away, and dead letters are sent again when somebody comes to it."""


async def bounds_of(
    consumer: AIOKafkaConsumer, partitions: Sequence[TopicPartition], request: Request
) -> dict[int, tuple[int, int, int, int]]:
    """Return each partition's first offset, end, and the span that may hold the stretch.

    A record is never older than its article, so that the first record written from `since` on
    begins the span; its end is later than `until` by what a record may be late.
    """
    begins = await consumer.beginning_offsets(partitions)
    ends = await consumer.end_offsets(partitions)
    starts = await _at(consumer, partitions, request.since)
    stops = await _at(consumer, partitions, request.until and request.until + LATE)
    bounds = {}
    for each in partitions:
        start = begins[each] if request.since is None else starts.get(each, ends[each])
        stop = stops.get(each, ends[each])
        bounds[each.partition] = begins[each], ends[each], start, stop
    return bounds


async def _at(
    consumer: AIOKafkaConsumer, partitions: Sequence[TopicPartition], moment: datetime | None
) -> dict[TopicPartition, int]:
    """Return the first offset from a moment on, for the partitions that have one."""
    if moment is None:
        return {}
    asked = dict.fromkeys(partitions, max(0, int(moment.timestamp() * 1000)))
    found = await consumer.offsets_for_times(asked)
    return {each: answer.offset for each, answer in found.items() if answer is not None}


async def first_record(
    consumer: AIOKafkaConsumer, partition: TopicPartition, begin: int, end: int
) -> "ConsumerRecord[bytes, bytes] | None":
    """Return the earliest record that a partition holds, or None."""
    if begin >= end:
        return None
    consumer.assign([partition])
    consumer.seek(partition, begin)
    began = time.monotonic()
    while time.monotonic() - began < SILENT_SECONDS:
        found = await consumer.getmany(partition, timeout_ms=POLL_MS, max_records=1)
        if found.get(partition):
            record: ConsumerRecord[bytes, bytes] = found[partition][0]
            return record
        if await consumer.position(partition) >= end:
            return None
    raise UnavailableError(f"Kafka sends nothing of {partition.topic}", "Try again later.")


def written_at(record: "ConsumerRecord[bytes, bytes]") -> datetime:
    """Return when a record was written."""
    return datetime.fromtimestamp(record.timestamp / 1000, UTC)
