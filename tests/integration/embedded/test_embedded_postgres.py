import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from services.runtime.embedded import stale
from services.runtime.embedded.postgres import EmbeddedPostgres

Start = Callable[[str], tuple[subprocess.Popen[str], Any]]

START_IN_CHILD = (
    "from services.runtime.embedded.postgres import EmbeddedPostgres\n"
    "postgres = EmbeddedPostgres(Path({folder!r}))\n"
    "print(json.dumps([postgres.start(), postgres.pid]), flush=True)"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for the tests of this file, with too long a path for a socket."""
    return tmp_path_factory.mktemp("a folder, spécial") / ("long" * 20)


@pytest.fixture
def postgres(folder: Path) -> Iterator[EmbeddedPostgres]:
    server = EmbeddedPostgres(folder)
    yield server
    server.stop()


async def _execute(url: str, *statements: str) -> list[Any]:
    """Execute statements in one transaction and return the last one's first column."""
    engine = create_async_engine(url.replace("postgresql:", "postgresql+asyncpg:"))
    try:
        async with engine.begin() as connection:
            for statement in statements[:-1]:
                await connection.execute(text(statement))
            result = await connection.execute(text(statements[-1]))
            return list(result.scalars()) if result.returns_rows else []
    finally:
        await engine.dispose()


async def test_committed_rows_outlive_a_kill_and_a_stale_pid_file(
    postgres: EmbeddedPostgres,
) -> None:
    url = postgres.start()
    await _execute(url, "CREATE TABLE IF NOT EXISTS kept (name text)", "TRUNCATE kept")
    await _execute(url, "INSERT INTO kept VALUES ('row')")
    postgres.kill()
    assert postgres.pid is None
    assert (postgres.folder / "cluster" / "postmaster.pid").exists()
    assert postgres.start() == url
    assert await _execute(url, "SELECT name FROM kept") == ["row"]
    assert await _execute(url, "SHOW fsync") == ["on"]


async def test_pid_file_that_names_another_program_is_not_trusted(
    start_python: Start, postgres: EmbeddedPostgres
) -> None:
    postgres.start()
    postgres.stop()
    other, _ = start_python("print(json.dumps(None), flush=True)")
    pid_file = postgres.folder / "cluster" / "postmaster.pid"
    pid_file.write_text(f"{other.pid}\n/elsewhere\n1\n5432\n\n\n1 1\nready\n")
    pid_file.chmod(0o666)
    assert await _execute(postgres.start(), "SELECT 1") == [1]
    assert postgres.pid != other.pid


async def test_server_stays_until_its_last_user_has_gone(
    start_python: Start, postgres: EmbeddedPostgres
) -> None:
    _, (url, pid) = start_python(START_IN_CHILD.format(folder=str(postgres.folder)))
    assert postgres.start() == url
    assert postgres.pid == pid
    postgres.stop()
    assert postgres.pid == pid
    assert await _execute(url, "SELECT 1") == [1]


async def test_user_that_was_killed_neither_keeps_the_server_nor_takes_it_along(
    start_python: Start, postgres: EmbeddedPostgres
) -> None:
    first, (url, pid) = start_python(START_IN_CHILD.format(folder=str(postgres.folder)))
    postgres.start()
    first.kill()
    first.wait()
    assert await _execute(url, "SELECT 1") == [1]
    server = psutil.Process(pid)
    postgres.stop()
    assert stale.wait_for(server, 0)


def test_server_ends_when_its_only_user_is_killed(
    start_python: Start, postgres: EmbeddedPostgres
) -> None:
    user, (_, pid) = start_python(START_IN_CHILD.format(folder=str(postgres.folder)))
    server = psutil.Process(pid)
    user.kill()
    assert stale.wait_for(server, 10)


async def test_start_while_the_server_of_a_killed_user_ends_waits_for_that(
    start_python: Start, postgres: EmbeddedPostgres
) -> None:
    user, (url, _) = start_python(START_IN_CHILD.format(folder=str(postgres.folder)))
    user.kill()
    assert postgres.start() == url
    assert await _execute(url, "SELECT 1") == [1]


async def test_server_that_lost_its_leash_is_used_and_ended(postgres: EmbeddedPostgres) -> None:
    url = postgres.start()
    assert postgres.pid is not None
    server = psutil.Process(postgres.pid)
    guard = server.parent()
    assert guard is not None
    guard.kill()
    assert postgres.start() == url
    assert await _execute(url, "SELECT 1") == [1]
    postgres.stop()
    assert stale.wait_for(server, 0)


async def test_cut_off_initialisation_is_done_again(tmp_path: Path) -> None:
    half_made = tmp_path / "cluster.new"
    half_made.mkdir()
    (half_made / "PG_VERSION").write_text("18\n")
    postgres = EmbeddedPostgres(tmp_path, durable=False)
    try:
        assert await _execute(postgres.start(), "SHOW fsync") == ["off"]
    finally:
        postgres.stop()
