"""Which Kafka and PostgreSQL a command speaks to.

Where settings name servers, those. Else those of a running `accesswatch run`, and where there is
none, servers started for the length of the command on the same data folder.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import orjson
from pydantic import SecretStr
from sqlalchemy.ext.asyncio import AsyncEngine

from services.cli.migrations import MIGRATIONS
from services.runtime.database import create_engine, wait_for_database
from services.runtime.embedded.kafka import EmbeddedKafka
from services.runtime.embedded.locks import RUN_LOCK, exclusive_lock, hold_data_folder
from services.runtime.embedded.postgres import EmbeddedPostgres
from services.runtime.kafka.connection import wait_for_kafka
from services.runtime.kafka.topics import create_topics
from services.runtime.migrations import check_migrated, migrate
from services.runtime.settings import Settings

WAIT_SECONDS = 5.0
"""Somebody waits before the terminal: not as long as a service waits at its start."""
STATE_FILE = "run.json"
"""Written by `run` for as long as it runs: where its Kafka is."""


def with_servers(settings: Settings, bootstrap: str | None, url: str | None) -> Settings:
    """Return settings with the addresses of embedded servers filled in."""
    changes: dict[str, object] = {}
    if bootstrap:
        changes["kafka"] = settings.kafka.model_copy(update={"bootstrap_servers": bootstrap})
    if url:
        changes["database"] = settings.database.model_copy(update={"url": SecretStr(url)})
    return settings.model_copy(update=changes)


@contextlib.asynccontextmanager
async def open_database(settings: Settings) -> AsyncIterator[AsyncEngine]:
    """Give a command its database, migrated.

    Raises:
        UnavailableError: it cannot be reached.
        ConflictError: it is not at this program's version.
    """
    embedded = None
    if settings.database.url is None:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        embedded = EmbeddedPostgres(settings.data_dir / "postgres")
        settings = with_servers(settings, None, await asyncio.to_thread(embedded.start))
    engine = create_engine(settings.database)
    try:
        await wait_for_database(engine, min(settings.database.connect_timeout, WAIT_SECONDS))
        if embedded:
            await migrate(engine, MIGRATIONS)
        else:
            await check_migrated(engine, MIGRATIONS)
        yield engine
    finally:
        await engine.dispose()
        if embedded:
            await asyncio.to_thread(embedded.stop)


@contextlib.asynccontextmanager
async def open_kafka(settings: Settings) -> AsyncIterator[Settings]:
    """Give a command settings that name a Kafka which answers.

    Raises:
        UnavailableError: it cannot be reached.
    """
    if settings.kafka.bootstrap_servers:
        await wait_for_kafka(settings.kafka, min(settings.kafka.connect_timeout, WAIT_SECONDS))
        yield settings
        return
    running = _of_running(settings.data_dir)
    if running:
        yield with_servers(settings, running, None)
        return
    with hold_data_folder(settings.data_dir):
        kafka = EmbeddedKafka(settings.data_dir / "kafka")
        found = with_servers(settings, await asyncio.to_thread(kafka.start), None)
        try:
            await create_topics(found.kafka)
            yield found
        finally:
            await asyncio.to_thread(kafka.stop)


def _of_running(data_dir: Path) -> str | None:
    lock = exclusive_lock(data_dir, RUN_LOCK) if data_dir.is_dir() else None
    if lock is not None:
        # Nobody runs: what the file says is of a run that was killed.
        lock.release()
        return None
    try:
        state = orjson.loads((data_dir / STATE_FILE).read_bytes())
    except (OSError, orjson.JSONDecodeError):
        return None
    servers = state.get("bootstrap_servers")
    return str(servers) if servers else None
