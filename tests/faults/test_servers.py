"""Servers that are killed, absent or late: services wait, say so, and lose nothing."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text

from services.audit.service import Audit
from services.runtime.clock import SystemClock
from services.runtime.embedded import EmbeddedKafka, EmbeddedPostgres
from services.runtime.errors import ExitCode
from services.runtime.kafka.topics import create_topics
from services.runtime.settings import KafkaSettings
from tests.faults.conftest import Scene, grow, scene
from tests.faults.outlets import made_up_entries
from tests.faults.system import SERVICES, run_service
from tests.support.databases import fresh_database

SEED = 20261124
FEEDS = 10
ARTICLES = 300
STEPS = 6
EACH = ARTICLES // FEEDS // STEPS

pytestmark = pytest.mark.timeout(180)


@pytest.fixture(scope="module")
def own_kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedKafka]:
    """A Kafka that may be killed."""
    server = EmbeddedKafka(tmp_path_factory.mktemp("own-kafka"))
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def own_postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedPostgres]:
    """A PostgreSQL that may be killed; durable, since it has to keep what it confirmed."""
    server = EmbeddedPostgres(tmp_path_factory.mktemp("own-pg"))
    server.start()
    yield server
    server.stop()


def topics(bootstrap: str, namespace: str) -> KafkaSettings:
    """Return settings for topics of a test's own."""
    return KafkaSettings(bootstrap_servers=bootstrap, namespace=namespace, partitions=3)


async def until(condition: Callable[[], Awaitable[bool]], seconds: float = 60) -> None:
    """Wait until a condition holds."""
    async with asyncio.timeout(seconds):
        while not await condition():  # noqa: ASYNC110 - other processes set no event
            await asyncio.sleep(0.1)


async def nothing_is_missing(shown: Scene, kafka: KafkaSettings) -> None:
    """Check that every article was stored and every alert delivered, each once by its id."""
    report = await Audit(shown.engine, kafka, SystemClock()).run(None, SystemClock().now())
    assert report.missing == ()
    assert report.counts["archived"] == report.counts["stored"] == ARTICLES
    async with shown.engine.connect() as connection:
        alerts = set((await connection.execute(text("SELECT id FROM alerting.alerts"))).scalars())
    assert len(alerts) > ARTICLES / 50
    assert set(shown.receiver.alerts) == alerts
    assert all(len(deliveries) == 1 for deliveries in shown.receiver.alerts.values())
    assert shown.system.ended() == {}


async def test_kafka_killed_in_the_middle_loses_nothing(
    postgres_url: str, own_kafka: EmbeddedKafka, tmp_path: Path
) -> None:
    kafka = topics(await asyncio.to_thread(own_kafka.start), "killed-kafka")
    entries = made_up_entries(SEED, FEEDS, ARTICLES)
    async with scene(await fresh_database(postgres_url), kafka, entries, tmp_path) as shown:
        await shown.system.start_all()
        await grow(shown, steps=STEPS // 2, each=EACH)
        await until(lambda: stored_at_least(shown, 20))
        own_kafka.kill()
        await grow(shown, steps=STEPS // 2, each=EACH)
        # Feeds are polled and archived all the same.
        await until(lambda: archived_at_least(shown, ARTICLES))
        assert await asyncio.to_thread(own_kafka.start) == kafka.bootstrap_servers
        await shown.settled(ARTICLES, seconds=90)
        await nothing_is_missing(shown, kafka)


async def test_postgres_killed_in_the_middle_loses_nothing(
    kafka_servers: str, own_postgres: EmbeddedPostgres, tmp_path: Path
) -> None:
    server = await asyncio.to_thread(own_postgres.start)
    kafka = topics(kafka_servers, "killed-postgres")
    entries = made_up_entries(SEED, FEEDS, ARTICLES)
    rng = random.Random(SEED)
    async with scene(await fresh_database(server), kafka, entries, tmp_path) as shown:
        await shown.system.start_all()
        await grow(shown, steps=STEPS // 2, each=EACH)
        await until(lambda: stored_at_least(shown, 20))
        await asyncio.to_thread(own_postgres.kill)
        await grow(shown, steps=STEPS // 2, each=EACH, pause=lambda: rng.uniform(0.5, 1))
        assert await asyncio.to_thread(own_postgres.start) == server
        await shown.settled(ARTICLES, seconds=90)
        await nothing_is_missing(shown, kafka)


async def stored_at_least(shown: Scene, articles: int) -> bool:
    return await shown.count("alerting.articles") >= articles


async def archived_at_least(shown: Scene, articles: int) -> bool:
    return await shown.count("poller.articles") >= articles


async def never_ready(port: int, service: "asyncio.Task[tuple[int, list[dict[str, str]]]]") -> bool:
    """Ask the probe for as long as the service runs; tell whether it never said ready."""
    async with httpx.AsyncClient(trust_env=False) as client:
        while not service.done():
            if await answers_ready(client, port):
                return False
            await asyncio.sleep(0.1)
    return True


async def answers_ready(client: httpx.AsyncClient, port: int) -> bool:
    try:
        return (await client.get(f"http://127.0.0.1:{port}/ready")).status_code == 200
    except httpx.TransportError:
        return False


def absent(closed_port: int) -> dict[str, str]:
    """Return settings that name servers which are not there."""
    return {
        "ACCESSWATCH_KAFKA__BOOTSTRAP_SERVERS": f"127.0.0.1:{closed_port}",
        "ACCESSWATCH_KAFKA__CONNECT_TIMEOUT": "2",
        "ACCESSWATCH_DATABASE__URL": f"postgresql://me:geheim@127.0.0.1:{closed_port}/news",
        "ACCESSWATCH_DATABASE__CONNECT_TIMEOUT": "2",
    }


async def fails(environment: dict[str, str], service: str, port: int) -> list[dict[str, str]]:
    """Run a service that ends for want of a server; return its log."""
    running = asyncio.create_task(
        run_service(service, {**environment, "ACCESSWATCH_HEALTH__PORT": str(port)})
    )
    assert await never_ready(port, running)
    code, log = await running
    assert code == ExitCode.UNAVAILABLE
    return log


async def test_services_without_any_server_wait_say_so_and_end(
    closed_port: int, free_ports: list[int]
) -> None:
    logs = await asyncio.gather(
        *(
            fails(absent(closed_port), name, port)
            for name, port in zip(SERVICES, free_ports, strict=True)
        )
    )
    for name, log in zip(SERVICES, logs, strict=True):
        server, setting, waiting = (
            ("Kafka", "ACCESSWATCH_KAFKA__BOOTSTRAP_SERVERS", "kafka.waiting")
            if name == "extractor"
            else ("PostgreSQL", "ACCESSWATCH_DATABASE__URL", "database.waiting")
        )
        assert own_events(log) == ["service.starting", waiting, "service.failed"]
        assert one_line_naming(log, server, str(closed_port), setting)
        assert "geheim" not in str(log)


async def test_services_with_a_database_and_no_kafka_wait_say_so_and_end(
    database_url: str, engine: object, closed_port: int, free_ports: list[int]
) -> None:
    environment = absent(closed_port) | {"ACCESSWATCH_DATABASE__URL": database_url}
    logs = await asyncio.gather(
        *(
            fails(environment, name, port)
            for name, port in zip(("poller", "alerting"), free_ports, strict=False)
        )
    )
    for log in logs:
        assert own_events(log) == ["service.starting", "kafka.waiting", "service.failed"]
        assert one_line_naming(log, "Kafka", str(closed_port), "BOOTSTRAP_SERVERS")


def own_events(log: list[dict[str, str]]) -> list[str]:
    """Return what happened, without the sentences of libraries."""
    return [each["event"] for each in log if " " not in each["event"]]


def one_line_naming(log: list[dict[str, str]], *parts: str) -> bool:
    error = log[-1]["error"]
    return "\n" not in error and all(part in error for part in parts) and "exception" not in log[-1]


async def test_servers_that_come_up_within_the_wait_let_services_start(
    own_kafka: EmbeddedKafka,
    own_postgres: EmbeddedPostgres,
    free_ports: list[int],
    tmp_path: Path,
) -> None:
    server = await asyncio.to_thread(own_postgres.start)
    kafka = topics(await asyncio.to_thread(own_kafka.start), "late")
    async with scene(await fresh_database(server), kafka, [[]], tmp_path) as shown:
        await shown.engine.dispose()
        own_kafka.kill()
        await asyncio.to_thread(own_postgres.kill)
        for name, port in zip(SERVICES, free_ports, strict=True):
            await shown.system.start(name, {"ACCESSWATCH_HEALTH__PORT": str(port)})
        await until(lambda: all_wait(tmp_path))
        await asyncio.to_thread(own_postgres.start)
        await asyncio.to_thread(own_kafka.start)
        async with httpx.AsyncClient(trust_env=False) as client:
            for port in free_ports:
                await until(lambda port=port: answers_ready(client, port))  # type: ignore[misc]
        assert shown.system.ended() == {}


async def all_wait(logs: Path) -> bool:
    return all(".waiting" in (logs / f"{name}.jsonl").read_text() for name in SERVICES)


@pytest.mark.parametrize("service", ["poller", "alerting"])
async def test_a_database_that_is_not_migrated_is_named_with_its_remedy(
    service: str, database_url: str, kafka: KafkaSettings
) -> None:
    code, log = await run_service(
        service,
        {
            "ACCESSWATCH_DATABASE__URL": database_url,
            "ACCESSWATCH_KAFKA__BOOTSTRAP_SERVERS": kafka.bootstrap_servers or "",
            "ACCESSWATCH_KAFKA__NAMESPACE": kafka.namespace,
        },
    )
    assert code == ExitCode.CONFLICT
    assert one_line_naming(log, f"schema {service}", "accesswatch migrate")


async def test_topics_that_are_not_there_are_named_with_their_remedy(kafka_servers: str) -> None:
    await create_topics(topics(kafka_servers, "other"))
    code, log = await run_service(
        "extractor",
        {
            "ACCESSWATCH_KAFKA__BOOTSTRAP_SERVERS": kafka_servers,
            "ACCESSWATCH_KAFKA__NAMESPACE": "never-created",
        },
    )
    assert code == ExitCode.CONFLICT
    assert one_line_naming(log, "never-created", "accesswatch migrate")
