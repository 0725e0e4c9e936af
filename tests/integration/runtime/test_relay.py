"""The outbox relay between a real PostgreSQL and a real Kafka."""

import asyncio

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from schemas import Article, Topics
from services.poller.adapters.tables import outbox
from services.runtime.kafka.dead_letters import read_topic
from services.runtime.kafka.producer import Producer
from services.runtime.outbox import OutboxMessage, enqueue
from services.runtime.relay import Relay
from services.runtime.settings import KafkaSettings
from tests.integration.runtime.test_consumer import until
from tests.support.builders import article, article_headers


def messages(kafka: KafkaSettings, *bodies: Article) -> list[OutboxMessage]:
    topic = Topics(kafka.namespace).articles
    return [OutboxMessage(topic, body.id, article_headers(body), body) for body in bodies]


async def titles_on(kafka: KafkaSettings) -> list[str]:
    topic = Topics(kafka.namespace).articles
    return [
        Article.model_validate_json(record.value or b"").title
        async for record in read_topic(kafka, topic)
    ]


async def waiting(engine: AsyncEngine) -> int:
    async with engine.connect() as connection:
        return int(await connection.scalar(select(func.count()).select_from(outbox)) or 0)


async def put(engine: AsyncEngine, rows: list[OutboxMessage]) -> None:
    async with engine.begin() as connection:
        await enqueue(connection, outbox, rows)


async def test_rows_reach_the_topic_in_order_and_leave_the_table(
    engine: AsyncEngine, kafka: KafkaSettings
) -> None:
    bodies = [article("same", title=f"revision {n}") for n in range(1200)]
    await put(engine, messages(kafka, *bodies))
    async with Producer(kafka) as producer:
        relay = Relay(engine, outbox, producer)
        assert [await relay.send_batch() for _ in range(4)] == [500, 500, 200, 0]
    assert await titles_on(kafka) == [body.title for body in bodies]
    assert await waiting(engine) == 0


async def test_a_row_that_was_rolled_back_is_never_sent(
    engine: AsyncEngine, kafka: KafkaSettings
) -> None:
    async with engine.connect() as connection:
        await enqueue(connection, outbox, messages(kafka, article("x")))
        await connection.rollback()
    async with Producer(kafka) as producer:
        assert await Relay(engine, outbox, producer).send_batch() == 0


async def test_a_row_that_kafka_never_takes_stays_with_the_reason_and_stops_nothing(
    engine: AsyncEngine, kafka: KafkaSettings
) -> None:
    bodies = [article("a"), article("huge", text="x" * 3_000_000), article("b")]
    await put(engine, messages(kafka, *bodies))
    async with Producer(kafka) as producer:
        relay = Relay(engine, outbox, producer)
        assert await relay.send_batch() == 3
        assert await relay.send_batch() == 0
    assert sorted(await titles_on(kafka)) == ["Article a", "Article b"]
    async with engine.connect() as connection:
        row = (await connection.execute(select(outbox))).one()
    assert "bytes" in row.refusal


async def test_two_relays_send_each_row_once(engine: AsyncEngine, kafka: KafkaSettings) -> None:
    await put(engine, messages(kafka, *(article("same", title=str(n)) for n in range(1500))))
    stop = asyncio.Event()
    async with Producer(kafka) as one, Producer(kafka) as two:
        relays = [Relay(engine, outbox, producer).run(stop) for producer in (one, two)]
        running = [asyncio.ensure_future(relay) for relay in relays]
        await until(lambda: _is_empty(engine))
        stop.set()
        await asyncio.gather(*running)
    assert await titles_on(kafka) == [str(n) for n in range(1500)]


async def _is_empty(engine: AsyncEngine) -> bool:
    return await waiting(engine) == 0


async def test_a_new_row_wakes_the_relay(engine: AsyncEngine, kafka: KafkaSettings) -> None:
    stop = asyncio.Event()
    async with Producer(kafka) as producer:
        running = asyncio.ensure_future(Relay(engine, outbox, producer).run(stop))
        for number in range(3):
            await put(engine, messages(kafka, article("x", title=str(number))))
            await until(lambda: _is_empty(engine), seconds=10)
        stop.set()
        await running
    assert await titles_on(kafka) == ["0", "1", "2"]
