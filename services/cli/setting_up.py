"""What has to be there before services run: schemas, topics, feeds, sample subscriptions."""

from sqlalchemy.ext.asyncio import AsyncEngine

from services.alerting.adapters.subscriptions import SqlSubscriptions
from services.alerting.domain.channel import Channel, ChannelKind
from services.cli.migrations import MIGRATIONS
from services.cli.watching import watch_of
from services.poller.adapters.default_feeds import default_feeds
from services.poller.adapters.registry import SqlFeedRegistry
from services.runtime.clock import SystemClock
from services.runtime.database import create_engine, wait_for_database
from services.runtime.kafka.connection import wait_for_kafka
from services.runtime.kafka.topics import create_topics
from services.runtime.migrations import migrate
from services.runtime.settings import Settings
from services.sample_outlet.articles import sample_subscriptions

SAMPLE_TAG = "sample"
SAMPLE_INTERVAL = 3.0
"""Seconds between polls of the sample outlet, so that its alerts show soon."""


async def prepare(settings: Settings, *, use_default_feeds: bool, sample_feed: str | None) -> None:
    """Set up database, topics, feeds and sample subscriptions; safe to repeat.

    Args:
        settings: with the addresses of both servers.
        use_default_feeds: whether to add the curated feeds where none is registered.
        sample_feed: address of the sample outlet's feed, or None for a run without it.
    """
    engine = create_engine(settings.database)
    try:
        await wait_for_database(engine, settings.database.connect_timeout)
        await migrate(engine, MIGRATIONS)
        await wait_for_kafka(settings.kafka)
        await create_topics(settings.kafka)
        await _register_feeds(engine, use_default_feeds, sample_feed)
        await _register_sample_subscriptions(engine, wanted=sample_feed is not None)
    finally:
        await engine.dispose()


async def _register_feeds(
    engine: AsyncEngine, use_default_feeds: bool, sample_feed: str | None
) -> None:
    registry = SqlFeedRegistry(engine, SystemClock())
    known = await registry.list()
    if use_default_feeds and all(SAMPLE_TAG in feed.tags for feed in known):
        await registry.add_all(default_feeds())
    for feed in known:
        # It may have had another port in an earlier run.
        if SAMPLE_TAG in feed.tags:
            await registry.remove(feed.id)
    if sample_feed:
        await registry.add(
            sample_feed, title="Sample Outlet", interval=SAMPLE_INTERVAL, tags=(SAMPLE_TAG,)
        )


async def _register_sample_subscriptions(engine: AsyncEngine, *, wanted: bool) -> None:
    subscriptions = SqlSubscriptions(engine, SystemClock())
    known = {each.name: each for each in await subscriptions.list()}
    for sample in sample_subscriptions():
        name = sample["name"]
        if wanted and name not in known:
            channels = [Channel(ChannelKind.CONSOLE, "")]
            await subscriptions.add(name, watch_of(**sample), channels, origin=SAMPLE_TAG)
        elif not wanted and name in known and known[name].origin == SAMPLE_TAG:
            await subscriptions.remove(name)
