"""Registry and archive on PostgreSQL: the contracts, and what only a database can do."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from schemas import Article, Topics
from services.poller.adapters import tables
from services.poller.adapters.archive import SqlArchive
from services.poller.adapters.registry import SqlFeedRegistry
from services.poller.domain.articles import compare, possible_ids
from services.poller.domain.feed import FeedSpec, FeedState
from services.poller.ports import Archive, FeedRegistry
from services.runtime.clock import FakeClock
from tests.unit.poller.contracts import (
    NOON,
    URL,
    ArchiveContract,
    RegistryContract,
    entries,
    lease_one,
)


class SqlStore:
    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        self.clock = FakeClock(NOON)
        self.registry: FeedRegistry = SqlFeedRegistry(engine, self.clock)
        self.archive: Archive = SqlArchive(engine, self.clock, Topics("test"))

    async def rows(self, statement: Any) -> list[Any]:
        async with self.engine.connect() as connection:
            return list(await connection.execute(statement))

    async def messages(self) -> list[Article]:
        rows = await self.rows(select(tables.outbox.c.value).order_by(tables.outbox.c.id))
        return [Article.model_validate_json(row.value) for row in rows]

    async def published(self) -> list[tuple[str, str, int]]:
        sent = await self.messages()
        return [(each.id, each.revision, each.revision_number) for each in sent]


@pytest.fixture
def store(engine: AsyncEngine) -> SqlStore:
    return SqlStore(engine)


class TestSqlRegistry(RegistryContract):
    pass


class TestSqlArchive(ArchiveContract):
    pass


@contextmanager
def statements(engine: AsyncEngine) -> Iterator[list[str]]:
    """Collect the SQL statements that are sent meanwhile."""
    sent: list[str] = []

    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        sent.append(statement)

    event.listen(engine.sync_engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine.sync_engine, "before_cursor_execute", note)


async def test_replicas_share_the_feeds_and_take_none_twice(store: SqlStore) -> None:
    await store.registry.add_all(FeedSpec(f"https://{n}.example/") for n in range(100))
    taken = await asyncio.gather(
        *(store.registry.lease(f"replica {n}", NOON, 20, 120) for n in range(8))
    )
    ids = [lease.feed.id for leases in taken for lease in leases]
    assert len(ids) == len(set(ids)) == 100


async def test_list_may_be_longer_than_a_statement_takes_parameters(store: SqlStore) -> None:
    specs = [FeedSpec(f"https://{n}.example/") for n in range(5000)]
    assert len((await store.registry.add_all(specs)).added) == 5000
    assert len((await store.registry.add_all(specs)).updated) == 5000


async def test_feed_with_500_entries_takes_a_handful_of_statements(store: SqlStore) -> None:
    await store.registry.add(URL)
    lease = await lease_one(store)
    document = entries(*(f"entry-{n}" for n in range(500)))
    with statements(store.engine) as sent:
        known = await store.archive.known(possible_ids(lease.feed.id, document.entries))
        findings = compare(lease.feed, document, known, NOON)
        assert await store.archive.store(lease, FeedState(), findings)
    assert len(await store.published()) == 500
    assert len(sent) <= 6, sent


async def test_message_carries_the_article_under_its_key_and_headers(store: SqlStore) -> None:
    await store.registry.add(URL, "Outlet")
    lease = await lease_one(store)
    findings = compare(lease.feed, entries("a"), {}, NOON)
    assert await store.archive.store(lease, FeedState(), findings)
    [row] = await store.rows(select(tables.outbox))
    [article] = await store.messages()
    headers = dict(row.headers)
    assert (row.topic, row.key) == ("test.articles.v1", article.id)
    assert headers["ce_id"] == f"{article.id}.{article.revision}"
    assert headers["ce_type"] == "accesswatch.article.v1"
    assert headers["ce_source"] == "accesswatch/poller"
    assert headers["correlation_id"] == article.id
    assert article == findings.new[0]


async def test_archive_row_holds_the_whole_article(store: SqlStore) -> None:
    await store.registry.add(URL, "Outlet", "en")
    lease = await lease_one(store)
    findings = compare(lease.feed, entries("a"), {}, NOON)
    assert await store.archive.store(lease, FeedState(), findings)
    [row] = await store.rows(select(tables.articles))
    values = row._asdict()
    assert values.pop("last_seen_at") == NOON
    values["id"] = values.pop("article_id")
    assert Article.model_validate(values) == findings.new[0]


async def test_last_seen_is_kept_to_the_hour(store: SqlStore) -> None:
    await store.registry.add(URL)
    for minutes in (0, 30, 61):
        store.clock.at = NOON + timedelta(minutes=minutes)
        await ArchiveContract().poll(store, entries("a"))
        [seen] = await store.rows(select(tables.articles.c.last_seen_at))
        expected = NOON if minutes < 60 else store.clock.at
        assert seen.last_seen_at == expected


async def test_articles_outlive_their_feed(store: SqlStore) -> None:
    await store.registry.add(URL)
    await ArchiveContract().poll(store, entries("a"))
    await store.registry.remove(URL)
    [count] = await store.rows(select(func.count()).select_from(tables.articles))
    assert count[0] == 1
