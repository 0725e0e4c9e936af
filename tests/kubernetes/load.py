"""Articles that come while something happens to the services, and what became of them."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from typing import TypeVar

from services.poller.adapters.registry import SqlFeedRegistry
from services.poller.domain.feed import feed_spec
from services.runtime.clock import SystemClock
from tests.faults.outlets import Outlets, made_up_entries
from tests.faults.receiver import Receiver
from tests.kubernetes.commands import until
from tests.kubernetes.installation import Installation
from tests.kubernetes.servers import served

SEED = 20261124
FEEDS = 3
ENTRIES = 1000
"""Of each feed; more than any test comes to show."""
POLL_SECONDS = 0.5
SETTLE_SECONDS = 240
T = TypeVar("T")


class Load:
    """Feeds that grow, and a receiver that counts.

    Args:
        installed: the release that polls and delivers.
        urls: the feeds' addresses.
        outlets: serves them.
        receiver: takes the alerts.
        subscription: name of the one that watches.
    """

    def __init__(
        self,
        installed: Installation,
        urls: list[str],
        outlets: Outlets,
        receiver: Receiver,
        subscription: str,
    ) -> None:
        self._installed = installed
        self._urls = urls
        self._outlets = outlets
        self._subscription = subscription
        self.receiver = receiver

    @property
    def sent(self) -> set[tuple[str, str]]:
        """The articles that were published: feed and title."""
        numbers = range(FEEDS * self._outlets.shown)
        return {(self._urls[number % FEEDS], f"Report {number}") for number in numbers}

    def publish(self, entries: int) -> None:
        """Publish so many further entries in every feed at once."""
        self._outlets.shown = min(ENTRIES, self._outlets.shown + entries)

    async def while_publishing(self, work: Awaitable[T]) -> T:
        """Publish an entry in every feed twice a second until work is done; return its result."""
        task = asyncio.ensure_future(work)
        while not task.done():
            self.publish(1)
            await asyncio.wait({task}, timeout=POLL_SECONDS)
        return await task

    async def settled(self) -> None:
        """Wait until every article is stored, and every delivery has ended."""
        await until(self._has_settled, SETTLE_SECONDS, "all articles stored, all alerts delivered")

    async def _has_settled(self) -> bool:
        sql = """
            SELECT (SELECT count(*) FROM alerting.articles a JOIN poller.feeds f ON f.id = a.feed_id
                    WHERE f.url = ANY(:urls)),
                   (SELECT count(*) FROM alerting.deliveries WHERE state = 'pending'),
                   (SELECT count(*) FROM alerting.outbox)"""
        ((stored, pending, unsent),) = await self._installed.rows(sql, urls=self._urls)
        return int(stored) >= len(self.sent) and not pending and not unsent

    async def archived(self) -> list[tuple[str, str]]:
        """Return the articles in the archive, feed and title, once for each revision."""
        sql = """SELECT f.url, a.title FROM poller.articles a JOIN poller.feeds f
                 ON f.id = a.feed_id WHERE f.url = ANY(:urls)"""
        return [(str(url), str(title)) for url, title in await self._rows(sql)]

    async def stored(self) -> list[tuple[str, str]]:
        """Return the articles that went all the way, feed and title."""
        sql = """SELECT f.url, a.title FROM alerting.articles a JOIN poller.feeds f
                 ON f.id = a.feed_id WHERE f.url = ANY(:urls)"""
        return [(str(url), str(title)) for url, title in await self._rows(sql)]

    async def alerts(self) -> set[str]:
        """Return the ids of the alerts that the subscription had."""
        sql = """SELECT a.id FROM alerting.alerts a JOIN alerting.subscriptions s
                 ON s.id = a.subscription_id WHERE s.name = :name"""
        return {str(row[0]) for row in await self._installed.rows(sql, name=self._subscription)}

    async def _rows(self, sql: str) -> list[tuple[object, ...]]:
        return await self._installed.rows(sql, urls=self._urls)

    async def nothing_is_lost_and_nothing_twice(self) -> None:
        """Wait until all is done; assert that each article and each alert is there once."""
        await self.settled()
        archived, stored, alerts = await self.archived(), await self.stored(), await self.alerts()
        assert sorted(archived) == sorted(self.sent)
        assert sorted(stored) == sorted(self.sent)
        assert len(alerts) > len(self.sent) / 20
        assert set(self.receiver.alerts) == alerts
        assert all(len(ids) == 1 for ids in self.receiver.alerts.values())
        report = await self._installed.audit()
        assert report["missing"] == []
        assert report["counts"]["dead_lettered"] == 0


@asynccontextmanager
async def load(installed: Installation, name: str) -> AsyncIterator[Load]:
    """Make feeds, a receiver and a subscription; nothing is published yet."""
    outlets, receiver = Outlets(made_up_entries(SEED, FEEDS, FEEDS * ENTRIES)), Receiver()
    host = installed.cluster.host
    async with served(outlets.app, host) as feeds, served(receiver.app, host) as hook:
        urls = [f"{feeds}/{number}.xml" for number in range(FEEDS)]
        registry = SqlFeedRegistry(installed.engine, SystemClock())
        await registry.add_all(feed_spec(url, interval=POLL_SECONDS) for url in urls)
        watched = ("--actor", "ICRC", "--actor", "UNHCR", "--route", "Lachin-Khankendi")
        await installed.accesswatch("subscribe", name, *watched, "--channel", f"{hook}/alerts")
        try:
            yield Load(installed, urls, outlets, receiver, name)
        finally:
            for url in urls:
                await registry.remove(url)
            await installed.accesswatch("subscriptions", "remove", name)
