"""Dead letters: records that could not be worked on, kept with where they came from and why.

A dead letter is keyed by its id, which follows from consumer group, topic, partition and offset:
a record that is refused twice (a crash before its offset was committed) is one dead letter.
Retrying sends the original record to its topic again and leaves a tombstone, which compaction
then turns into nothing.
"""

import base64
import hashlib
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

import orjson
import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition

from schemas.topics import MIB
from services.runtime.errors import NotFoundError, UnavailableError
from services.runtime.kafka.connection import client_options
from services.runtime.kafka.decode import Refused
from services.runtime.kafka.producer import Outgoing, Producer
from services.runtime.settings import KafkaSettings

KEPT_BYTES = 4 * MIB
"""Bytes of a value that are kept; more than any topic of ours takes."""
ERROR_CHARS = 2000

log = structlog.get_logger()


@dataclass(frozen=True)
class DeadLetter:
    """A record that could not be worked on."""

    id: str
    topic: str
    """Where the record was."""
    partition: int
    offset: int
    recorded_at: datetime
    """The record's timestamp."""
    failed_at: datetime
    group: str
    """The consumer group that refused it."""
    reason: str
    error: str
    key: bytes | None
    headers: tuple[tuple[str, bytes | None], ...]
    """As the record had them."""
    value: bytes | None
    truncated: bool


def dead_letter_id(group: str, topic: str, partition: int, offset: int) -> str:
    """Return the id of the dead letter that a record becomes: 16 hex digits."""
    place = f"{group}\0{topic}\0{partition}\0{offset}"
    return hashlib.sha256(place.encode()).hexdigest()[:16]


def dead_letter(refused: Refused, group: str, dead_topic: str, now: datetime) -> Outgoing:
    """Return the record that keeps a refused one."""
    record = refused.record
    value = record.value or b""
    facts = {
        "topic": record.topic,
        "partition": record.partition,
        "offset": record.offset,
        "recorded_at": record.timestamp,
        "failed_at": int(now.timestamp() * 1000),
        "group": group,
        "reason": refused.reason.value,
        "error": refused.error[:ERROR_CHARS],
        "key": _encode(record.key),
        "headers": [[name, _encode(content)] for name, content in record.headers],
        "null": record.value is None,
        "truncated": len(value) > KEPT_BYTES,
    }
    place = dead_letter_id(group, record.topic, record.partition, record.offset)
    return Outgoing(
        topic=dead_topic,
        key=place.encode(),
        value=value[:KEPT_BYTES],
        headers=(("dead_letter", orjson.dumps(facts)),),
    )


def _encode(value: bytes | None) -> str | None:
    return None if value is None else base64.b64encode(value).decode()


def _decode(value: str | None) -> bytes | None:
    return None if value is None else base64.b64decode(value)


def read_dead_letter(record: "ConsumerRecord[bytes, bytes]") -> DeadLetter:
    """Read what `dead_letter` wrote.

    Raises:
        ValueError: the record is none.
    """
    named = dict(record.headers)
    if "dead_letter" not in named or record.key is None:
        raise ValueError("not a dead letter of accesswatch")
    facts = orjson.loads(named["dead_letter"])
    return DeadLetter(
        id=record.key.decode(),
        topic=facts["topic"],
        partition=facts["partition"],
        offset=facts["offset"],
        recorded_at=datetime.fromtimestamp(facts["recorded_at"] / 1000, UTC),
        failed_at=datetime.fromtimestamp(facts["failed_at"] / 1000, UTC),
        group=facts["group"],
        reason=facts["reason"],
        error=facts["error"],
        key=_decode(facts["key"]),
        headers=tuple((name, _decode(value)) for name, value in facts["headers"]),
        value=None if facts["null"] else record.value,
        truncated=facts["truncated"],
    )


async def read_topic(
    settings: KafkaSettings, topic: str, since: datetime | None = None
) -> AsyncIterator["ConsumerRecord[bytes, bytes]"]:
    """Yield every record of a topic up to its present end, partition by partition.

    Args:
        settings: where Kafka is.
        topic: the topic; one that does not exist yields nothing.
        since: leave out records with an earlier timestamp.
    """
    consumer = AIOKafkaConsumer(
        **client_options(settings), enable_auto_commit=False, max_partition_fetch_bytes=8 * MIB
    )
    try:
        await consumer.start()
        partitions = [
            TopicPartition(topic, number) for number in consumer.partitions_for_topic(topic) or ()
        ]
        if not partitions:
            await consumer._client.force_metadata_update()  # noqa: SLF001 - no public call for a topic not subscribed to
            found = await consumer._client.fetch_all_metadata()  # noqa: SLF001
            partitions = [
                TopicPartition(topic, number) for number in found.partitions_for_topic(topic) or ()
            ]
        if not partitions:
            return
        consumer.assign(partitions)
        async for record in _until_end(consumer, partitions, since):
            yield record
    finally:
        await consumer.stop()


async def _until_end(
    consumer: AIOKafkaConsumer, partitions: list[TopicPartition], since: datetime | None
) -> AsyncIterator["ConsumerRecord[bytes, bytes]"]:
    ends = await consumer.end_offsets(partitions)
    starts = await consumer.beginning_offsets(partitions)
    if since is not None:
        found = await consumer.offsets_for_times(
            dict.fromkeys(partitions, int(since.timestamp() * 1000))
        )
        starts = {each: found[each].offset if found[each] else ends[each] for each in partitions}
    for partition, start in starts.items():
        # Not seek_to_beginning: aiokafka's own first reset, to the end, may come in after it.
        consumer.seek(partition, start)
    remaining = set(partitions)
    while remaining:
        for partition in tuple(remaining):
            if await consumer.position(partition) >= ends[partition]:
                remaining.discard(partition)
                consumer.pause(partition)
        if remaining:
            for partition, records in (await consumer.getmany(timeout_ms=500)).items():
                for record in records:
                    if record.offset < ends[partition]:
                        yield record


def _read_ours(record: "ConsumerRecord[bytes, bytes]") -> DeadLetter | None:
    """Read a dead letter; a tombstone is None, and so is what others wrote to the topic."""
    if record.value is None:
        return None
    try:
        return read_dead_letter(record)
    except (ValueError, KeyError, TypeError) as error:
        log.warning(
            "dead_letter.unreadable",
            topic=record.topic,
            partition=record.partition,
            offset=record.offset,
            error=str(error),
        )
        return None


class DeadLetters:
    """Lists and retries dead letters."""

    def __init__(self, settings: KafkaSettings, topics: Iterable[str]) -> None:
        self._settings = settings
        self._topics = tuple(topics)

    async def list(self) -> list[DeadLetter]:
        """Return the dead letters that nobody retried, oldest first."""
        letters: dict[tuple[str, bytes], DeadLetter | None] = {}
        for topic in self._topics:
            async for record in read_topic(self._settings, topic):
                if record.key is not None:
                    letters[topic, record.key] = _read_ours(record)
        return sorted(
            (letter for letter in letters.values() if letter), key=lambda each: each.failed_at
        )

    async def get(self, identifier: str) -> DeadLetter:
        """Return one dead letter by its id, or by a beginning of it that no other has.

        Raises:
            NotFoundError: there is none, or more than one.
        """
        found = [each for each in await self.list() if each.id.startswith(identifier)]
        if len(found) != 1:
            raise NotFoundError(
                f"{'no dead letter has' if not found else f'{len(found)} dead letters have'} an id "
                f"that starts with '{identifier}'",
                "'accesswatch dead-letters list' shows them all.",
            )
        return found[0]

    async def retry(self, letters: Iterable[DeadLetter]) -> int:
        """Send the original records again and drop the dead letters; return how many.

        Headers that Kafka carried but no reader can take (null, not UTF-8) are left out.

        Raises:
            UnavailableError: Kafka did not take one; the rest are still there.
        """
        sent = 0
        async with Producer(self._settings) as producer:
            for letter in letters:
                refusals = await producer.send_all([_original(letter), self._tombstone(letter)])
                if refusals[0]:
                    raise UnavailableError(
                        f"dead letter {letter.id} cannot be sent again ({refusals[0]})",
                        "Raise the topic's max.message.bytes, or leave it.",
                    )
                sent += 1
        return sent

    def _tombstone(self, letter: DeadLetter) -> Outgoing:
        return Outgoing(f"{letter.topic}.dlq", letter.id.encode(), None)


def _original(letter: DeadLetter) -> Outgoing:
    headers = tuple(
        (name, value) for name, value in letter.headers if value is not None and _is_text(value)
    )
    return Outgoing(letter.topic, letter.key or b"", letter.value, headers)


def _is_text(value: bytes) -> bool:
    try:
        value.decode()
    except UnicodeDecodeError:
        return False
    return True
