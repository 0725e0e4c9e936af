"""Composition root of the poller."""

import asyncio

from schemas import Topics
from services.poller.adapters import tables
from services.poller.adapters.archive import SqlArchive
from services.poller.adapters.fetcher import HttpFetcher
from services.poller.adapters.parser import ProcessParser
from services.poller.adapters.registry import SqlFeedRegistry
from services.poller.service import Poller
from services.runtime.clock import SystemClock
from services.runtime.database import create_engine, ping
from services.runtime.health import serve_health
from services.runtime.http import GuardedClient
from services.runtime.kafka.connection import ping as kafka_answers
from services.runtime.kafka.producer import Producer
from services.runtime.lifecycle import run_together, servers_are_there
from services.runtime.relay import Relay
from services.runtime.settings import Settings

STUCK_SECONDS = 180.0


async def run(settings: Settings, stop: asyncio.Event) -> None:
    """Poll feeds and publish articles until told to stop."""
    engine = create_engine(settings.database)
    try:
        if not await servers_are_there(stop, settings, engine, (tables.MIGRATIONS,)):
            return
        topics, clock = Topics(settings.kafka.namespace), SystemClock()
        async with (
            GuardedClient(settings.http) as client,
            ProcessParser(settings.poller.max_text_chars) as parser,
            Producer(settings.kafka) as producer,
        ):
            poller = Poller(
                SqlFeedRegistry(engine, clock),
                SqlArchive(engine, clock, topics),
                HttpFetcher(client, clock, settings.poller.per_host),
                parser,
                clock,
                settings.poller,
            )
            relay = Relay(engine, tables.outbox, producer)

            async def polling() -> str | None:
                idle = (clock.now() - poller.progress).total_seconds()
                return None if idle < STUCK_SECONDS else f"has hung for {idle:.0f} s"

            async def database() -> str | None:
                return None if await ping(engine) else "does not answer"

            async def kafka() -> str | None:
                return None if await kafka_answers(settings.kafka) else "does not answer"

            live = {"poller": polling, "relay": relay.live}
            ready = {"database": database, "kafka": kafka}
            async with serve_health(settings.health, live, ready):
                await run_together(stop, poller.run(stop), relay.run(stop))
    finally:
        await engine.dispose()
