"""Imports into a real PostgreSQL."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from services.replay.adapters.files import Options, open_records
from services.replay.adapters.imports import open_import
from services.replay.domain.imports import Found, Import
from services.replay.importing import Imported, Importing, Told
from services.runtime.clock import FakeClock
from services.runtime.errors import ConflictError
from tests.support.builders import NOON
from tests.support.web_archive import archive_of_the_web

WANTED = Import("old", "import-old", "Outlet", None, "old.jsonl", "f.0", "me", NOON)


async def dump(engine: AsyncEngine) -> list[tuple[Any, ...]]:
    """Return all that imports may change, and where it lies on the disk."""
    rows: list[tuple[Any, ...]] = []
    async with engine.connect() as connection:
        for table in ("poller.articles", "poller.outbox", "replay.imports", "poller.feeds"):
            found = await connection.execute(text(f"SELECT xmin, ctid, t.* FROM {table} t"))  # noqa: S608 - our own names
            rows += sorted((table, *row) for row in found)
    return rows


async def counts(engine: AsyncEngine) -> dict[str, int]:
    """Return how many rows there are."""
    found = {}
    async with engine.connect() as connection:
        for table in ("poller.articles", "poller.outbox", "poller.feeds", "replay.imports"):
            query = text(f"SELECT count(*) FROM {table}")  # noqa: S608 - our own names
            found[table] = await connection.scalar(query) or 0
    return found


class KilledError(Exception):
    """Stands for the end of the process."""


def mortal(records: Iterator[Found], dies_at: int | None) -> Iterator[Found]:
    """Yield records up to the place where the process is killed."""
    for found in records:
        if found.place == dies_at:
            raise KilledError
        yield found


async def import_file(
    engine: AsyncEngine, path: Path, *, again: bool = False, dies_at: int | None = None
) -> Imported:
    """Import a file as `old`."""
    with open_records(str(path), Options(1000), NOON) as records:
        async with open_import(engine, WANTED.feed_id) as store:
            importing = Importing(store, FakeClock(NOON), Told())
            return await importing.run(
                WANTED, lambda skip: mortal(records.read(skip), dies_at), again=again
            )


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    """A file of 1,203 lines, one of them broken, one blank and one article twice, revised."""
    path = tmp_path / "old.jsonl"
    lines = [
        json.dumps({"id": n, "text": f"Text {n}.", "date": f"2019-03-{n % 28 + 1:02}"})
        for n in range(1200)
    ]
    lines[700:700] = ["{", "", json.dumps({"id": 1, "text": "Other text.", "date": "2019-04-01"})]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


async def test_articles_are_archived_and_the_live_path_never_sees_them(
    engine: AsyncEngine, articles: Path
) -> None:
    imported = await import_file(engine, articles)
    assert imported.counts.archived == 1201
    assert imported.counts.refused == 1
    assert await counts(engine) == {
        "poller.articles": 1201,
        "poller.outbox": 0,
        "poller.feeds": 0,
        "replay.imports": 1,
    }
    query = text(
        "SELECT revision_number, text, outlet, fetched_at = published_at AS there"
        " FROM poller.articles WHERE feed_id = 'import-old' AND article_id ="
        " (SELECT article_id FROM poller.articles WHERE text = 'Other text.') ORDER BY 1"
    )
    async with engine.connect() as connection:
        rows = [tuple(row) for row in await connection.execute(query)]
    assert rows == [(1, "Text 1.", "Outlet", True), (2, "Other text.", "Outlet", True)]


async def test_importing_twice_changes_not_one_row(engine: AsyncEngine, articles: Path) -> None:
    first = await import_file(engine, articles)
    before = await dump(engine)
    again = await import_file(engine, articles)
    assert await dump(engine) == before
    assert again.finished_before
    assert again.counts == first.counts


async def test_the_same_articles_in_another_file_are_known(
    engine: AsyncEngine, articles: Path
) -> None:
    await import_file(engine, articles)
    before = [row for row in await dump(engine) if row[0] == "poller.articles"]
    imported = await import_file(engine, articles, again=True)
    assert (imported.counts.archived, imported.counts.known) == (0, 1201)
    after = [row for row in await dump(engine) if row[0] == "poller.articles"]
    assert after == before


async def test_dates_that_were_missing_are_filled_in(engine: AsyncEngine, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"id": 1, "text": "One.", "date": "soon"}\n')
    await import_file(engine, path)
    path.write_text('{"id": 1, "text": "One.", "date": "2019-03-05"}\n')
    await import_file(engine, path, again=True)
    path.write_text('{"id": 1, "text": "One.", "date": "2020-03-05"}\n')
    await import_file(engine, path, again=True)
    async with engine.connect() as connection:
        query = text("SELECT fetched_at, published_at FROM poller.articles")
        [row] = await connection.execute(query)
    assert [f"{each:%Y-%m-%d}" for each in row] == ["2019-03-05", "2019-03-05"]


async def test_an_import_that_dies_goes_on_without_a_gap_or_a_double(
    engine: AsyncEngine, articles: Path
) -> None:
    with pytest.raises(KilledError):
        await import_file(engine, articles, dies_at=1100)
    assert (await counts(engine))["poller.articles"] == 999
    imported = await import_file(engine, articles)
    # A blank line is passed over and is part of no batch.
    assert imported.resumed_at == 1001
    assert (imported.counts.archived, imported.counts.refused) == (1201, 1)
    assert (await counts(engine))["poller.articles"] == 1201


async def test_one_process_imports_at_a_time(engine: AsyncEngine) -> None:
    async with open_import(engine, "import-old"):
        with pytest.raises(ConflictError, match="another process is importing import-old"):
            async with open_import(engine, "import-old"):
                pass
        async with open_import(engine, "import-other"):
            pass
    async with open_import(engine, "import-old"):
        pass


async def test_an_import_is_free_again_once_its_process_is_gone(
    engine: AsyncEngine, articles: Path
) -> None:
    async with engine.connect() as holder:
        query = "SELECT pg_backend_pid()"
        pid = await holder.scalar(text(query))
        lock = "SELECT pg_advisory_lock(hashtextextended('accesswatch import import-old', 0))"
        await holder.execute(text(lock))
        with pytest.raises(ConflictError):
            await import_file(engine, articles)
        async with engine.connect() as other:
            await other.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})
        await holder.invalidate()
    assert (await import_file(engine, articles)).counts.archived == 1201


async def test_pages_of_a_warc_become_articles(engine: AsyncEngine, tmp_path: Path) -> None:
    path = tmp_path / "crawl.warc.gz"
    path.write_bytes(archive_of_the_web())
    imported = await asyncio.wait_for(import_file(engine, path), 100)
    assert imported.counts.archived == 3
    assert (imported.counts.left_out, imported.counts.refused) == (3, 1)
    query = text("SELECT url, outlet, title, text, published_at FROM poller.articles ORDER BY url")
    async with engine.connect() as connection:
        rows = list(await connection.execute(query))
    assert [(row.url, row.outlet, f"{row.published_at:%Y-%m-%dT%H}") for row in rows] == [
        ("https://other.example/2", "other.example", "2020-05-01T06"),
        ("https://post.example/1", "post.example", "2020-04-30T00"),
        ("https://post.example/3", "post.example", "2020-05-01T06"),
    ]
    assert rows[1].title == "Road 1 closed"
    assert rows[1].text.startswith("The road to place 1 is closed")
    assert "Menu" not in rows[1].text
    assert "place «три» is closed" in rows[2].text
    with open_records(str(path), Options(1000), NOON) as records:
        assert [each.place for each in records.read(4)] == [5, 6, 7]
