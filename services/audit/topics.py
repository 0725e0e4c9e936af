"""Which messages the topics hold."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from aiokafka import ConsumerRecord
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import GroupCoordinatorNotAvailableError, GroupLoadInProgressError

from schemas import Topics
from services.runtime.kafka.connection import client_options
from services.runtime.kafka.dead_letters import read_dead_letter, read_topic
from services.runtime.settings import KafkaSettings

COORDINATOR_TRIES = 20
COORDINATOR_PAUSE_SECONDS = 0.5
T = TypeVar("T")


@dataclass
class Held:
    """The messages of a topic, by their `ce_id`."""

    all: set[str] = field(default_factory=set)
    waiting: set[str] = field(default_factory=set)
    """Those that the consumer group has not worked on yet."""


async def messages_on(
    settings: KafkaSettings, topic: str, group: str, since: datetime | None
) -> Held:
    """Return the messages on a topic from a moment on."""
    committed = await _committed(settings, group)
    held = Held()
    async for record in read_topic(settings, topic, since):
        identifier = _id(record)
        if identifier:
            held.all.add(identifier)
            if record.offset >= committed.get((topic, record.partition), 0):
                held.waiting.add(identifier)
    return held


async def _committed(settings: KafkaSettings, group: str) -> dict[tuple[str, int], int]:
    client = AIOKafkaAdminClient(**client_options(settings))
    try:
        await client.start()
        offsets = await _retried(lambda: client.list_consumer_group_offsets(group))
    finally:
        await client.close()
    return {(each.topic, each.partition): found.offset for each, found in offsets.items()}


async def _retried(ask: Callable[[], Awaitable[T]]) -> T:
    """Ask again while Kafka is still choosing who keeps the groups, as a fresh one does."""
    for _ in range(COORDINATOR_TRIES - 1):
        try:
            return await ask()
        except (GroupLoadInProgressError, GroupCoordinatorNotAvailableError):
            await asyncio.sleep(COORDINATOR_PAUSE_SECONDS)
    return await ask()


def article_message(statements_id: str) -> str:
    """Return the id of the article's message that a message of statements answers.

    A message of statements is named `article id.revision.extractor version`.
    """
    return ".".join(statements_id.split(".")[:2])


async def dead_ids(settings: KafkaSettings) -> set[str]:
    """Return the ids of the article messages behind the dead letters that nobody retried."""
    found: dict[bytes, str | None] = {}
    for topic in Topics(settings.namespace).dead:
        async for record in read_topic(settings, topic):
            if record.key is not None:
                found[record.key] = _dead_id(record)
    return {identifier for identifier in found.values() if identifier}


def _dead_id(record: "ConsumerRecord[bytes, bytes]") -> str | None:
    if record.value is None:
        return None
    try:
        headers = dict(read_dead_letter(record).headers)
    except (ValueError, KeyError, TypeError):
        return None
    identifier = headers.get("ce_id")
    return article_message(identifier.decode(errors="replace")) if identifier else None


def _id(record: "ConsumerRecord[bytes, bytes]") -> str | None:
    for name, value in record.headers:
        if name == "ce_id" and value is not None:
            return str(value.decode(errors="replace"))
    return None
