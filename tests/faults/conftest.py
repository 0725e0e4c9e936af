"""A system of real services against made-up outlets."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from services.alerting.adapters.subscriptions import SqlSubscriptions
from services.alerting.domain.channel import Channel, ChannelKind
from services.alerting.domain.subscription import Watch
from services.cli.migrations import MIGRATIONS
from services.poller.adapters.registry import SqlFeedRegistry
from services.poller.domain.feed import feed_spec
from services.runtime.clock import SystemClock
from services.runtime.database import create_engine
from services.runtime.embedded import ports as tcp
from services.runtime.kafka.topics import create_topics
from services.runtime.migrations import migrate
from services.runtime.settings import DatabaseSettings, KafkaSettings
from tests.faults.outlets import Entry, Outlets, served
from tests.faults.receiver import Receiver
from tests.faults.system import SERVICES, System

POLL_SECONDS = 0.5


@pytest.fixture
def free_ports() -> list[int]:
    """A port on loopback for each service."""
    return tcp.free_ports(len(SERVICES))


class Scene:
    """Outlets, a receiver, a database and topics, and the services between them."""

    def __init__(
        self,
        system: System,
        engine: AsyncEngine,
        outlets: Outlets,
        receiver: Receiver,
        environment: dict[str, str],
        ports: tuple[int, int],
    ) -> None:
        self.system = system
        self.engine = engine
        self.outlets = outlets
        self.receiver = receiver
        self.environment = environment
        self.ports = ports

    async def count(self, table: str, where: str = "true") -> int:
        """Return how many rows a table has; 0 while the database is away."""
        try:
            async with self.engine.connect() as connection:
                sql = f"SELECT count(*) FROM {table} WHERE {where}"  # noqa: S608 - our own words
                return int(await connection.scalar(text(sql)) or 0)
        except Exception:  # noqa: BLE001 - away, as some tests want it
            return 0

    async def settled(self, articles: int, seconds: float) -> None:
        """Wait until so many articles are stored and every delivery has ended."""
        async with asyncio.timeout(seconds):
            while not (  # noqa: ASYNC110 - other processes set no event of ours
                await self.count("alerting.articles") >= articles
                and await self.count("alerting.deliveries", "state = 'pending'") == 0
                and await self.count("alerting.outbox") == 0
            ):
                await asyncio.sleep(0.2)

    async def state(self) -> dict[str, list[tuple[Any, ...]]]:
        """Return what is stored, but for moments, attempts and leases."""
        queries = {
            "feeds": "SELECT url, articles, failure_reason FROM poller.feeds ORDER BY url",
            "articles": "SELECT article_id, revision, revision_number, title, text "
            "FROM poller.articles ORDER BY 1, 2",
            "poller.outbox": "SELECT count(*) FROM poller.outbox",
            "read": "SELECT id, revision, extractor_version FROM alerting.articles ORDER BY 1",
            "inbox": "SELECT message_id FROM alerting.inbox ORDER BY 1",
            "statements": "SELECT id, article_id, position, sentence, start, stance, topics, body "
            "FROM alerting.statements ORDER BY 1",
            "alerts": "SELECT id, statement_id, body->'matched' FROM alerting.alerts ORDER BY 1",
            "deliveries": "SELECT id, alert_id, state FROM alerting.deliveries ORDER BY 1",
        }
        async with self.engine.connect() as connection:
            return {
                name: [tuple(map(str, row)) for row in await connection.execute(text(sql))]
                for name, sql in queries.items()
            }


@asynccontextmanager
async def scene(
    database_url: str,
    kafka: KafkaSettings,
    entries: list[list[Entry]],
    logs: Path,
    ports: tuple[int, int] = (0, 0),
) -> AsyncIterator[Scene]:
    """Set the scene: everything but the services is up.

    The subscription's id is made the same every time, so that alert ids are.
    """
    outlets, receiver = Outlets(entries), Receiver()
    engine = create_engine(DatabaseSettings(), database_url)
    await migrate(engine, MIGRATIONS)
    await create_topics(kafka)
    async with (
        served(outlets.app, ports[0]) as feeds_port,
        served(receiver.app, ports[1]) as hook_port,
    ):
        registry = SqlFeedRegistry(engine, SystemClock())
        urls = outlets.urls(feeds_port)
        await registry.add_all(feed_spec(url, interval=POLL_SECONDS) for url in urls)
        hook = Channel(ChannelKind.WEBHOOK, f"http://127.0.0.1:{hook_port}/alerts")
        watching = Watch(actors=("icrc", "UNHCR"), routes=("Lachin-Khankendi",))
        await SqlSubscriptions(engine, SystemClock()).add("faults", watching, [hook])
        async with engine.begin() as connection:
            await connection.execute(
                text("UPDATE alerting.subscriptions SET id = 'faults', watch = watch")
            )
        environment = _environment(database_url, kafka)
        system = System(environment, logs)
        try:
            yield Scene(system, engine, outlets, receiver, environment, (feeds_port, hook_port))
        finally:
            await system.stop_all()
            await engine.dispose()


def _environment(database_url: str, kafka: KafkaSettings) -> dict[str, str]:
    return {
        "ACCESSWATCH_DATABASE__URL": database_url,
        "ACCESSWATCH_KAFKA__BOOTSTRAP_SERVERS": kafka.bootstrap_servers or "",
        "ACCESSWATCH_KAFKA__NAMESPACE": kafka.namespace,
        "ACCESSWATCH_KAFKA__PARTITIONS": str(kafka.partitions),
        "ACCESSWATCH_KAFKA__SESSION_TIMEOUT": "2",
        "ACCESSWATCH_LOGGING__FORMAT": "json",
        "ACCESSWATCH_HTTP__ALLOWED_PRIVATE": "127.0.0.1",
        "ACCESSWATCH_POLLER__MIN_INTERVAL": str(POLL_SECONDS),
        "ACCESSWATCH_POLLER__LEASE": "5",
        "ACCESSWATCH_POLLER__PER_HOST": "16",
        "ACCESSWATCH_HTTP__TIMEOUT": "4",
        "ACCESSWATCH_ALERTING__DELIVERY_LEASE": "3",
        "ACCESSWATCH_ALERTING__BACKOFF": "0.5",
    }


async def grow(
    shown: Scene, steps: int, each: int, pause: Callable[[], float] = lambda: 0.5
) -> None:
    """Let every feed show `each` more entries, `steps` times."""
    for _ in range(steps):
        shown.outlets.shown += each
        await asyncio.sleep(pause())


async def kill_at_random(shown: Scene, rng: random.Random, kills: int) -> None:
    """Kill a service now and then and start it again at once."""
    names = [rng.choice(("poller", "extractor", "alerting")) for _ in range(kills)]
    for name in names:
        await asyncio.sleep(rng.uniform(0.5, 4.0))
        await shown.system.kill(name)
        await shown.system.start(name)
