"""What the live path still has before it."""

import contextlib
from collections.abc import AsyncIterator, Mapping

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from schemas import Topics
from services.replay.adapters.topic import consumer_of
from services.runtime.errors import UnavailableError
from services.runtime.kafka.connection import client_options
from services.runtime.kafka.offsets import committed_of, no_answer, partitions_of
from services.runtime.settings import KafkaSettings


def groups(settings: KafkaSettings) -> dict[str, str]:
    """Return the live consumers' groups by the topic that they read."""
    topics = Topics(settings.namespace)
    return {
        topics.articles: f"{settings.namespace}.extractor",
        topics.statements: f"{settings.namespace}.alerting",
    }


@contextlib.asynccontextmanager
async def open_lag(settings: KafkaSettings) -> AsyncIterator["KafkaLag"]:
    """Give what tells how far behind the live path is, with connections of its own.

    Raises:
        UnavailableError: Kafka cannot be reached.
    """
    client = AIOKafkaAdminClient(**client_options(settings))
    try:
        async with consumer_of(settings) as consumer:
            await client.start()
            yield KafkaLag(settings, client, consumer)
    finally:
        await client.close()


class KafkaLag:
    """Asks Kafka how many messages wait for the live consumers.

    Args:
        settings: which topics and groups are ours.
        client: started.
        consumer: started.
    """

    def __init__(
        self, settings: KafkaSettings, client: AIOKafkaAdminClient, consumer: AIOKafkaConsumer
    ) -> None:
        self._groups = groups(settings)
        self._seen: set[str] = set()
        self._client = client
        self._consumer = consumer

    async def waiting(self) -> int:
        """Return how many messages wait, of articles and statements together.

        Raises:
            UnavailableError: Kafka does not answer.
        """
        try:
            return sum([await self._behind(*each) for each in self._groups.items()])
        except (KafkaError, OSError) as error:
            raise no_answer(error) from error

    async def _behind(self, topic: str, group: str) -> int:
        partitions = await existing(self._consumer, topic)
        done = await committed_of(self._client, group)
        if not done and group in self._seen:
            # A broker that has just started says so while it is still loading the offsets.
            raise UnavailableError(f"Kafka does not know group {group}", "Try again later.")
        self._seen |= {group} if done else set()
        begins = await self._consumer.beginning_offsets(partitions)
        return behind(begins, await self._consumer.end_offsets(partitions), done)


def behind(
    begins: Mapping[TopicPartition, int],
    ends: Mapping[TopicPartition, int],
    done: Mapping[TopicPartition, int],
) -> int:
    """Return how many records lie between what is done and the end.

    Where a group has committed nothing in any partition, nobody runs and nothing is behind.
    """
    if not any(each in done for each in ends):
        return 0
    return sum(end - max(begins[each], done.get(each, 0)) for each, end in ends.items())


async def existing(consumer: AIOKafkaConsumer, topic: str) -> list[TopicPartition]:
    """Return a topic's partitions.

    Raises:
        UnavailableError: there is no such topic.
    """
    found = await partitions_of(consumer, topic)
    if not found:
        raise UnavailableError(
            f"Kafka has no topic {topic}",
            "Run 'accesswatch migrate', which creates the topics, or check "
            "ACCESSWATCH_KAFKA__NAMESPACE.",
        )
    return found
