"""`accesswatch audit`."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, text
from sqlalchemy.ext.asyncio import AsyncEngine

from schemas import ActorMention, Article, EventType, Headers, Topics
from services.alerting.adapters.digests import store_digests
from services.alerting.adapters.store import SqlStore
from services.alerting.adapters.subscriptions import SqlSubscriptions
from services.alerting.domain.channel import Channel, ChannelKind
from services.alerting.domain.subscription import Watch
from services.alerting.ports import Backfill
from services.poller.adapters import tables
from services.runtime.clock import FakeClock
from services.runtime.errors import ExitCode
from services.runtime.settings import KafkaSettings
from tests.integration.cli.conftest import Answer, Command
from tests.support.builders import (
    NOON,
    article,
    hexadecimal,
    statement,
    statement_message,
)

LATER = "2026-11-25"
REPLAY = "5b1d0f6c2a9e"


async def archive(engine: AsyncEngine, body: Article, *, stored: bool) -> str:
    """Put an article into the archive, and what alerting notes once it is stored."""
    columns = {column.name for column in tables.articles.columns}
    fields = body.model_dump(exclude={"id"})
    fields |= {"article_id": body.id, "last_seen_at": body.fetched_at}
    async with engine.begin() as connection:
        await connection.execute(
            insert(tables.articles), {key: fields[key] for key in columns & fields.keys()}
        )
        if stored:
            await connection.execute(
                text("INSERT INTO alerting.inbox (message_id, received_at) VALUES (:id, :now)"),
                {"id": f"{body.id}.{body.revision}.test", "now": NOON},
            )
    return f"{body.id}.{body.revision}"


@pytest.fixture
async def archived(engine: AsyncEngine, database: str, broker: KafkaSettings) -> list[str]:
    """Ids of three articles that went all the way."""
    return [await archive(engine, article(name), stored=True) for name in ("a", "b", "c")]


@pytest.fixture
async def hole(engine: AsyncEngine, archived: list[str]) -> str:
    """The id of one that was lost on the way."""
    async with engine.begin() as connection:
        await connection.execute(
            text("DELETE FROM alerting.inbox WHERE message_id = :id"), {"id": f"{archived[1]}.test"}
        )
    return archived[1]


def test_a_clean_audit_counts_and_ends_well(accesswatch: Command, archived: list[str]) -> None:
    audit = accesswatch("audit", "--until", LATER, "--json")
    assert audit.code == ExitCode.OK
    assert audit.json["counts"]["archived"] == audit.json["counts"]["stored"] == 3
    assert audit.json["missing"] == []
    assert "Nothing is missing." in accesswatch("audit", "--until", LATER).out


def test_a_hole_is_named_and_repaired(accesswatch: Command, hole: str) -> None:
    audit = accesswatch("audit", "--until", LATER, "--json")
    assert audit.code == ExitCode.GAPS
    [missing] = audit.json["missing"]
    assert missing["id"] == hole
    table = accesswatch("audit", "--until", LATER)
    assert table.code == ExitCode.GAPS
    assert "--repair" in table.out
    repair = accesswatch("audit", "--until", LATER, "--repair", "--json")
    assert (repair.code, repair.json["repaired"]) == (ExitCode.OK, 1)
    # What waits in the outbox is on its way.
    again = accesswatch("audit", "--until", LATER, "--json")
    assert (again.code, again.json["missing"]) == (ExitCode.OK, [])
    assert again.json["counts"]["waiting"] == 1


@pytest.mark.parametrize("option", ["--since", "--until"])
def test_what_is_no_time_is_refused(accesswatch: Command, archived: list[str], option: str) -> None:
    assert accesswatch("audit", option, "noon").is_one_error(ExitCode.USAGE, "noon", option)


def test_the_period_bounds_what_is_audited(accesswatch: Command, hole: str) -> None:
    before = datetime(2026, 11, 24, 11, tzinfo=UTC).isoformat()
    assert accesswatch("audit", "--until", before).code == ExitCode.OK
    assert accesswatch("audit", "--since", LATER, "--until", "2026-11-26").code == ExitCode.OK


async def test_imported_articles_are_no_gap(
    accesswatch: Command, engine: AsyncEngine, archived: list[str]
) -> None:
    # They never pass through the topics; a feed that only looks like an import does.
    await archive(engine, article("old", feed_id="import-old"), stored=False)
    lost = await archive(engine, article("d", feed_id="important"), stored=False)
    audit = await asyncio.to_thread(accesswatch, "audit", "--until", LATER, "--json")
    assert audit.code == ExitCode.GAPS
    assert [each["id"] for each in audit.json["missing"]] == [lost]
    assert audit.json["counts"]["archived"] == 4


async def replay(engine: AsyncEngine, name: str, *, revision: int = 2) -> None:
    """Let a replay store an article with one statement, as it stands in one of its revisions."""
    body = article(name, revision=hexadecimal(f"{name} {revision}", 16), revision_number=revision)
    text_of_it = f"{name} {revision}: the ICRC was denied passage."
    told = statement(text_of_it, actors=[ActorMention(name="ICRC", id="icrc")])
    headers = Headers(f"{body.id}.{body.revision}.test", EventType.STATEMENTS, "test", NOON, "c")
    store = SqlStore(engine, FakeClock(NOON + timedelta(minutes=1)), Topics())
    await store.store([(headers, statement_message(body, told))], Backfill(REPLAY))


@pytest.fixture
async def backfilled(engine: AsyncEngine, database: str, broker: KafkaSettings) -> None:
    """A subscription, and two alerts that came of a replay."""
    channels = [Channel(ChannelKind.CONSOLE, "")]
    await SqlSubscriptions(engine, FakeClock(NOON)).add("all", Watch(), channels)
    for name in ("a", "b"):
        await replay(engine, name)


async def count(engine: AsyncEngine, table: str) -> int:
    async with engine.connect() as connection:
        query = text(f"SELECT count(*) FROM alerting.{table}")  # noqa: S608 - names of this file
        return int(await connection.scalar(query) or 0)


async def audited(accesswatch: Command, *arguments: str) -> Answer:
    return await asyncio.to_thread(accesswatch, "audit", "--until", LATER, "--json", *arguments)


async def test_an_alert_of_a_replay_needs_no_delivery(
    accesswatch: Command, engine: AsyncEngine, backfilled: None
) -> None:
    # Of an article that was revised since, a replay matches what holds.
    await replay(engine, "a", revision=3)
    await replay(engine, "b", revision=1)
    audit = await audited(accesswatch)
    assert (audit.code, audit.json["missing"]) == (ExitCode.OK, [])


async def test_a_lost_alert_of_a_replay_is_stored_again_and_sent_to_nobody(
    accesswatch: Command, engine: AsyncEngine, backfilled: None
) -> None:
    async with engine.begin() as connection:
        await connection.execute(text("DELETE FROM alerting.alerts WHERE statement_id <> ''"))
    audit = await audited(accesswatch, "--repair")
    assert [each["gap"] for each in audit.json["missing"]] == ["not_alerted"] * 2
    assert all(f"of replay {REPLAY}" in each["detail"] for each in audit.json["missing"])
    async with engine.connect() as connection:
        again = await connection.execute(text("SELECT replay_id FROM alerting.alerts"))
        assert list(again.scalars()) == [REPLAY] * 2
    assert (await count(engine, "deliveries"), await count(engine, "outbox")) == (0, 0)
    assert (await audited(accesswatch)).code == ExitCode.OK


@pytest.mark.parametrize(
    ("harm", "gap"),
    [
        ("DELETE FROM alerting.deliveries", "not_queued"),
        (
            "UPDATE alerting.deliveries SET state = 'abandoned', reason = 'refused'",
            "not_delivered",
        ),
    ],
)
async def test_a_digest_that_did_not_arrive_is_sent_again(
    accesswatch: Command, engine: AsyncEngine, backfilled: None, harm: str, gap: str
) -> None:
    async with engine.begin() as connection:
        await store_digests(connection, REPLAY, NOON + timedelta(minutes=2))
        # It is due when the audit looks, so that nothing is overdue.
        await connection.execute(text("UPDATE alerting.deliveries SET due_at = now()"))
    assert (await audited(accesswatch)).code == ExitCode.OK
    async with engine.begin() as connection:
        await connection.execute(text(harm))
    audit = await audited(accesswatch, "--repair")
    assert [each["gap"] for each in audit.json["missing"]] == [gap]
    assert audit.json["repaired"] == 1
    async with engine.connect() as connection:
        states = await connection.execute(text("SELECT state, digest_id FROM alerting.deliveries"))
        [(state, digest)] = states.all()
    assert state == "pending"
    assert digest
    assert (await audited(accesswatch)).code == ExitCode.OK
