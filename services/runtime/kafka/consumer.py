"""A consumer that loses nothing and stops for nothing but a dead-letter topic that is away.

FastStream reads batches and commits after the handler returned. Around the service's handler
stands a guard: what cannot be read becomes a dead letter, what fails because a server is away is
tried again with growing pauses, what fails for good on its own becomes a dead letter, and only
where not even a dead letter can be written are the records handed back to be read again.
"""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from aiokafka import ConsumerRebalanceListener, ConsumerRecord, TopicPartition
from aiokafka.coordinator.assignors.sticky.sticky_assignor import StickyPartitionAssignor
from aiokafka.errors import KafkaError
from faststream import AckPolicy
from faststream.kafka import KafkaBroker
from faststream.kafka.annotations import KafkaMessage

from schemas.envelope import EventType
from schemas.message import Message
from schemas.topics import MIB
from services.runtime import metrics
from services.runtime.clock import Clock
from services.runtime.database import is_transient
from services.runtime.errors import UnavailableError
from services.runtime.kafka.connection import bootstrap_servers, faststream_security
from services.runtime.kafka.dead_letters import KEPT_BYTES, dead_letter
from services.runtime.kafka.decode import Reason, Received, Refused, decode
from services.runtime.kafka.producer import Producer
from services.runtime.kafka.rate_limit import RateLimit
from services.runtime.settings import KafkaSettings

Handler = Callable[[Sequence[Received[Any]]], Awaitable[Sequence[Refused]]]
"""Works on a batch; returns those that it refuses for good. Must be safe to call again."""

POLL_MS = 20
"""How long one look for records may take. FastStream waits the same again after an empty one, so
it bounds the latency that polling adds."""
RETRY_FIRST_SECONDS = 0.25
RETRY_MOST_SECONDS = 10.0
RETRY_FOR_SECONDS = 120.0
"""After so long without success a batch is handed back and read again, well before Kafka would
take the consumer for dead."""
HANDED_BACK_SECONDS = 1.0
REBALANCE_SECONDS = 150
"""How long a rebalance may wait for the batch in flight; more than `RETRY_FOR_SECONDS`."""
STUCK_SECONDS = 600.0
"""A batch that takes longer is stuck: retries end after two minutes, and an extractor that tries
sixteen hanging articles one by one takes less."""
MAX_POLL_SECONDS = 1800
"""Kafka's own idea of stuck, which takes the partitions away; later than ours."""
GRACEFUL_SECONDS = 4.0
"""How long a stop waits for the batch in flight."""
DEAD_LETTER_BURST = 200
DEAD_LETTERS_PER_SECOND = 5.0
"""Dead letters a partition may make at once and in the long run. A topic that is all poison is
then drained slowly enough for somebody to see it and stop it."""

log = structlog.get_logger()


@dataclass(frozen=True)
class Subscription:
    """What a consumer reads and how it is called."""

    topic: str
    dead_topic: str
    expected: EventType
    group: str
    batch: int


class Consumer:
    """Reads one topic as a member of one group."""

    def __init__(
        self,
        settings: KafkaSettings,
        subscription: Subscription,
        handler: Handler,
        producer: Producer,
        clock: Clock,
    ) -> None:
        self._settings = settings
        self._subscription = subscription
        self._handler = handler
        self._producer = producer
        self._clock = clock
        self._limit = RateLimit(DEAD_LETTER_BURST, DEAD_LETTERS_PER_SECOND)
        self._idle = asyncio.Event()
        self._idle.set()
        self._busy_since: float | None = None
        self._yielding = False
        self._assigned = False
        self._trouble: str | None = None
        self._broker = KafkaBroker(
            bootstrap_servers(settings),
            security=faststream_security(settings),
            client_id="accesswatch",
            allow_auto_create_topics=False,
            consumer_only=True,
            graceful_timeout=GRACEFUL_SECONDS,
            logger=None,
        )
        self._subscriber = self._subscribe()

    def _subscribe(self) -> Any:
        subscriber = self._broker.subscriber(
            self._subscription.topic,
            group_id=self._subscription.group,
            batch=True,
            max_records=self._subscription.batch,
            batch_timeout_ms=POLL_MS,
            auto_offset_reset="earliest",
            ack_policy=AckPolicy.NACK_ON_ERROR,
            parser=_keep_raw,
            decoder=_no_decoding,
            session_timeout_ms=int(self._settings.session_timeout * 1000),
            heartbeat_interval_ms=max(300, int(self._settings.session_timeout * 1000 / 4)),
            rebalance_timeout_ms=REBALANCE_SECONDS * 1000,
            max_poll_interval_ms=MAX_POLL_SECONDS * 1000,
            max_partition_fetch_bytes=5 * MIB,
            partition_assignment_strategy=(StickyPartitionAssignor,),
            listener=_Rebalance(self),
        )
        subscriber(self._on_batch)
        return subscriber

    async def start(self) -> None:
        """Join the group and begin to read.

        Raises:
            UnavailableError: Kafka cannot be reached.
        """
        try:
            await self._broker.start()
        except (KafkaError, OSError) as error:
            raise UnavailableError(
                f"Kafka at {self._settings.bootstrap_servers} cannot be reached ({error})",
                "Start it, or correct ACCESSWATCH_KAFKA__BOOTSTRAP_SERVERS.",
            ) from error

    async def stop(self) -> None:
        """Finish the batch in flight, commit, leave the group."""
        self._yielding = True
        await self._broker.stop()

    async def live(self) -> str | None:
        """Answer None while the consumer makes progress, else what is wrong."""
        if self._busy_since is not None and time.monotonic() - self._busy_since > STUCK_SECONDS:
            return f"a batch has been in work for more than {STUCK_SECONDS:g} s"
        tasks = self._subscriber.tasks
        if tasks and all(task.done() for task in tasks):
            return "the consumer has stopped reading"
        return None

    async def ready(self) -> str | None:
        """Answer None once partitions are assigned and batches succeed, else what is wrong."""
        if not self._assigned:
            return "no partitions assigned yet"
        return self._trouble

    async def _on_batch(self, message: KafkaMessage) -> None:
        records: tuple[ConsumerRecord[bytes, bytes], ...] = message.raw_message
        self._idle.clear()
        self._busy_since = time.monotonic()
        try:
            await self._work(records)
            self._measure(records)
            # Committed here and not by FastStream, so that a rebalance waits for it.
            await _commit(message)
        except Exception as error:
            self._trouble = str(error)
            log.exception("batch.handed_back", records=len(records))
            # FastStream reads the records again at once; without a pause that would spin.
            await asyncio.sleep(HANDED_BACK_SECONDS)
            raise
        finally:
            self._busy_since = None
            self._idle.set()

    async def _work(self, records: Sequence["ConsumerRecord[bytes, bytes]"]) -> None:
        received: list[Received[Message]] = []
        refused: list[Refused] = []
        for record in records:
            outcome = decode(record, self._subscription.expected)
            (received if isinstance(outcome, Received) else refused).append(outcome)  # type: ignore[arg-type]
        if received:
            refused.extend(await self._retried(received))
        await self._bury(refused)

    async def _retried(self, received: Sequence[Received[Message]]) -> Sequence[Refused]:
        started = time.monotonic()
        pause = RETRY_FIRST_SECONDS
        while True:
            try:
                refused = await self._handled(received)
            except Exception as error:
                if not _is_passing(error):
                    raise
                self._trouble = str(error)
                metrics.BATCH_RETRIES.labels(self._subscription.topic).inc()
                log.warning("batch.retried", records=len(received), error=str(error))
                if self._yielding or time.monotonic() - started > RETRY_FOR_SECONDS:
                    raise
                await asyncio.sleep(pause * random.uniform(0.5, 1.0))  # noqa: S311 - jitter
                pause = min(pause * 2, RETRY_MOST_SECONDS)
            else:
                self._trouble = None
                return refused

    async def _handled(self, received: Sequence[Received[Message]]) -> Sequence[Refused]:
        """Call the handler; where it fails for good on a batch, on each message alone."""
        try:
            return await self._handler(received)
        except Exception as error:
            if _is_passing(error):
                raise
            log.exception("batch.failed", records=len(received))
            if len(received) == 1:
                reason = f"{type(error).__name__}: {error}"
                return [Refused(received[0].record, Reason.FAILED, reason)]
        return [refused for one in received for refused in await self._handled([one])]

    async def _bury(self, refused: Sequence[Refused]) -> None:
        """Write dead letters one by one, each as soon as its partition may make another."""
        for each in refused:
            record = each.record
            await self._limit.wait((record.topic, record.partition), self._report_limit)
            await self._write_dead_letter(each)
            metrics.DEAD_LETTERS.labels(record.topic, each.reason.value).inc()
            log.warning(
                "record.dead_lettered",
                topic=record.topic,
                partition=record.partition,
                offset=record.offset,
                reason=each.reason.value,
                error=each.error,
            )
            self._busy_since = time.monotonic()

    async def _write_dead_letter(self, refused: Refused) -> None:
        """Write a dead letter; where the topic does not take all of it, without the value.

        Raises:
            UnavailableError: not even that could be written.
        """
        group, topic = self._subscription.group, self._subscription.dead_topic
        for keep in (KEPT_BYTES, 0):
            letter = dead_letter(refused, group, topic, self._clock.now(), keep)
            (refusal,) = await self._producer.send_all([letter])
            if refusal is None:
                return
        raise UnavailableError(
            f"topic {topic} takes no dead letter ({refusal})", "Raise its max.message.bytes."
        )

    def _report_limit(self, seconds: float) -> None:
        log.error(
            "dead_letters.limited",
            topic=self._subscription.topic,
            seconds=round(seconds, 1),
            remedy="most of this partition is poison: see 'accesswatch dead-letters list'",
        )

    def _measure(self, records: Sequence["ConsumerRecord[bytes, bytes]"]) -> None:
        topic = self._subscription.topic
        metrics.CONSUMED.labels(topic).inc(len(records))
        if self._busy_since is not None:
            metrics.BATCH_SECONDS.labels(topic).observe(time.monotonic() - self._busy_since)
        consumer = self._subscriber.consumer
        newest = {TopicPartition(each.topic, each.partition): each.offset for each in records}
        waiting = 0
        for partition in consumer.assignment() if consumer else ():
            if partition in newest:
                waiting += max(0, (consumer.highwater(partition) or 0) - newest[partition] - 1)
        metrics.CONSUMER_LAG.labels(topic).set(waiting)


class _Rebalance(ConsumerRebalanceListener):  # type: ignore[misc] # aiokafka has no types
    """Lets a rebalance wait for the batch in flight, so that no other member works on it too."""

    def __init__(self, consumer: Consumer) -> None:
        self._consumer = consumer

    async def on_partitions_revoked(self, revoked: set[TopicPartition]) -> None:
        self._consumer._assigned = False  # noqa: SLF001 - a part of the consumer
        self._consumer._yielding = True  # noqa: SLF001
        try:
            async with asyncio.timeout(REBALANCE_SECONDS - 10):
                await self._consumer._idle.wait()  # noqa: SLF001
        except TimeoutError:
            log.warning("rebalance.did_not_wait", partitions=len(revoked))
        finally:
            self._consumer._yielding = False  # noqa: SLF001

    async def on_partitions_assigned(self, assigned: set[TopicPartition]) -> None:
        # A member without partitions is a spare, not a broken one.
        self._consumer._assigned = True  # noqa: SLF001
        log.info(
            "consumer.assigned",
            topic=self._consumer._subscription.topic,  # noqa: SLF001
            partitions=sorted(each.partition for each in assigned),
        )


async def _keep_raw(
    message: tuple["ConsumerRecord[bytes, bytes]", ...], original: Callable[..., Awaitable[Any]]
) -> Any:
    """Hide the headers from FastStream's parser, which fails on null and non-UTF-8 values."""
    parsed = await original(tuple(_without_headers(record) for record in message))
    parsed.raw_message = message
    return parsed


def _without_headers(record: "ConsumerRecord[bytes, bytes]") -> "ConsumerRecord[bytes, bytes]":
    bare = object.__new__(ConsumerRecord)
    bare.__dict__.update(record.__dict__)
    bare.__dict__["headers"] = ()
    return bare


async def _no_decoding(message: Any) -> Any:
    return message.raw_message


async def _commit(message: KafkaMessage) -> None:
    try:
        await message.ack()
    except KafkaError as error:
        # Offsets stay where they are: the records come again and change nothing.
        log.warning("commit.failed", error=str(error) or type(error).__name__)


def _is_passing(error: BaseException) -> bool:
    return isinstance(error, UnavailableError | KafkaError) or is_transient(error)
