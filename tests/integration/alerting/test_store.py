"""Storing statements on a real PostgreSQL."""

import random
from datetime import timedelta
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from schemas import ActorMention, EventType, Headers, StatementMessage, Topics
from services.alerting.adapters.queries import Queries, StatementFilter
from services.alerting.adapters.store import SqlStore
from services.alerting.adapters.subscriptions import SqlSubscriptions
from services.alerting.adapters.tables import alerts, deliveries, outbox, statements
from services.alerting.domain.channel import Channel, ChannelKind
from services.alerting.domain.subscription import Watch
from services.runtime.clock import FakeClock
from tests.support.builders import NOON, article, hexadecimal, statement, statement_message

CONSOLE = [Channel(ChannelKind.CONSOLE, "")]


def message(name: str, *sentences: str, number: int = 1) -> tuple[Headers, StatementMessage]:
    revision = hexadecimal(f"{name} {number}", 16)
    body = article(name, revision=revision, revision_number=number)
    found = [
        statement(
            sentence,
            id=hexadecimal(f"{name} {number} {sentence}", 32),
            position=position,
            actors=[ActorMention(name="ICRC", id="icrc")],
        )
        for position, sentence in enumerate(sentences)
    ]
    headers = Headers(f"{body.id}.{revision}.test", EventType.STATEMENTS, "test", NOON, body.id)
    return headers, statement_message(body, *found)


async def state(engine: AsyncEngine) -> dict[str, list[Any]]:
    """Return what is stored, but for the moments at which it was."""
    async with engine.connect() as connection:
        rows = await connection.execute(
            select(statements.c.id, statements.c.superseded_at.is_(None)).order_by("id")
        )
        found = {"statements": [tuple(row) for row in rows]}
        for table in (alerts, deliveries):
            ids = await connection.execute(select(table.c.id).order_by(table.c.id))
            found[table.name] = list(ids.scalars())
        sent = await connection.execute(select(outbox.c.key).order_by(outbox.c.key))
        found["outbox"] = list(sent.scalars())
        return found


async def subscribed(engine: AsyncEngine) -> SqlStore:
    await SqlSubscriptions(engine, FakeClock(NOON)).add("all", Watch(actors=("icrc",)), CONSOLE)
    return SqlStore(engine, FakeClock(NOON + timedelta(minutes=1)), Topics())


async def test_a_statement_makes_an_alert_a_delivery_and_a_message(engine: AsyncEngine) -> None:
    store = await subscribed(engine)
    stored = await store.store([message("one", "The road is open.")])
    assert [alert.statement.text for alert in stored.alerts] == ["The road is open."]
    found = await state(engine)
    assert [len(found[name]) for name in ("statements", "alerts", "deliveries", "outbox")] == [
        1
    ] * 4


async def test_the_same_messages_in_any_split_change_nothing(engine: AsyncEngine) -> None:
    store = await subscribed(engine)
    messages = [message(str(n), f"Sentence {n}.", "Shared sentence.") for n in range(20)]
    await store.store(messages)
    before = await state(engine)
    rng = random.Random(7)
    for _ in range(3):
        rng.shuffle(messages)
        for start in range(0, 20, 6):
            assert (await store.store(messages[start : start + 6])).alerts == ()
    assert await state(engine) == before


async def test_a_revision_that_keeps_the_sentence_alerts_nobody_twice(engine: AsyncEngine) -> None:
    store = await subscribed(engine)
    await store.store([message("one", "The road is open.")])
    again = await store.store([message("one", "The road  is OPEN.", "It is new.", number=2)])
    assert [alert.statement.text for alert in again.alerts] == ["It is new."]
    current = await Queries(engine).statements(StatementFilter())
    assert [each.article.revision_number for each in current] == [2, 2]


async def test_an_older_revision_that_comes_late_is_superseded_at_once(engine: AsyncEngine) -> None:
    store = await subscribed(engine)
    await store.store([message("one", "New.", number=2)])
    await store.store([message("one", "Old.", number=1)])
    current = await Queries(engine).statements(StatementFilter())
    assert [each.statement.text for each in current] == ["New."]


async def test_a_newer_extraction_of_the_same_revision_wins_in_any_order(
    engine: AsyncEngine,
) -> None:
    store = await subscribed(engine)
    headers, body = message("one", "As version 2 reads it.")
    newer = (headers._replace(id="2", time=NOON + timedelta(hours=1)), body)
    older_body = message("one", "As version 1 read it.")[1].model_copy(
        update={"extractor_version": "older"}
    )
    await store.store([newer])
    await store.store([(headers._replace(id="1"), older_body)])
    current = await Queries(engine).statements(StatementFilter())
    assert [each.statement.text for each in current] == ["As version 2 reads it."]


async def test_a_message_that_postgresql_refuses_is_the_only_one_refused(
    engine: AsyncEngine,
) -> None:
    store = await subscribed(engine)
    bad = message("bad", "nul \0 here")
    stored = await store.store([message("a", "A."), bad, message("b", "B.")])
    assert [identifier for identifier, _ in stored.rejected] == [bad[0].id]
    assert len((await state(engine))["statements"]) == 2


async def test_a_subscription_added_later_is_honoured_by_the_next_message(
    engine: AsyncEngine,
) -> None:
    store = await subscribed(engine)
    await store.store([message("one", "First.")])
    subscriptions = SqlSubscriptions(engine, FakeClock(NOON))
    await subscriptions.add("words", Watch(texts=("second",)), CONSOLE)
    assert len((await store.store([message("two", "Second.")])).alerts) == 2
    await subscriptions.set_active("words", active=False)
    assert len((await store.store([message("three", "Second again.")])).alerts) == 1


async def test_statements_are_found_by_name_topic_and_words(engine: AsyncEngine) -> None:
    store = await subscribed(engine)
    await store.store([message("one", "Convoys passed the bridge."), message("two", "Nothing.")])
    queries = Queries(engine)
    for wanted, count in (
        (StatementFilter(actor="ICRC"), 2),
        (StatementFilter(actor="icrc", text="bridge"), 1),
        (StatementFilter(route="icrc"), 0),
        (StatementFilter(text='"passed the" -bridge'), 0),
        (StatementFilter(until=NOON), 0),
    ):
        assert len(await queries.statements(wanted)) == count


async def test_the_migrations_make_what_the_tables_say(engine: AsyncEngine) -> None:
    from alembic.autogenerate import compare_metadata  # noqa: PLC0415
    from alembic.migration import MigrationContext  # noqa: PLC0415

    from services.alerting.adapters import tables as alerting  # noqa: PLC0415
    from services.poller.adapters import tables as poller  # noqa: PLC0415

    def differences(connection: Any, metadata: Any) -> list[Any]:
        context = MigrationContext.configure(
            connection,
            opts={
                "include_schemas": True,
                "include_name": lambda name, kind, _: kind != "schema" or name == metadata.schema,
                "version_table_schema": metadata.schema,
                "compare_type": True,
            },
        )
        return list(compare_metadata(context, metadata))

    async with engine.connect() as connection:
        await connection.execute(text("SELECT 1"))
        for metadata in (alerting.metadata, poller.metadata):
            assert await connection.run_sync(differences, metadata) == []
