"""`accesswatch audit`."""

import asyncio
from datetime import UTC, datetime

import pytest
from sqlalchemy import insert, text
from sqlalchemy.ext.asyncio import AsyncEngine

from schemas import Article
from services.poller.adapters import tables
from services.runtime.errors import ExitCode
from services.runtime.settings import KafkaSettings
from tests.integration.cli.conftest import Command
from tests.support.builders import NOON, article

LATER = "2026-11-25"


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
