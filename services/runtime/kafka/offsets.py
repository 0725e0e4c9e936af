"""Where consumer groups stand, and which partitions a topic has."""

import asyncio

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import (
    GroupCoordinatorNotAvailableError,
    GroupLoadInProgressError,
    KafkaError,
)

from services.runtime.errors import UnavailableError
from services.runtime.kafka.connection import client_options
from services.runtime.settings import KafkaSettings

COORDINATOR_TRIES = 20
COORDINATOR_PAUSE_SECONDS = 0.5


async def committed(settings: KafkaSettings, group: str) -> dict[TopicPartition, int]:
    """Return the offsets up to which a group is done, by partition.

    Raises:
        UnavailableError: Kafka does not answer.
    """
    client = AIOKafkaAdminClient(**client_options(settings))
    try:
        await client.start()
        return await committed_of(client, group)
    except (KafkaError, OSError) as error:
        raise no_answer(error) from error
    finally:
        await client.close()


async def committed_of(client: AIOKafkaAdminClient, group: str) -> dict[TopicPartition, int]:
    """Ask a client that is started; again while a fresh Kafka chooses who keeps the groups."""
    for _ in range(COORDINATOR_TRIES - 1):
        try:
            return await _ask(client, group)
        except (GroupLoadInProgressError, GroupCoordinatorNotAvailableError):
            await asyncio.sleep(COORDINATOR_PAUSE_SECONDS)
    return await _ask(client, group)


async def _ask(client: AIOKafkaAdminClient, group: str) -> dict[TopicPartition, int]:
    found = await client.list_consumer_group_offsets(group)
    return {partition: answer.offset for partition, answer in found.items()}


async def partitions_of(consumer: AIOKafkaConsumer, topic: str) -> list[TopicPartition]:
    """Return a topic's partitions, in order; none where there is no such topic."""
    found = consumer.partitions_for_topic(topic)
    if not found:
        await consumer._client.force_metadata_update()  # noqa: SLF001 - no public call for a topic not subscribed to
        metadata = await consumer._client.fetch_all_metadata()  # noqa: SLF001
        found = metadata.partitions_for_topic(topic)
    return [TopicPartition(topic, number) for number in sorted(found or ())]


def no_answer(error: BaseException) -> UnavailableError:
    """Return what is reported where Kafka does not answer."""
    return UnavailableError(
        f"Kafka does not answer ({str(error) or type(error).__name__})", "Try again later."
    )
