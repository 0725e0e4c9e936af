"""Digests on a real PostgreSQL, sent to real receivers."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default

import orjson
import pytest
from sqlalchemy import delete, func, select, text
from sqlalchemy.ext.asyncio import AsyncEngine
from standardwebhooks import Webhook
from starlette.responses import Response

from schemas import ActorMention, Digest, RouteMention, Topics
from schemas.digest import MOST_ALERTS, MOST_DAYS
from services.alerting.adapters.alert_queries import AlertQueries
from services.alerting.adapters.channels.apprise import AppriseNotifier
from services.alerting.adapters.channels.email import EmailNotifier
from services.alerting.adapters.deliveries import SqlDeliveries
from services.alerting.adapters.digests import store_digests
from services.alerting.adapters.store import SqlStore
from services.alerting.adapters.subscriptions import SqlSubscriptions
from services.alerting.adapters.tables import alerts, deliveries, digests
from services.alerting.domain.channel import Channel, ChannelKind
from services.alerting.domain.delivery import DeliveryState
from services.alerting.domain.subscription import Subscription, Watch
from services.alerting.ports import Backfill
from services.runtime.clock import FakeClock
from services.runtime.settings import HttpSettings
from tests.faults.outlets import served
from tests.integration.alerting.test_delivering import Hook, TimeLine, hooked, mail_server
from tests.support.builders import NOON, article, statement, statement_message
from tests.support.history import extracted, headers_of, told

REPLAY = "replay"
AFTER = timedelta(days=9).total_seconds()
"""When digests are made, in seconds after noon."""
PAST = [
    told(
        number,
        NOON + timedelta(hours=number),
        url=f"https://outlet.example/2026/11/news/humanitarian-access/articles/{number}",
    )
    for number in range(90)
]
STATED = sum(number % 3 for number in range(90))
BOTH = (Channel(ChannelKind.CONSOLE, ""), Channel(ChannelKind.EMAIL, "a@b.example"))


async def backfilled(
    engine: AsyncEngine, *names: str, channels: Sequence[Channel] = BOTH
) -> list[Subscription]:
    subscriptions = SqlSubscriptions(engine, FakeClock(NOON))
    watch = Watch(actors=("icrc",))
    watching = [await subscriptions.add(name, watch, channels) for name in names]
    store = SqlStore(engine, FakeClock(NOON), Topics())
    messages = [(headers_of(each), extracted(each, "v")) for each in PAST]
    await store.store(messages, Backfill(REPLAY))
    return watching


async def digest(engine: AsyncEngine) -> int:
    async with engine.begin() as connection:
        return await store_digests(connection, REPLAY, NOON + timedelta(seconds=AFTER))


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


async def test_names_are_counted_under_the_gazetteers_id(engine: AsyncEngine) -> None:
    await SqlSubscriptions(engine, FakeClock(NOON)).add("roads", Watch(), [])
    spelt = ["ICRC", "ICRC", "МККК"]
    messages = []
    for number, name in enumerate(spelt):
        body = article(f"article {number}", fetched_at=NOON + timedelta(days=number))
        mentions = [ActorMention(name=name, id="icrc")] * 2
        routes = [RouteMention(name="Old bridge"), RouteMention(name=f"Road {number}")]
        found = statement(f"Sentence {number}.", actors=mentions, routes=routes)
        messages.append((headers_of(body), statement_message(body, found)))
    await SqlStore(engine, FakeClock(NOON), Topics()).store(messages, Backfill(REPLAY))
    assert await digest(engine) == 1
    made = (await AlertQueries(engine).digests())[0].digest
    assert [(each.id, each.name, each.alerts) for each in made.actors] == [("icrc", "ICRC", 3)]
    assert [(each.name, each.alerts) for each in made.routes[:2]] == [
        ("Old bridge", 3),
        ("Road 0", 1),
    ]
    assert [each.alerts for each in made.days] == [1, 1, 1]


async def test_a_subscription_with_very_many_alerts_gets_the_newest_hundred(
    engine: AsyncEngine,
) -> None:
    await backfilled(engine, "roads")
    # Copies of each, one a day, from long ago.
    grow = text("""
        INSERT INTO alerting.alerts
            (id, subscription_id, statement_id, article_id, body, created_at, replay_id)
        SELECT md5(a.id || n), a.subscription_id, a.statement_id, a.article_id,
            jsonb_set(a.body, '{article,fetched_at}',
                to_jsonb(to_char(date '2015-01-01' + n, 'YYYY-MM-DD"T12:00:00Z"'))),
            a.created_at, a.replay_id
        FROM alerting.alerts AS a, generate_series(1, 400) AS n
    """)
    async with engine.begin() as connection:
        await connection.execute(grow)
    assert await digest(engine) == 1
    made = (await AlertQueries(engine).digests())[0].digest
    assert made.total == STATED * 401
    assert len(made.alerts) == MOST_ALERTS
    assert (len(made.days), made.days[-1].day) == (MOST_DAYS, PAST[89].fetched_at.date())
    assert made.since == datetime(2015, 1, 2, 12, tzinfo=UTC)
    assert min(each.article.fetched_at for each in made.alerts) < NOON


async def test_a_digest_is_posted_signed_and_named(engine: AsyncEngine) -> None:
    async with hooked(engine) as (line, hook, channel):
        hook.answers = [Response(status_code=503)]
        watching = await backfilled(engine, "roads", channels=[channel])
        await digest(engine)
        assert await line.at(AFTER) == (1, DeliveryState.PENDING)
        assert await line.at(AFTER + 60) == (1, DeliveryState.SENT)
        assert await line.at(AFTER + 600) == (0, DeliveryState.SENT)
    (first, body), (second, again) = hook.received
    assert first["webhook-id"] == second["webhook-id"]
    assert first["accesswatch-contract"] == "digest.v1"
    assert body == again
    received = Digest.model_validate_json(body)
    assert (received.backfill, received.total) == (True, STATED)
    secret = watching[0].channels[0].secret
    assert secret
    at = line.clock.at - timedelta(seconds=540)
    signed = Webhook(secret).sign(second["webhook-id"], at, again.decode())
    assert second["webhook-signature"] == signed


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
async def test_a_digest_arrives_as_one_mail_marked_as_backfill(engine: AsyncEngine) -> None:
    async with mail_server() as (settings, mailbox):
        line = TimeLine(engine, {ChannelKind.EMAIL: EmailNotifier(settings)})
        channel = Channel(ChannelKind.EMAIL, "anna@example.org")
        await backfilled(engine, "roads", channels=[channel])
        await digest(engine)
        assert await line.at(AFTER) == (1, DeliveryState.SENT)
    (mail,) = mailbox.mails
    read = message_from_bytes(mail.content, policy=default)
    assert read["Subject"] == f"[roads] Backfill: {STATED} statements, 24 to 28 November 2026"
    plain, html = (part.get_content() for part in read.iter_parts())
    assert "Friday, 27 November 2026" in plain
    assert "“Road 89.0 is open to aid.”" in plain
    assert "<blockquote>" in html


async def test_a_digest_reaches_apprise_cut_to_what_the_service_holds(engine: AsyncEngine) -> None:
    hook = Hook()
    hook.answers = [Response("ok")]
    allowed = HttpSettings(allowed_private=("127.0.0.1",))
    async with served(hook.app) as port, AppriseNotifier(allowed) as notifier:
        line = TimeLine(engine, {ChannelKind.APPRISE: notifier})
        # It takes 4,000 characters at the most, and no titles.
        channel = Channel(ChannelKind.APPRISE, f"mmost://127.0.0.1:{port}/{'a' * 24}")
        await backfilled(engine, "roads", channels=[channel])
        await digest(engine)
        assert await line.at(AFTER) == (1, DeliveryState.SENT)
    ((_, body),) = hook.received
    sent = orjson.loads(body)["text"]
    assert 3_500 < len(sent) <= 4_000
    assert sent.startswith(f"[roads] Backfill: {STATED} statements")
    assert "more are stored" in sent


async def test_a_delivery_whose_alert_is_gone_keeps_no_other_waiting(engine: AsyncEngine) -> None:
    await backfilled(engine, "roads", "bridges")
    await digest(engine)
    async with engine.begin() as connection:
        some = select(digests.c.id).limit(1).scalar_subquery()
        await connection.execute(delete(digests).where(digests.c.id == some))
    leased = await SqlDeliveries(engine).lease("me", NOON + timedelta(days=10), 10, 60)
    assert len(leased) == 2
