"""Servers for the tests: real ones, started once per run from the `embedded` extra."""

import asyncio
import logging
import os
import socket
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import structlog
from pydantic import SecretStr
from sqlalchemy.ext.asyncio import AsyncEngine

from services.cli.migrations import MIGRATIONS
from services.runtime.database import create_engine
from services.runtime.embedded.kafka import EmbeddedKafka
from services.runtime.embedded.postgres import EmbeddedPostgres
from services.runtime.kafka.topics import create_topics
from services.runtime.migrations import migrate
from services.runtime.settings import DatabaseSettings, KafkaSettings, Settings
from tests.support.databases import fresh_database


@pytest.fixture(autouse=True)
def _only_given_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keep the developer's own settings and data out of the tests."""
    for name in os.environ:
        if name.startswith("ACCESSWATCH_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("ACCESSWATCH_DATA_DIR", str(tmp_path / "data"))


@pytest.fixture(autouse=True)
def _logging_as_before() -> Iterator[None]:
    """Undo what a command set up: its logger writes to a stream that ends with the test."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a PostgreSQL for the whole run."""
    server = EmbeddedPostgres(tmp_path_factory.mktemp("pg") / "data", durable=False)
    yield server.start()
    server.stop()


@pytest.fixture(scope="session")
def kafka_servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an Apache Kafka for the whole run."""
    server = EmbeddedKafka(tmp_path_factory.mktemp("kafka"))
    yield server.start()
    server.stop()


@pytest.fixture
def database_url(postgres_url: str) -> str:
    """The address of a fresh, empty database."""
    return asyncio.run(fresh_database(postgres_url))


@pytest.fixture
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    """An engine on a fresh database with all migrations applied."""
    found = create_engine(DatabaseSettings(), database_url)
    await migrate(found, MIGRATIONS)
    yield found
    await found.dispose()


@pytest.fixture
async def kafka(kafka_servers: str) -> KafkaSettings:
    """Kafka settings under a namespace of their own, with its topics created."""
    found = KafkaSettings(
        bootstrap_servers=kafka_servers,
        namespace=f"test-{uuid.uuid4().hex[:8]}",
        partitions=3,
        session_timeout=3,
    )
    await create_topics(found)
    return found


@pytest.fixture
def settings(kafka: KafkaSettings, database_url: str, tmp_path: Path) -> Settings:
    """Settings that name the test's own database and topics."""
    return Settings(
        data_dir=tmp_path / "data",
        kafka=kafka,
        database=DatabaseSettings(url=SecretStr(database_url)),
    )


@pytest.fixture
def closed_port() -> int:
    """A port on loopback that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
