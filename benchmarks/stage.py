"""Real servers, and the services as processes, for one benchmark at a time."""

import asyncio
import os
import sys
import tempfile
import uuid
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import httpx
import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from benchmarks.load import family
from services.alerting.adapters.subscriptions import SqlSubscriptions
from services.alerting.domain.channel import Channel
from services.alerting.domain.subscription import Watch
from services.cli.migrations import MIGRATIONS
from services.runtime.clock import SystemClock
from services.runtime.database import create_engine
from services.runtime.embedded import EmbeddedKafka, EmbeddedPostgres
from services.runtime.kafka.topics import create_topics
from services.runtime.migrations import migrate
from services.runtime.settings import DatabaseSettings, KafkaSettings
from services.sample_outlet.articles import sample_subscriptions

READY_SECONDS = 60.0
INTERRUPTED = 130
"""Exit code of a command that was told to stop."""
COMMAND = "accesswatch"
"""What a command is called among the running services."""


@dataclass(frozen=True)
class Servers:
    """Kafka and PostgreSQL as `accesswatch run` starts them."""

    folder: Path
    kafka: EmbeddedKafka
    bootstrap: str
    postgres: EmbeddedPostgres
    postgres_url: str

    def pids(self) -> tuple[int, ...]:
        """Return the process ids of the servers."""
        return tuple(pid for pid in (self.kafka.pid, self.postgres.pid) if pid)


@contextmanager
def servers() -> Iterator[Servers]:
    """Start both servers on fresh data while the block runs."""
    with tempfile.TemporaryDirectory(prefix="aw-bench-") as name:
        folder = Path(name)
        postgres, kafka = EmbeddedPostgres(folder / "postgres"), EmbeddedKafka(folder / "kafka")
        try:
            url = postgres.start()
            yield Servers(folder, kafka, kafka.start(), postgres, url)
        finally:
            kafka.stop()
            postgres.stop()


class Stage:
    """A fresh database and fresh topics, and the services that work on them."""

    def __init__(self, servers: Servers, kafka: KafkaSettings, url: str) -> None:
        self.servers = servers
        self.kafka = kafka
        self.engine: AsyncEngine = create_engine(DatabaseSettings(), url)
        self._environment = {
            "ACCESSWATCH_DATABASE__URL": url,
            "ACCESSWATCH_KAFKA__BOOTSTRAP_SERVERS": servers.bootstrap,
            "ACCESSWATCH_KAFKA__NAMESPACE": kafka.namespace,
            "ACCESSWATCH_LOGGING__FORMAT": "json",
            "ACCESSWATCH_HTTP__ALLOWED_PRIVATE": "127.0.0.1",
        }
        self._running: dict[str, asyncio.subprocess.Process] = {}

    async def start(self, name: str) -> None:
        """Start a service with its default settings and wait until it is ready."""
        clean = {k: v for k, v in os.environ.items() if not k.startswith("ACCESSWATCH_")}
        log = self.servers.folder / f"{self.kafka.namespace}-{name}.jsonl"
        with log.open("ab") as lines:
            self._running[name] = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                f"services.{name}",
                env={**clean, **self._environment},
                stdout=asyncio.subprocess.DEVNULL,
                stderr=lines,
            )
        async with asyncio.timeout(READY_SECONDS):
            await _until_ready(log)

    @asynccontextmanager
    async def command(self, *arguments: str) -> AsyncIterator[asyncio.subprocess.Process]:
        """Run a command of the program while the block runs; it ends with the block."""
        clean = {k: v for k, v in os.environ.items() if not k.startswith("ACCESSWATCH_")}
        log = self.servers.folder / f"{self.kafka.namespace}-command.txt"
        with log.open("ab") as lines:
            running = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "services.cli",
                *arguments,
                env={**clean, **self._environment},
                stdout=lines,
                stderr=lines,
            )
        self._running[COMMAND] = running
        try:
            yield running
        finally:
            if running.returncode is None:
                running.terminate()
            await running.wait()
            del self._running[COMMAND]
        if running.returncode not in {0, INTERRUPTED}:
            raise RuntimeError(f"{arguments} ended with {running.returncode}: {log.read_text()}")

    async def stop_all(self) -> None:
        """Stop every service."""
        for running in self._running.values():
            if running.returncode is None:
                running.terminate()
        for running in self._running.values():
            await running.wait()
        self._running.clear()

    def pids(self) -> tuple[int, ...]:
        """Return the process ids of the services and servers."""
        return (*(running.pid for running in self._running.values()), *self.servers.pids())

    def resident_mib(self, name: str) -> float:
        """Return the resident memory of a service and its children, in MiB."""
        return sum(each.memory_info().rss for each in family(self._running[name].pid)) / 2**20

    async def count(self, rows: str) -> int:
        """Return how many rows there are of `table` or `table WHERE …`."""
        async with self.engine.connect() as connection:
            sql = f"SELECT count(*) FROM {rows}"  # noqa: S608 - our own words
            return int(await connection.scalar(text(sql)) or 0)

    async def subscribe(self, channels: Sequence[Channel] = ()) -> None:
        """Add the subscriptions of a first run; alerts go to `channels`, if any."""
        subscriptions = SqlSubscriptions(self.engine, SystemClock())
        for each in sample_subscriptions():
            watch = {name: tuple(value) for name, value in each.items() if name != "name"}
            await subscriptions.add(each["name"], Watch(**watch), channels)


@asynccontextmanager
async def stage(servers: Servers) -> AsyncIterator[Stage]:
    """Set a stage: migrated database, created topics, no service yet."""
    name = f"bench_{uuid.uuid4().hex[:8]}"
    kafka = KafkaSettings(bootstrap_servers=servers.bootstrap, namespace=name)
    set_up = Stage(servers, kafka, await _fresh_database(servers.postgres_url, name))
    try:
        await migrate(set_up.engine, MIGRATIONS)
        await create_topics(kafka)
        yield set_up
    finally:
        await set_up.stop_all()
        await set_up.engine.dispose()


async def _fresh_database(server_url: str, name: str) -> str:
    connection = await asyncpg.connect(server_url)
    try:
        await connection.execute(f"CREATE DATABASE {name}")
    finally:
        await connection.close()
    head, _, query = server_url.partition("?")
    return f"{head.rpartition('/')[0]}/{name}?{query}"


async def _until_ready(log: Path) -> None:
    async with httpx.AsyncClient() as client:
        while True:
            port = _health_port(log)
            if port:
                answer = await client.get(f"http://127.0.0.1:{port}/ready")
                if answer.is_success:
                    return
            await asyncio.sleep(0.05)


def _health_port(log: Path) -> int | None:
    for line in log.read_bytes().splitlines():
        if b'"health.listening"' in line:
            return int(orjson.loads(line)["port"])
    return None
