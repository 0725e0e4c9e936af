"""Which messages the topics hold."""

from dataclasses import dataclass, field
from datetime import datetime

from aiokafka import ConsumerRecord, TopicPartition

from schemas import Topics
from schemas.envelope import article_message_id
from services.runtime.kafka.dead_letters import read_dead_letter, read_topic
from services.runtime.kafka.offsets import committed
from services.runtime.settings import KafkaSettings


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
    done = await committed(settings, group)
    held = Held()
    async for record in read_topic(settings, topic, since):
        identifier = _id(record)
        if identifier:
            held.all.add(identifier)
            if record.offset >= done.get(TopicPartition(topic, record.partition), 0):
                held.waiting.add(identifier)
    return held


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
    return article_message_id(identifier.decode(errors="replace")) if identifier else None


def _id(record: "ConsumerRecord[bytes, bytes]") -> str | None:
    for name, value in record.headers:
        if name == "ce_id" and value is not None:
            return str(value.decode(errors="replace"))
    return None
