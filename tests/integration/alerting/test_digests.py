"""Digests on a real PostgreSQL, sent to real receivers."""

from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from schemas import Digest, Topics
from services.alerting.adapters.alert_queries import AlertQueries
from services.alerting.adapters.deliveries import SqlDeliveries
from services.alerting.adapters.digests import store_digests
from services.alerting.adapters.store import SqlStore
from services.alerting.adapters.subscriptions import SqlSubscriptions
from services.alerting.adapters.tables import alerts, deliveries, digests
from services.alerting.domain.channel import Channel, ChannelKind
from services.alerting.domain.subscription import Watch
from services.runtime.clock import FakeClock
from tests.support.builders import NOON
from tests.support.history import extracted, headers_of, told

REPLAY = "replay"
PAST = [told(number, NOON + timedelta(hours=number)) for number in range(90)]
STATED = sum(number % 3 for number in range(90))


async def backfilled(engine: AsyncEngine, *names: str) -> None:
    subscriptions = SqlSubscriptions(engine, FakeClock(NOON))
    for name in names:
        channels = [Channel(ChannelKind.CONSOLE, ""), Channel(ChannelKind.EMAIL, "a@b.example")]
        await subscriptions.add(name, Watch(actors=("icrc",)), channels)
    store = SqlStore(engine, FakeClock(NOON), Topics())
    messages = [(headers_of(each), extracted(each, "v")) for each in PAST]
    await store.store(messages, replay_id=REPLAY)


async def digest(engine: AsyncEngine) -> int:
    async with engine.begin() as connection:
        return await store_digests(connection, REPLAY, NOON + timedelta(days=9))


async def count(engine: AsyncEngine, table: object) -> int:
    async with engine.connect() as connection:
        return int(await connection.scalar(select(func.count()).select_from(table)) or 0)  # type: ignore[arg-type]


async def test_a_digest_tells_all_that_a_replay_found(engine: AsyncEngine) -> None:
    await backfilled(engine, "roads")
    assert await count(engine, alerts) == STATED
    assert await digest(engine) == 1
    (status,) = await AlertQueries(engine).digests()
    found = status.digest
    assert (found.total, found.subscription_name, found.backfill) == (STATED, "roads", True)
    assert sum(day.alerts for day in found.days) == STATED
    assert [day.day for day in found.days] == sorted(day.day for day in found.days)
    assert [(each.name, each.alerts) for each in found.stances] == [("enabling", STATED)]
    moments = [each.article.fetched_at for each in found.alerts]
    assert moments == sorted(moments, reverse=True)
    assert (found.since, found.until) == (PAST[1].fetched_at, PAST[89].fetched_at)
    assert sorted(each.channel for each in status.deliveries) == ["console", "email"]


async def test_a_digest_is_made_once(engine: AsyncEngine) -> None:
    await backfilled(engine, "roads", "bridges")
    assert await digest(engine) == 2
    assert await digest(engine) == 0
    assert (await count(engine, digests), await count(engine, deliveries)) == (2, 4)


async def test_a_paused_subscription_gets_none(engine: AsyncEngine) -> None:
    await backfilled(engine, "roads", "bridges")
    await SqlSubscriptions(engine, FakeClock(NOON)).set_active("bridges", active=False)
    assert await digest(engine) == 1


async def test_a_due_digest_is_leased_as_one_delivery(engine: AsyncEngine) -> None:
    await backfilled(engine, "roads")
    await digest(engine)
    leased = await SqlDeliveries(engine).lease("me", NOON + timedelta(days=10), 10, 60)
    assert len(leased) == 2
    assert all(isinstance(each.notice, Digest) for each in leased)


async def test_a_replay_that_found_nothing_makes_no_digest(engine: AsyncEngine) -> None:
    assert await digest(engine) == 0
    assert await count(engine, digests) == 0
