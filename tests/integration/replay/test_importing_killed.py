"""`accesswatch replay import` and SIGKILL."""

import asyncio
import json
import sys
from asyncio.subprocess import PIPE, Process
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.support.processes import clean_environment

ARTICLES = 12_000


async def start(path: Path, database_url: str) -> Process:
    environment = clean_environment() | {"ACCESSWATCH_DATABASE__URL": database_url}
    command = (sys.executable, "-m", "services.cli", "replay", "import", str(path))
    options = ("--json", "--only-archive")
    return await asyncio.create_subprocess_exec(
        *command, *options, env=environment, stdout=PIPE, stderr=PIPE
    )


async def row(engine: AsyncEngine, query: str) -> Any:
    async with engine.connect() as connection:
        return (await connection.execute(text(query))).one_or_none()


async def begun(engine: AsyncEngine, importing: Process) -> int:
    """Wait until an import has stored its first batch; return how far it is."""
    while importing.returncode is None:
        found = await row(engine, "SELECT position FROM replay.imports WHERE position > 0")
        if found:
            return int(found.position)
        await asyncio.sleep(0.02)
    raise AssertionError((await importing.communicate())[1].decode())


@pytest.mark.timeout(300)
async def test_a_killed_import_goes_on_and_ends_as_if_nothing_had_happened(
    engine: AsyncEngine, database_url: str, tmp_path: Path
) -> None:
    path = tmp_path / "large.jsonl"
    lines = (json.dumps({"id": n, "text": f"Text {n}. " * 60}) for n in range(ARTICLES))
    path.write_text("\n".join(lines), encoding="utf-8")
    first = await start(path, database_url)
    assert await begun(engine, first) < ARTICLES
    first.kill()
    await first.communicate()
    stopped = await row(engine, "SELECT position, archived, finished_at FROM replay.imports")
    archived = await row(engine, "SELECT count(*) AS number FROM poller.articles")
    assert stopped.position == stopped.archived == archived.number < ARTICLES
    assert stopped.finished_at is None

    second = await start(path, database_url)
    out, err = await second.communicate()
    assert second.returncode == 0, err.decode()
    answer = json.loads(out)
    assert answer["resumed_at"] == stopped.position
    assert answer["counts"]["archived"] == answer["counts"]["read"] == ARTICLES
    archived = await row(
        engine, "SELECT count(*) AS number, max(revision_number) AS most FROM poller.articles"
    )
    assert (archived.number, archived.most) == (ARTICLES, 1)
