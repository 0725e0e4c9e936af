"""What is stored, as dry runs and backtests read it."""

from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncEngine

from schemas import (
    ActorMention,
    Article,
    EventType,
    Headers,
    RouteMention,
    Speaker,
    Stance,
    Statement,
    StatementMessage,
    Topic,
    Topics,
)
from services.alerting.adapters.store import SqlStore
from services.alerting.adapters.subscriptions import SqlSubscriptions
from services.alerting.domain.channel import Channel, ChannelKind
from services.alerting.domain.identity import alert_id
from services.alerting.domain.matching import SubscriptionIndex
from services.alerting.domain.subscription import Watch
from services.poller.adapters.tables import articles as archive
from services.replay.adapters.stored_statements import SqlStored, page_query
from services.replay.backtesting import backtest
from services.replay.domain.backtest import ArticleStatements
from services.replay.domain.reading import Reading
from services.runtime.clock import FakeClock
from tests.support.builders import NOON, article, hexadecimal, statement, statement_message
from tests.support.stored import subscription

DAY = timedelta(days=1)
OPEN = "The Lachin road is open to aid convoys."
SHUT = "The crossing was shut, the ICRC said."


def found(body: Article, *several: Statement, version: str = "test") -> StatementMessage:
    """Return an article's statements with ids of their own."""
    statements = [
        each.model_copy(
            update={
                "id": hexadecimal(f"{body.id} {body.revision} {version} {at}", 32),
                "position": at,
            }
        )
        for at, each in enumerate(several)
    ]
    message = statement_message(body, *statements)
    return message.model_copy(update={"extractor_version": version})


async def keep(engine: AsyncEngine, *messages: StatementMessage) -> None:
    store = SqlStore(engine, FakeClock(NOON), Topics())
    for number, message in enumerate(messages):
        identifier = f"{message.article.id}.{message.article.revision}.{message.extractor_version}"
        headers = Headers(
            identifier, EventType.STATEMENTS, "test", NOON + timedelta(seconds=number), "c"
        )
        await store.store([(headers, message)])


def edited(body: Article) -> Article:
    return body.model_copy(
        update={"revision": hexadecimal(f"{body.id} again", 16), "revision_number": 2}
    )


async def test_only_what_is_current_is_read(engine: AsyncEngine) -> None:
    one, two, three = article("one"), article("two"), article("three")
    await keep(
        engine,
        found(one, statement(OPEN), statement(SHUT)),
        found(edited(one), statement(SHUT), statement(OPEN)),
        found(two, statement(OPEN), version="old"),
        found(two, version="new"),
    )
    stored = SqlStored(engine)
    ids = {one.id, two.id, three.id}
    current = await stored.statements(ids)
    assert {each: [s.text for s in current[each]] for each in current} == {one.id: [SHUT, OPEN]}
    assert await stored.readings(ids) == {
        one.id: Reading(edited(one).revision, 2, "test"),
        two.id: Reading(two.revision, 1, "new"),
    }
    assert (await stored.statements([]), await stored.readings([])) == ({}, {})


async def test_the_archive_tells_the_newest_revision(engine: AsyncEngine) -> None:
    one, two = article("one"), article("two")
    rows = [
        {
            **each.model_dump(exclude={"id", "authors"}),
            "article_id": each.id,
            "authors": [],
            "last_seen_at": NOON,
        }
        for each in (one, edited(one), two)
    ]
    async with engine.begin() as connection:
        await connection.execute(archive.insert(), rows)
    assert await SqlStored(engine).newest({one.id, two.id, "x"}) == {one.id: 2, two.id: 1}


async def test_alerts_that_were_made_are_told_from_those_that_were_sent(
    engine: AsyncEngine,
) -> None:
    console = [Channel(ChannelKind.CONSOLE, "")]
    made = await SqlSubscriptions(engine, FakeClock(NOON)).add("all", Watch(), console)
    body = article()
    await keep(engine, found(body, statement(OPEN), statement(SHUT)))
    ids = [alert_id(made.id, body.id, sentence) for sentence in (OPEN, SHUT)]
    async with engine.begin() as connection:
        await connection.execute(
            text("UPDATE alerting.deliveries SET state = 'sent' WHERE alert_id = :id"),
            {"id": ids[0]},
        )
    stored = SqlStored(engine)
    assert await stored.had([*ids, "x"]) == set(ids)
    assert await stored.sent([*ids, "x"]) == {ids[0]: True, ids[1]: False}


@pytest.mark.parametrize("size", [1, 2, 3, 100])
async def test_every_article_is_on_one_page(engine: AsyncEngine, size: int) -> None:
    # Three were fetched in one moment, as a poll does.
    moments = [NOON, NOON, NOON, NOON + DAY, NOON + 2 * DAY]
    bodies = [article(str(n), fetched_at=at) for n, at in enumerate(moments)]
    await keep(engine, *(found(body, statement(f"Road {body.id}.")) for body in bodies))
    stored = SqlStored(engine, page=size)
    pages = [page async for page in stored.pages(NOON, NOON + 2 * DAY, Watch())]
    read = [each.article.id for page in pages for each in page.found]
    assert sorted(read) == sorted(body.id for body in bodies[:4])
    assert [page.articles for page in pages] == [size] * (4 // size) + [4 % size] * bool(4 % size)
    assert await stored.span() == (NOON, NOON + 2 * DAY)


async def test_an_empty_table_has_no_span(engine: AsyncEngine) -> None:
    stored = SqlStored(engine)
    assert await stored.span() is None
    assert [page async for page in stored.pages(NOON, NOON + DAY, Watch())] == []


STATEMENTS = [
    statement(
        OPEN,
        routes=[RouteMention(name="Lachin–Khankendi", id="lachin-road")],
        topics=[Topic.ROUTE_STATUS, Topic.AID_DELIVERY],
    ),
    statement(SHUT, stance=Stance.RESTRICTING, actors=[ActorMention(name="ICRC", id="icrc")]),
    statement("He spoke.", stance=Stance.DENIAL, speaker=Speaker(name="Egger", actor_id="icrc")),
    statement("A road by name.", routes=[RouteMention(name="N7 Road")]),
]
SUBJECTS: list[dict[str, Any]] = [
    {},
    {"routes": ("lachin-road",)},
    {"routes": ("LACHIN khankendi", "n7 road")},
    {"actors": ("ICRC",)},
    {"actors": ("egger",), "routes": ("nowhere",)},
    {"texts": ("crossing",)},
    {"texts": ("crossing",), "actors": ("nobody",)},
]
FILTERS: list[dict[str, Any]] = [
    {},
    {"topics": (Topic.AID_DELIVERY,)},
    {"stances": (Stance.RESTRICTING, Stance.DENIAL)},
    {"languages": ("fr",)},
]


async def test_what_stays_in_the_database_would_not_have_been_met(engine: AsyncEngine) -> None:
    bodies = [
        article(f"{n} {language}", language=language)
        for n in range(2)
        for language in ("en", "fr", None)
    ]
    messages = [found(body, *STATEMENTS) for body in bodies]
    await keep(engine, *messages)
    kept = [ArticleStatements(each.article, each.statements) for each in messages]
    narrowed = False
    for subjects, filters in product(SUBJECTS, FILTERS):
        watching = subscription("x", **subjects, **filters)
        index = SubscriptionIndex([watching])
        expected = sum(
            bool(index.match(each, article.language))
            for article, statements in ((one.article, one.statements) for one in kept)
            for each in statements
        )
        stored = SqlStored(engine)
        counted = await backtest(stored, watching, NOON, NOON + DAY)
        assert (counted.alerts, counted.statements) == (expected, 24), watching.watch
        pages = [page async for page in stored.pages(NOON, NOON + DAY, watching.watch)]
        narrowed |= sum(len(each.statements) for page in pages for each in page.found) < 24
    assert narrowed


async def test_a_range_is_read_by_index(engine: AsyncEngine) -> None:
    query = page_query(NOON, NOON + DAY, (NOON, "x"), 10, Watch(stances=(Stance.DENIAL,)))
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    literal = query.compile(dialect=dialect, compile_kwargs={"literal_binds": True})
    async with engine.begin() as connection:
        await connection.execute(text("SET LOCAL enable_seqscan = off"))
        rows = await connection.execute(text("EXPLAIN " + str(literal).replace(":", "\\:")))
        plan = "\n".join(row[0] for row in rows)
    assert "articles_fetched_at" in plan
    assert "Index Cond: ((fetched_at >=" in plan
    assert "statements_article_id" in plan
