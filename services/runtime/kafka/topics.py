"""Creating the topics, on purpose and with the right number of partitions."""

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError, TopicAlreadyExistsError, for_code

from schemas.topics import Topics, TopicSpec
from services.runtime.errors import UnavailableError
from services.runtime.kafka.connection import client_options
from services.runtime.settings import KafkaSettings


async def create_topics(settings: KafkaSettings) -> tuple[str, ...]:
    """Create the topics that do not exist yet; return their names.

    Existing topics are left as they are, so that an operator's own settings stand.

    Raises:
        UnavailableError: Kafka refuses.
    """
    client = AIOKafkaAdminClient(**client_options(settings))
    await client.start()
    try:
        existing = set(await client.list_topics())
        missing = [spec for spec in Topics(settings.namespace).specs() if spec.name not in existing]
        if missing:
            answer = await client.create_topics([_new(spec, settings) for spec in missing])
            for name, code, *rest in answer.topic_errors:
                _raise_unless_there(name, code, rest[0] if rest else None)
    except KafkaError as error:
        raise UnavailableError(
            f"Kafka at {settings.bootstrap_servers} did not create the topics ({error})",
            "Give this user the right to create topics, or create those of schemas/asyncapi.yaml "
            "by hand.",
        ) from error
    finally:
        await client.close()
    return tuple(spec.name for spec in missing)


def _new(spec: TopicSpec, settings: KafkaSettings) -> NewTopic:
    return NewTopic(
        spec.name,
        num_partitions=settings.partitions,
        replication_factor=settings.replication_factor,
        topic_configs={
            "retention.ms": str(spec.retention_ms),
            "max.message.bytes": str(spec.max_message_bytes),
            "cleanup.policy": spec.cleanup_policy,
        },
    )


def _raise_unless_there(name: str, code: int, message: str | None) -> None:
    error = for_code(code)
    if code and error is not TopicAlreadyExistsError:
        raise UnavailableError(
            f"Kafka did not create topic {name} ({message or error.__name__})",
            "Check ACCESSWATCH_KAFKA__REPLICATION_FACTOR and the right to create topics.",
        )


async def missing_topics(settings: KafkaSettings) -> tuple[str, ...]:
    """Return the names of topics that do not exist."""
    client = AIOKafkaAdminClient(**client_options(settings))
    await client.start()
    try:
        existing = set(await client.list_topics())
    finally:
        await client.close()
    names = (spec.name for spec in Topics(settings.namespace).specs())
    return tuple(name for name in names if name not in existing)
