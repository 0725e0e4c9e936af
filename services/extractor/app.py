"""Composition root of the extractor."""

import asyncio

from schemas import EventType, Topics
from services.extractor.adapters.worker_pool import WorkerPool
from services.extractor.data_files import use_gazetteer
from services.extractor.domain.gazetteer import load_gazetteer
from services.extractor.service import Extractor
from services.runtime.clock import SystemClock
from services.runtime.health import serve_health
from services.runtime.kafka.connection import ping as kafka_answers
from services.runtime.kafka.consumer import Consumer, Subscription
from services.runtime.kafka.producer import Producer
from services.runtime.lifecycle import consume_until_stopped, servers_are_there
from services.runtime.settings import Settings


async def run(settings: Settings, stop: asyncio.Event) -> None:
    """Extract until told to stop."""
    if settings.extractor.gazetteer:
        use_gazetteer(settings.extractor.gazetteer)
        load_gazetteer()  # names a mistake once, here, rather than in every worker
    if not await servers_are_there(stop, settings, None):
        return
    topics, clock = Topics(settings.kafka.namespace), SystemClock()
    async with WorkerPool(settings.extractor) as pool, Producer(settings.kafka) as producer:
        extractor = Extractor(pool, producer, topics, clock)
        consumer = Consumer(
            settings.kafka,
            Subscription(
                topic=topics.articles,
                dead_topic=topics.articles_dead,
                expected=EventType.ARTICLE,
                group=f"{settings.kafka.namespace}.extractor",
                batch=settings.extractor.batch,
            ),
            extractor.handle,
            producer,
            clock,
        )

        async def kafka() -> str | None:
            return None if await kafka_answers(settings.kafka) else "does not answer"

        live, ready = {"consumer": consumer.live}, {"consumer": consumer.ready, "kafka": kafka}
        async with serve_health(settings.health, live, ready):
            await consume_until_stopped(consumer, stop)
