"""Dead letters: records that could not be worked on, kept with where they came from and why.

A dead letter is keyed by its id, which follows from consumer group, topic, partition and offset:
a record that is refused twice (a crash before its offset was committed) is one dead letter.
Retrying sends the original record to its topic again and leaves a tombstone, which compaction
then turns into nothing.
"""

import base64
import hashlib
import time
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
from services.runtime.kafka.offsets import partitions_of
from services.runtime.kafka.producer import Outgoing, Producer
from services.runtime.settings import KafkaSettings

KEPT_BYTES = 4 * MIB
"""Bytes of a value that are kept; more than any topic of ours takes."""
KEPT_HEADER_BYTES = 100_000
"""Bytes of a record's key, and of its headers, that are kept."""
ERROR_CHARS = 2000
SILENT_SECONDS = 30.0
"""How long reading a topic goes on without a record before Kafka is taken to be away."""

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


def dead_letter(
    refused: Refused, group: str, dead_topic: str, now: datetime, keep: int = KEPT_BYTES
) -> Outgoing:
    """Return the record that keeps a refused one.

    Args:
        refused: the record and why.
        group: the consumer group that refused it.
        dead_topic: where it is kept.
        now: the present.
        keep: bytes of the value that are kept; headers are kept up to a limit of their own.
    """
    record = refused.record
    value = record.value or b""
    headers = _kept_headers(record)
    facts = {
        "topic": record.topic,
        "partition": record.partition,
        "offset": record.offset,
        "recorded_at": record.timestamp,
        "failed_at": int(now.timestamp() * 1000),
        "group": group,
        "reason": refused.reason.value,
        "error": refused.error[:ERROR_CHARS],
        "key": _encode(record.key and record.key[:KEPT_HEADER_BYTES]),
        "headers": headers,
        "null": record.value is None,
        "truncated": len(value) > keep or len(headers) < len(record.headers),
    }
    place = dead_letter_id(group, record.topic, record.partition, record.offset)
    return Outgoing(
        topic=dead_topic,
        key=place.encode(),
        value=value[:keep],
        headers=(("dead_letter", orjson.dumps(facts)),),
    )


def _kept_headers(record: "ConsumerRecord[bytes, bytes]") -> list[list[str | None]]:
    kept: list[list[str | None]] = []
    size = 0
    for name, content in record.headers:
        size += len(name) + len(content or b"")
        if size > KEPT_HEADER_BYTES:
            break
        kept.append([name, _encode(content)])
    return kept


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
        partitions = await partitions_of(consumer, topic)
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
    for partition, start in (await _starts(consumer, ends, since)).items():
        # Not seek_to_beginning: aiokafka's own first reset, to the end, may come in after it.
        consumer.seek(partition, start)
    moved_at = time.monotonic()
    while any([await consumer.position(each) < ends[each] for each in partitions]):
        fetched = await consumer.getmany(timeout_ms=500)
        moved_at = time.monotonic() if fetched else moved_at
        if time.monotonic() - moved_at > SILENT_SECONDS:
            raise UnavailableError(
                "Kafka has stopped answering while a topic was read", "Try again later."
            )
        for partition, records in fetched.items():
            for record in records:
                if record.offset < ends[partition]:
                    yield record


async def _starts(
    consumer: AIOKafkaConsumer, ends: dict[TopicPartition, int], since: datetime | None
) -> dict[TopicPartition, int]:
    if since is None:
        return dict(await consumer.beginning_offsets(list(ends)))
    found = await consumer.offsets_for_times(dict.fromkeys(ends, int(since.timestamp() * 1000)))
    return {each: found[each].offset if found[each] else end for each, end in ends.items()}


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
                        "It is larger than its topic may hold; leave it where it is.",
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
