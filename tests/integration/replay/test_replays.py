"""Replays end to end: nothing doubles, nothing is lost, nobody is told unasked."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import delete, func, select

from services.alerting.adapters import tables as alerting
from services.alerting.adapters.subscriptions import SqlSubscriptions
from services.alerting.domain.channel import Channel, ChannelKind
from services.alerting.domain.subscription import Watch
from services.replay.domain.job import Source, State
from services.replay.domain.request import Choice, Kind, Request
from services.runtime.clock import FakeClock
from services.runtime.errors import ConflictError, NotFoundError, UnavailableError
from tests.integration.replay.conftest import Replays
from tests.support.builders import NOON
from tests.support.history import History, told

ALL = Request(Kind.ARTICLES)
STATEMENTS = Request(Kind.STATEMENTS)
PAST = [told(number, NOON + timedelta(minutes=number)) for number in range(30)]
STATED = sum(number % 3 for number in range(30))


async def subscribe(history: History, name: str = "all") -> None:
    subscriptions = SqlSubscriptions(history.engine, FakeClock(NOON))
    channels = [Channel(ChannelKind.CONSOLE, "")]
    await subscriptions.add(name, Watch(actors=("icrc",)), channels)


async def count(history: History, table: object, *conditions: object) -> int:
    async with history.engine.connect() as connection:
        query = select(func.count()).select_from(table).where(*conditions)  # type: ignore[arg-type]
        return int(await connection.scalar(query) or 0)


async def test_a_new_extractor_supersedes_the_old_statements_and_keeps_them(
    history: History, replays: Replays
) -> None:
    await history.live(PAST)
    progress = await replays.run(ALL, version="new")
    assert (progress.counts.read, progress.counts.statements) == (30, STATED)
    c = alerting.statements.c
    assert await count(history, alerting.statements, c.superseded_at.is_(None)) == STATED
    assert await count(history, alerting.statements, c.extractor_version == "old") == STATED
    old_in_force = (c.extractor_version == "old", c.superseded_at.is_(None))
    assert await count(history, alerting.statements, *old_in_force) == 0


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("source", list(Choice))
async def test_replaying_a_stretch_twice_changes_not_one_row(
    history: History, replays: Replays, kind: Kind, source: Choice
) -> None:
    await subscribe(history)
    await history.live(PAST)
    request = Request(kind, source=source)
    await replays.run(request, "first")
    before = await history.dump()
    await replays.run(request, "second")
    assert await history.dump() == before


async def test_a_new_subscription_gets_last_months_alerts_without_being_told(
    history: History, replays: Replays
) -> None:
    await history.live(PAST)
    await subscribe(history)
    progress = await replays.run(STATEMENTS)
    assert progress.counts.alerts == STATED
    assert progress.counts.statements == 0
    job = await replays.jobs.get("test")
    assert await count(history, alerting.alerts, alerting.alerts.c.replay_id == job.id) == STATED
    assert await count(history, alerting.deliveries) == 0
    assert await count(history, alerting.outbox) == 0


async def test_notify_sends_one_digest_for_each_subscription(
    history: History, replays: Replays
) -> None:
    await history.live(PAST)
    await subscribe(history, "one")
    await subscribe(history, "two")
    await replays.run(Request(Kind.STATEMENTS, notify=True))
    assert await count(history, alerting.digests) == 2
    assert await count(history, alerting.deliveries) == 2


async def test_a_replay_of_old_statements_matches_what_holds_today(
    history: History, replays: Replays
) -> None:
    await history.live(PAST)
    await replays.run(ALL, "again", version="new")
    await subscribe(history)
    await replays.run(STATEMENTS)
    async with history.engine.connect() as connection:
        bodies = (await connection.execute(select(alerting.alerts.c.statement_id))).scalars().all()
        known = await connection.execute(
            select(alerting.statements.c.id).where(alerting.statements.c.superseded_at.is_(None))
        )
        assert set(bodies) == set(known.scalars())


async def test_what_was_lost_is_stored_again(history: History, replays: Replays) -> None:
    await history.live(PAST)
    before = await history.dump()
    async with history.engine.begin() as connection:
        for table in (alerting.inbox, alerting.articles, alerting.statements):
            await connection.execute(delete(table))
    progress = await replays.run(STATEMENTS)
    assert progress.counts.statements == STATED
    after = await history.dump()
    assert len(after["alerting.statements"]) == len(before["alerting.statements"])
    assert after["alerting.articles"] == before["alerting.articles"]


async def test_the_archive_is_read_where_the_topic_holds_nothing(
    history: History, replays: Replays
) -> None:
    await history.archive(PAST)
    job = await replays.make(ALL)
    assert [part.source for part, _, _ in await replays.jobs.parts(job.id)] == [Source.ARCHIVE]
    assert job.plan == ("30 from the archive, since the topic holds none of it",)
    await replays.worker().run(asyncio.Event(), job.id)
    assert await count(history, alerting.articles) == 30


async def test_the_topic_is_read_as_far_as_it_reaches_and_the_archive_for_the_rest(
    history: History, replays: Replays
) -> None:
    older = [told(100 + n, NOON - timedelta(days=1, minutes=n)) for n in range(4)]
    await history.archive(older)
    await history.live(PAST)
    job = await replays.make(ALL)
    parts = await replays.jobs.parts(job.id)
    assert sum(part.expected for part, _, _ in parts if part.source is Source.ARCHIVE) == 4
    assert sum(part.expected for part, _, _ in parts if part.source is Source.TOPIC) == 30
    await replays.worker(version="new").run(asyncio.Event(), job.id)
    c = alerting.articles.c
    assert await count(history, alerting.articles, c.extractor_version == "new") == 34


@pytest.mark.parametrize("source", [Choice.TOPIC, Choice.ARCHIVE])
async def test_times_feeds_and_languages_choose(
    history: History, replays: Replays, source: Choice
) -> None:
    articles = [
        told(
            n,
            NOON + timedelta(minutes=n),
            feed_id=f"feed-{n % 2}",
            language="en" if n < 8 else "fr",
        )
        for n in range(12)
    ]
    await history.live(articles)
    request = Request(
        Kind.ARTICLES,
        since=NOON + timedelta(minutes=2),
        until=NOON + timedelta(minutes=10),
        feeds=("feed-0",),
        languages=("en",),
        source=source,
    )
    await replays.run(request, version="new")
    async with history.engine.connect() as connection:
        c = alerting.articles.c
        query = select(c.id).where(c.extractor_version == "new")
        found = set((await connection.execute(query)).scalars())
    assert found == {articles[n].id for n in (2, 4, 6)}


async def test_offsets_choose(history: History, replays: Replays) -> None:
    await history.live(PAST)
    request = Request(Kind.ARTICLES, first={0: 1}, last={0: 4})
    assert (await replays.run(request)).counts.read == 3


async def test_offsets_that_are_not_there_are_refused(history: History, replays: Replays) -> None:
    await history.live(PAST)
    with pytest.raises(NotFoundError, match=r"offset 999 of partition 0 .* beyond its end"):
        await replays.make(Request(Kind.ARTICLES, first={0: 999}))


async def test_a_stretch_with_nothing_in_it_is_refused(history: History, replays: Replays) -> None:
    await history.live(PAST)
    with pytest.raises(NotFoundError, match="there are no articles from 2026-12-01"):
        await replays.make(Request(Kind.ARTICLES, since=NOON + timedelta(days=7)))


async def test_what_waits_for_the_live_path_is_left_to_it(
    history: History, replays: Replays
) -> None:
    await history.live(PAST)
    later = [told(200 + n, NOON + timedelta(hours=1, minutes=n)) for n in range(5)]
    await history.archive(later)
    await history.publish(later)
    job = await replays.make(ALL)
    assert job.plan[-1] == "5 more wait for the live path, and are left to it"
    await replays.worker(version="new").run(asyncio.Event(), job.id)
    assert await count(history, alerting.articles) == 30


async def test_statements_that_alerting_has_not_stored_hold_a_replay_back(
    history: History, replays: Replays
) -> None:
    await history.live(PAST)
    await history.tell([told(300)])
    with pytest.raises(UnavailableError, match="wait to be stored"):
        await replays.make(ALL)


async def test_two_replays_of_one_name_are_refused_while_one_runs(
    history: History, replays: Replays
) -> None:
    await history.live(PAST)
    await replays.make(ALL)
    with pytest.raises(ConflictError, match="'test' is not finished"):
        await replays.make(ALL)
    job = await replays.jobs.get("test")
    await replays.jobs.change(job, State.CANCELLED, list(State), NOON)
    await replays.make(ALL)


async def test_several_workers_share_a_replay(history: History, replays: Replays) -> None:
    await history.live(PAST)
    job = await replays.make(ALL)
    workers = [replays.worker(f"worker {n}", "new") for n in range(3)]
    await asyncio.gather(*(worker.run(asyncio.Event(), job.id) for worker in workers))
    progress = await replays.jobs.progress(job.id)
    assert (progress.counts.read, progress.finished) == (30, progress.parts)
    assert (await replays.jobs.get("test")).state is State.FINISHED


async def test_an_unreadable_record_is_counted_and_named(
    history: History, replays: Replays
) -> None:
    await history.live(PAST)
    await history.send_raw(history.topics.articles, b"no JSON")
    await history.commit()
    progress = await replays.run(ALL, version="new")
    assert (progress.counts.read, progress.counts.failed) == (31, 1)
    (problem,) = (await replays.jobs.get("test")).problems
    assert history.topics.articles in problem.where
    assert (await replays.jobs.get("test")).state is State.FINISHED


async def test_what_a_silent_replay_found_is_told_when_it_is_replayed_with_notify(
    history: History, replays: Replays
) -> None:
    await history.live(PAST)
    await subscribe(history)
    await replays.run(STATEMENTS, "silent")
    await replays.run(Request(Kind.STATEMENTS, notify=True), "told")
    assert await count(history, alerting.digests, alerting.digests.c.alerts == STATED) == 1
    await replays.run(Request(Kind.STATEMENTS, notify=True), "again")
    assert await count(history, alerting.digests) == 1


async def test_a_cancelled_replay_tells_what_it_has_found(
    history: History, replays: Replays
) -> None:
    await history.live(PAST)
    await subscribe(history)
    job = await replays.make(Request(Kind.STATEMENTS, notify=True))
    stop = asyncio.Event()
    worker = replays.worker()
    leased = await replays.jobs.lease("one/1", replays.clock.now(), job.id)
    assert leased is not None
    async with worker._sources.open(job, leased.part) as reader:
        await worker._step(leased, reader, stop)
    found = (await replays.jobs.progress(job.id)).counts.alerts
    assert await replays.jobs.change(job, State.CANCELLED, [State.RUNNING], NOON)
    assert 0 < found < STATED
    assert await count(history, alerting.digests, alerting.digests.c.alerts == found) == 1


async def test_a_part_that_retention_took_is_read_from_the_archive(
    history: History, replays: Replays
) -> None:
    await history.live(PAST)
    job = await replays.make(ALL)
    leased = await replays.jobs.lease("one/1", replays.clock.now(), job.id)
    assert leased is not None
    assert await replays.jobs.turn_to_archive(leased)
    await replays.jobs.release(["one/1"])
    await replays.worker(version="new").run(asyncio.Event(), job.id)
    c = alerting.articles.c
    assert await count(history, alerting.articles, c.extractor_version == "new") == 30
    assert (await replays.jobs.get("test")).state is State.FINISHED


async def test_a_dead_letter_stays_with_the_live_path(history: History, replays: Replays) -> None:
    await history.live(PAST)
    await history.bury(PAST[4])
    await replays.run(ALL, version="new")
    c = alerting.articles.c
    assert await count(history, alerting.articles, c.extractor_version == "new") == 29
