"""Sending records: idempotent, acknowledged by all replicas, in order."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import structlog
from aiokafka import AIOKafkaProducer
from aiokafka.errors import (
    KafkaError,
    MessageSizeTooLargeError,
    OutOfOrderSequenceNumber,
    ProducerFenced,
    UnknownProducerId,
)

from schemas.topics import MIB, Topics
from services.runtime.errors import UnavailableError
from services.runtime.kafka.connection import client_options
from services.runtime.settings import KafkaSettings

BROKEN = (
    MessageSizeTooLargeError,
    OutOfOrderSequenceNumber,
    ProducerFenced,
    UnknownProducerId,
)
"""Errors after which an idempotent producer never sends again: a new one is needed."""
RECORD_OVERHEAD = 512
"""Bytes that a record batch adds to key, value and headers, generously."""
REQUEST_BYTES = 6 * MIB
BATCH_BYTES = 256 * 1024
"""Bytes of records that go out together; a larger record goes alone."""

log = structlog.get_logger()


@dataclass(frozen=True)
class Outgoing:
    """A record to be sent."""

    topic: str
    key: bytes
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...] = ()

    @property
    def size(self) -> int:
        """Bytes on the wire, at most."""
        headers = sum(len(name) + len(value) for name, value in self.headers)
        return len(self.key) + len(self.value or b"") + headers + RECORD_OVERHEAD


class Producer:
    """Sends records and waits until the brokers have them."""

    def __init__(self, settings: KafkaSettings) -> None:
        self._settings = settings
        self._limits = {
            spec.name: spec.max_message_bytes for spec in Topics(settings.namespace).specs()
        }
        self._producer: AIOKafkaProducer | None = None
        self._starting = asyncio.Lock()

    async def __aenter__(self) -> Self:
        await self._started()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._stop()

    async def send_all(self, records: Sequence[Outgoing]) -> list[str | None]:
        """Send records in order and wait for every acknowledgement.

        Returns:
            For each record None, or why it can never be sent.

        Raises:
            UnavailableError: at least one was not acknowledged; send them all again later.
        """
        try:
            producer = await self._started()
            waiting = [await self._send(producer, record) for record in records]
            answers = await asyncio.gather(
                *(each for each in waiting if not isinstance(each, str)), return_exceptions=True
            )
        except (KafkaError, OSError) as error:
            raise await self._unavailable(error) from error
        self._learn_limits(records, waiting)
        for answer in answers:
            if isinstance(answer, BaseException):
                raise await self._unavailable(answer) from answer
        return [each if isinstance(each, str) else None for each in waiting]

    def _learn_limits(
        self, records: Sequence[Outgoing], waiting: "Sequence[asyncio.Future[object] | str]"
    ) -> None:
        """Remember what the brokers found too large: the topic takes less than ours would."""
        for record, answer in zip(records, waiting, strict=True):
            if isinstance(answer, str) or answer.cancelled():
                continue
            # A smaller record shares its batch with others, and one cannot tell which it was.
            alone = record.size > BATCH_BYTES
            if alone and isinstance(answer.exception(), MessageSizeTooLargeError):
                self._limits[record.topic] = min(self._limits[record.topic], record.size - 1)

    async def _send(
        self, producer: AIOKafkaProducer, record: Outgoing
    ) -> "asyncio.Future[object] | str":
        limit = self._limits.setdefault(record.topic, MIB)
        if record.size > limit:
            # Asking the broker would break the idempotent producer's sequence.
            return f"{record.size} bytes are more than the {limit} that {record.topic} takes"
        try:
            future: asyncio.Future[object] = await producer.send(
                record.topic, record.value, key=record.key, headers=list(record.headers)
            )
        except MessageSizeTooLargeError as error:
            return str(error)
        return future

    async def _started(self) -> AIOKafkaProducer:
        async with self._starting:
            if self._producer is None:
                producer = AIOKafkaProducer(
                    **client_options(self._settings),
                    enable_idempotence=True,
                    acks="all",
                    linger_ms=0,
                    compression_type="lz4",
                    max_batch_size=BATCH_BYTES,
                    max_request_size=REQUEST_BYTES,
                    request_timeout_ms=20_000,
                )
                try:
                    await producer.start()
                except BaseException:
                    await producer.stop()
                    raise
                self._producer = producer
            return self._producer

    async def _unavailable(self, error: BaseException) -> UnavailableError:
        if isinstance(error, BROKEN):
            log.warning("producer.recreated", reason=type(error).__name__)
            await self._stop()
        return UnavailableError(
            f"Kafka did not acknowledge ({str(error) or type(error).__name__})",
            "It is tried again until Kafka answers.",
        )

    async def _stop(self) -> None:
        producer, self._producer = self._producer, None
        if producer is not None:
            await producer.stop()
