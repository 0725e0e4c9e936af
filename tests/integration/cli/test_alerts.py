"""`accesswatch alerts` and `accesswatch statements`."""

import asyncio
import signal
import sys
from datetime import timedelta

import orjson
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from schemas import ActorMention, EventType, Headers, RouteMention, Topics
from services.alerting.adapters.store import SqlStore
from services.alerting.adapters.subscriptions import SqlSubscriptions
from services.alerting.domain.channel import Channel, ChannelKind
from services.alerting.domain.subscription import Watch
from services.runtime.clock import FakeClock
from services.runtime.errors import ExitCode
from tests.integration.cli.conftest import Command
from tests.support.builders import NOON, article, hexadecimal, statement, statement_message
from tests.support.processes import clean_environment

OPEN = "The Lachin road is open to aid convoys, said [bold] the ICRC."
SHUT = "The ICRC was denied passage."


async def store_alerts(engine: AsyncEngine, name: str = "one") -> None:
    """Store an article with two statements, of which a subscription meets each."""
    body = article(name)
    found = [
        statement(
            text,
            id=hexadecimal(f"{name} {text}", 32),
            position=position,
            actors=[ActorMention(name="ICRC", id="icrc")],
            routes=[RouteMention(name="Lachin road")] if "Lachin" in text else [],
        )
        for position, text in enumerate((OPEN, SHUT))
    ]
    headers = Headers(f"{body.id}.{body.revision}.test", EventType.STATEMENTS, "test", NOON, "c")
    clock = FakeClock(NOON + timedelta(minutes=1))
    await SqlStore(engine, clock, Topics()).store([(headers, statement_message(body, *found))])


@pytest.fixture
async def stored(engine: AsyncEngine, database: str) -> None:
    """Two alerts in the database."""
    channels = [Channel(ChannelKind.CONSOLE, "")]
    watch = Watch(actors=("icrc",))
    await SqlSubscriptions(engine, FakeClock(NOON)).add("Red Cross", watch, channels)
    await store_alerts(engine)


def test_alerts_are_listed_and_shown(accesswatch: Command, stored: None) -> None:
    listed = accesswatch("alerts", "list", "--json").json
    assert sorted(each["statement"]["text"] for each in listed) == sorted([OPEN, SHUT])
    assert "denied passage" in accesswatch("alerts", "list").out
    shown = accesswatch("alerts", "show", listed[0]["id"][:12], "--json").json
    assert shown["alert"] | {"replay_id": shown["replay_id"]} == listed[0]
    assert [each["state"] for each in shown["deliveries"]] == ["pending"]
    assert "pending" in accesswatch("alerts", "show", listed[0]["id"]).out
    assert len(accesswatch("alerts", "list", "--subscription", "Red Cross", "--json").json) == 2
    assert len(accesswatch("alerts", "list", "--limit", "1", "--json").json) == 1


def test_an_alert_that_is_not_there_is_named(accesswatch: Command, stored: None) -> None:
    answer = accesswatch("alerts", "show", "nope")
    assert answer.is_one_error(ExitCode.NOT_FOUND, "nope", "accesswatch alerts list")


@pytest.mark.parametrize("since", ["yesterday", "7", "999999999999d", "-1d"])
def test_what_is_no_time_is_refused(accesswatch: Command, empty_database: None, since: str) -> None:
    for command in (["alerts", "list"], ["statements"], ["alerts", "follow"]):
        assert accesswatch(*command, "--since", since).is_one_error(ExitCode.USAGE, "--since")


def test_an_empty_database_has_no_alerts(accesswatch: Command, empty_database: None) -> None:
    assert accesswatch("alerts", "list", "--json").json == []
    assert accesswatch("statements", "--json").json == []
    assert accesswatch("alerts", "list").out.strip()


def test_statements_are_searched(accesswatch: Command, stored: None) -> None:
    searches: dict[tuple[str, ...], int] = {
        (): 2,
        ("--actor", "ICRC"): 2,
        ("--actor", "UNHCR"): 0,
        ("--route", "Lachin road"): 1,
        ("--text", "denied"): 1,
        ("--text", "it's (\"odd"): 0,
        ("--topic", "route status"): 2,
        ("--stance", "enabling"): 2,
        ("--stance", "restricting"): 0,
        ("--language", "en"): 2,
        ("--since", "2026-11-25"): 0,
        ("--until", "2026-11-25"): 2,
        ("--limit", "1"): 1,
    }
    found = {each: len(accesswatch("statements", *each, "--json").json) for each in searches}
    assert found == searches
    assert "2 statements." in accesswatch("statements").out


def test_outlets_text_is_shown_as_it_is(accesswatch: Command, stored: None) -> None:
    assert "[bold]" in accesswatch("statements").out


async def test_alerts_are_followed_as_they_come(
    stored: None, engine: AsyncEngine, database: str
) -> None:
    following = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "services.cli", "alerts", "follow", "--json"),
        *("--since", "2026-11-24"),
        env={**clean_environment(), "ACCESSWATCH_DATABASE__URL": database},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert following.stdout is not None
    try:
        async with asyncio.timeout(30):
            known = [orjson.loads(await following.stdout.readline()) for _ in range(2)]
            await store_alerts(engine, "two")
            new = [orjson.loads(await following.stdout.readline()) for _ in range(2)]
    finally:
        following.send_signal(signal.SIGINT)
        _, err = await following.communicate()
    assert {each["article"]["title"] for each in known} == {"Article one"}
    assert {each["article"]["title"] for each in new} == {"Article two"}
    assert err == b""
