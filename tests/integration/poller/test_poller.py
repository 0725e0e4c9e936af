"""The whole poller: a web server, worker processes and PostgreSQL."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from schemas import Article, Topics
from services.poller.adapters import tables
from services.poller.adapters.archive import SqlArchive
from services.poller.adapters.fetcher import HttpFetcher
from services.poller.adapters.parser import ProcessParser
from services.poller.adapters.registry import SqlFeedRegistry
from services.poller.domain.failure import FailureReason
from services.poller.service import Poller
from services.runtime.clock import FakeClock
from services.runtime.http import GuardedClient
from services.runtime.settings import HttpSettings, PollerSettings
from tests.integration.poller.outlet import Outlet, serve_outlet

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
HOSTILE = (
    b'<rss version="2.0"><channel><item><guid>g&#0;</guid><title>a&#xD800;b\0</title>'
    b"<description>nul \0 and half &#xDFFF; a character</description></item>&"
)


def rss(*names: str, text: str = "Text.") -> bytes:
    items = "".join(
        f"<item><title>{name}</title><guid>{name}</guid><description>{text}</description></item>"
        for name in names
    )
    return f'<rss version="2.0"><channel><title>A</title>{items}</channel></rss>'.encode()


@pytest.fixture
async def outlet() -> AsyncIterator[Outlet]:
    async with serve_outlet() as found:
        yield found


async def test_feeds_become_archive_rows_and_messages(engine: AsyncEngine, outlet: Outlet) -> None:
    clock = FakeClock(NOON)
    registry = SqlFeedRegistry(engine, clock)
    archive = SqlArchive(engine, clock, Topics())
    settings = HttpSettings(allowed_private=("127.0.0.1",))
    good = await registry.add(outlet.answer("/good", "200 OK", rss("two", "one"), {"ETag": '"1"'}))
    hostile = await registry.add(outlet.answer("/hostile", "200 OK", HOSTILE))
    page = await registry.add(outlet.answer("/page", "200 OK", b"<html>Home"))
    gone = await registry.add(outlet.answer("/gone", "410 Gone"))

    async with GuardedClient(settings) as client, ProcessParser(1000) as parser:
        fetcher = HttpFetcher(client, clock, 2)
        poller = Poller(registry, archive, fetcher, parser, clock, PollerSettings())
        assert await poller.poll_due() == 4
        clock.at += timedelta(seconds=700)
        outlet.answer("/good", "304 Not Modified")
        assert await poller.poll_due() == 3
        clock.at += timedelta(seconds=700)
        outlet.answer("/good", "200 OK", rss("two", "one", text="Changed."))
        await poller.poll_due()

    async with engine.connect() as connection:
        rows = await connection.execute(select(tables.outbox.c.value).order_by(tables.outbox.c.id))
        articles = [Article.model_validate_json(row.value) for row in rows]
    of_good = [(each.title, each.revision_number) for each in articles if each.feed_id == good.id]
    assert of_good == [("one", 1), ("two", 1), ("one", 2), ("two", 2)]
    [odd] = [each for each in articles if each.feed_id == hostile.id]
    assert "\0" not in odd.text + odd.title
    states = {feed.id: feed.state for feed in await registry.list()}
    assert states[page.id].failure_reason is FailureReason.NOT_A_FEED
    assert states[page.id].consecutive_failures == 2
    assert states[gone.id].next_poll_at == NOON + timedelta(days=1)
    assert states[good.id].articles == 2
    assert [path for path, sent in outlet.requests if "if-none-match" in sent] == ["/good"] * 2
