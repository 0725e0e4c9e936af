"""The command line in this process: its own `main`, so that errors read as a user sees them."""

import asyncio
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from services.cli.__main__ import main
from services.cli.migrations import MIGRATIONS
from services.runtime.database import create_engine
from services.runtime.migrations import migrate
from services.runtime.settings import DatabaseSettings, KafkaSettings
from tests.support.databases import fresh_database


@dataclass(frozen=True)
class Answer:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output as JSON."""
        return json.loads(self.out)

    def is_one_error(self, code: int, *parts: str) -> bool:
        """Tell whether this is an exit code and one line that holds all parts."""
        lines = self.err.splitlines()
        assert self.code == code, (self.code, self.err)
        assert len(lines) == 1, self.err
        assert lines[0].startswith("error: "), lines
        assert lines[0].endswith((".", "?")), lines
        missing = [part for part in parts if part not in lines[0]]
        assert not missing, (missing, lines)
        return True


Command = Callable[..., Answer]


@pytest.fixture
def accesswatch(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Command:
    """Run a command line to its end."""
    monkeypatch.setenv("COLUMNS", "200")

    def run(*arguments: str) -> Answer:
        monkeypatch.setattr(sys, "argv", ["accesswatch", *arguments])
        capfd.readouterr()
        code = 0
        try:
            main()
        except SystemExit as ending:
            code = int(ending.code or 0)
        said = capfd.readouterr()
        return Answer(code, said.out, said.err)

    return run


@pytest.fixture
def database(engine: object, database_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """A migrated database, given by the environment."""
    monkeypatch.setenv("ACCESSWATCH_DATABASE__URL", database_url)
    return database_url


@pytest.fixture(scope="module")
def unused_database(postgres_url: str) -> str:
    """The address of a migrated database for tests that never write."""
    return asyncio.run(_migrated(postgres_url))


async def _migrated(server_url: str) -> str:
    url = await fresh_database(server_url)
    engine = create_engine(DatabaseSettings(), url)
    await migrate(engine, MIGRATIONS)
    await engine.dispose()
    return url


@pytest.fixture
def empty_database(unused_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """That database, given by the environment."""
    monkeypatch.setenv("ACCESSWATCH_DATABASE__URL", unused_database)


@pytest.fixture
def broker(kafka: KafkaSettings, monkeypatch: pytest.MonkeyPatch) -> KafkaSettings:
    """A Kafka with topics, given by the environment."""
    monkeypatch.setenv("ACCESSWATCH_KAFKA__BOOTSTRAP_SERVERS", kafka.bootstrap_servers or "")
    monkeypatch.setenv("ACCESSWATCH_KAFKA__NAMESPACE", kafka.namespace)
    monkeypatch.setenv("ACCESSWATCH_KAFKA__PARTITIONS", str(kafka.partitions))
    return kafka
