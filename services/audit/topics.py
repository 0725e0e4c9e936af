"""Which messages the topics hold."""

from datetime import datetime

from aiokafka import ConsumerRecord

from schemas import Topics
from services.runtime.kafka.dead_letters import DeadLetters, read_topic
from services.runtime.settings import KafkaSettings


async def ids_on(settings: KafkaSettings, topic: str, since: datetime | None) -> set[str]:
    """Return the `ce_id` of every message on a topic from a moment on."""
    return {
        identifier
        async for record in read_topic(settings, topic, since)
        if (identifier := _id(record))
    }


def article_message(statements_id: str) -> str:
    """Return the id of the article's message that a message of statements answers.

    A message of statements is named `article id.revision.extractor version`.
    """
    return ".".join(statements_id.split(".")[:2])


async def dead_ids(settings: KafkaSettings) -> set[str]:
    """Return the ids of the article messages behind the dead letters."""
    letters = await DeadLetters(settings, Topics(settings.namespace).dead).list()
    found = set()
    for letter in letters:
        identifier = dict(letter.headers).get("ce_id")
        if identifier:
            found.add(article_message(identifier.decode(errors="replace")))
    return found


def _id(record: "ConsumerRecord[bytes, bytes]") -> str | None:
    for name, value in record.headers:
        if name == "ce_id" and value is not None:
            return str(value.decode(errors="replace"))
    return None
