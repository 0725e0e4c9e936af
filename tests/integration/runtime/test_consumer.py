"""The consumer and its guard on a real Kafka."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition

from schemas import Article, EventType, Topics
from services.runtime.clock import SystemClock
from services.runtime.errors import UnavailableError
from services.runtime.kafka.consumer import Consumer, Handler, Subscription
from services.runtime.kafka.dead_letters import DeadLetters
from services.runtime.kafka.decode import Reason, Received, Refused
from services.runtime.kafka.producer import Outgoing, Producer
from services.runtime.settings import KafkaSettings
from tests.support.builders import article, article_headers

GROUP = "test"


def outgoing(topics: Topics, body: Article, **changes: Any) -> Outgoing:
    """Return the record of an article."""
    headers = dict(article_headers(body).encode()) | changes
    value = body.model_dump_json().encode()
    return Outgoing(topics.articles, body.id.encode(), value, tuple(headers.items()))


@asynccontextmanager
async def consuming(kafka: KafkaSettings, handler: Handler, batch: int = 50) -> AsyncIterator[None]:
    """Run a consumer of articles for as long as the block lasts."""
    topics = Topics(kafka.namespace)
    subscription = Subscription(
        topics.articles,
        topics.articles_dead,
        EventType.ARTICLE,
        f"{kafka.namespace}.{GROUP}",
        batch,
    )
    async with Producer(kafka) as producer:
        consumer = Consumer(kafka, subscription, handler, producer, SystemClock())
        await consumer.start()
        try:
            yield
        finally:
            await consumer.stop()


async def until(condition: Callable[[], Awaitable[bool]], seconds: float = 30) -> None:
    """Wait until a condition holds."""
    async with asyncio.timeout(seconds):
        while not await condition():  # noqa: ASYNC110 - Kafka sets no event of ours
            await asyncio.sleep(0.05)


async def committed(kafka: KafkaSettings) -> int:
    """Return how many records the group has committed."""
    topics = Topics(kafka.namespace)
    consumer = AIOKafkaConsumer(
        bootstrap_servers=kafka.bootstrap_servers,
        group_id=f"{kafka.namespace}.{GROUP}",
        enable_auto_commit=False,
    )
    await consumer.start()
    try:
        partitions = [TopicPartition(topics.articles, n) for n in range(kafka.partitions)]
        offsets = [await consumer.committed(partition) for partition in partitions]
        return sum(offset or 0 for offset in offsets)
    finally:
        await consumer.stop()


class Collecting:
    """A handler that remembers, and fails as it is told."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.failures: list[Exception] = []
        self.poison: set[str] = set()

    async def __call__(self, batch: Sequence[Received[Any]]) -> Sequence[Refused]:
        if self.failures:
            raise self.failures.pop(0)
        titles = [each.body.title for each in batch]
        if self.poison & set(titles):
            raise KeyError("a defect")
        self.seen += titles
        return []


async def send(kafka: KafkaSettings, *records: Outgoing) -> None:
    async with Producer(kafka) as producer:
        assert await producer.send_all(records) == [None] * len(records)


async def test_articles_reach_the_handler_in_order_per_key_and_are_committed(
    kafka: KafkaSettings,
) -> None:
    topics, handler = Topics(kafka.namespace), Collecting()
    bodies = [article("same", title=f"revision {n}", revision_number=n + 1) for n in range(20)]
    await send(kafka, *(outgoing(topics, body) for body in bodies))
    async with consuming(kafka, handler):
        await until(lambda: _seen(handler, 20))
    assert handler.seen == [body.title for body in bodies]
    assert await committed(kafka) == 20


async def _seen(handler: Collecting, count: int) -> bool:
    return len(handler.seen) >= count


async def test_poison_becomes_dead_letters_and_the_rest_is_worked_on(kafka: KafkaSettings) -> None:
    topics, handler = Topics(kafka.namespace), Collecting()
    good = [article(f"good {n}", title=f"good {n}") for n in range(10)]
    bad = article("bad")
    key = bad.id.encode()
    await send(
        kafka,
        *(outgoing(topics, body) for body in good[:5]),
        outgoing(topics, bad, trace=b"\xff\xfe"),
        Outgoing(topics.articles, key, b"{", tuple(article_headers(bad).encode())),
        outgoing(topics, bad, ce_type=b"accesswatch.article.v9"),
        Outgoing(topics.articles, key, None, tuple(article_headers(bad).encode())),
        Outgoing(topics.articles, key, b" " * 1_500_000, tuple(article_headers(bad).encode())),
        *(outgoing(topics, body) for body in good[5:]),
    )
    async with consuming(kafka, handler):
        await until(lambda: _committed_is(kafka, 15))
    letters = await DeadLetters(kafka, topics.dead).list()
    assert sorted(handler.seen) == sorted(body.title for body in good)
    assert sorted(each.reason for each in letters) == sorted(
        [Reason.HEADER, Reason.NOT_JSON, Reason.UNKNOWN_VERSION, Reason.NOT_JSON, Reason.TOO_LARGE]
    )
    assert all(each.topic == topics.articles and each.key == key for each in letters)


async def _committed_is(kafka: KafkaSettings, count: int) -> bool:
    return await committed(kafka) == count


async def test_a_retried_dead_letter_is_worked_on_and_gone(kafka: KafkaSettings) -> None:
    topics, handler = Topics(kafka.namespace), Collecting()
    await send(kafka, outgoing(topics, article("x", title="x"), trace=b"\xff"))
    letters = DeadLetters(kafka, topics.dead)
    async with consuming(kafka, handler):
        await until(lambda: _committed_is(kafka, 1))
        found = await letters.list()
        assert handler.seen == []
        assert await letters.retry([await letters.get(found[0].id[:6])]) == 1
        await until(lambda: _seen(handler, 1))
    assert await letters.list() == []


@pytest.mark.parametrize("error", [UnavailableError("away", "wait"), ConnectionError("reset")])
async def test_a_server_that_is_away_is_waited_for(kafka: KafkaSettings, error: Exception) -> None:
    topics, handler = Topics(kafka.namespace), Collecting()
    handler.failures = [error, error]
    await send(kafka, outgoing(topics, article("x", title="x")))
    async with consuming(kafka, handler):
        await until(lambda: _seen(handler, 1))
    assert handler.seen == ["x"]
    assert await DeadLetters(kafka, topics.dead).list() == []


async def test_a_message_that_breaks_the_handler_is_the_only_one_lost_to_it(
    kafka: KafkaSettings,
) -> None:
    topics, handler = Topics(kafka.namespace), Collecting()
    handler.poison = {"3"}
    await send(kafka, *(outgoing(topics, article(str(n), title=str(n))) for n in range(8)))
    async with consuming(kafka, handler):
        await until(lambda: _committed_is(kafka, 8))
    letters = await DeadLetters(kafka, topics.dead).list()
    assert sorted(handler.seen) == [str(n) for n in range(8) if n != 3]
    assert [each.reason for each in letters] == [Reason.FAILED]
    assert "KeyError" in letters[0].error


async def test_a_rebalance_waits_for_the_batch_in_flight(kafka: KafkaSettings) -> None:
    topics = Topics(kafka.namespace)
    working: set[str] = set()
    twice: list[str] = []
    done: list[str] = []

    async def slow(batch: Sequence[Received[Any]]) -> Sequence[Refused]:
        titles = {each.body.title for each in batch}
        twice.extend(working & titles)
        working.update(titles)
        await asyncio.sleep(1.5)
        working.difference_update(titles)
        done.extend(titles)
        return []

    await send(kafka, *(outgoing(topics, article(str(n), title=str(n))) for n in range(12)))
    async with consuming(kafka, slow, batch=4), consuming(kafka, slow, batch=4):
        await until(lambda: _committed_is(kafka, 12))
    assert twice == []
    assert sorted(done) == sorted(set(done))
