"""`accesswatch alerts` and `accesswatch statements`."""

import asyncio
import signal
import sys
from datetime import timedelta
from functools import partial

import orjson
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from schemas import ActorMention, EventType, Headers, RouteMention, Topics
from services.alerting.adapters.alert_queries import AlertQueries
from services.alerting.adapters.digests import store_digests
from services.alerting.adapters.store import SqlStore
from services.alerting.adapters.subscriptions import SqlSubscriptions
from services.alerting.domain.channel import Channel, ChannelKind
from services.alerting.domain.subscription import Watch
from services.alerting.ports import Backfill
from services.runtime.clock import FakeClock
from services.runtime.errors import ExitCode
from tests.integration.cli.conftest import Command
from tests.support.builders import NOON, article, hexadecimal, statement, statement_message
from tests.support.processes import clean_environment

OPEN = "The Lachin road is open to aid convoys, said [bold] the ICRC."
SHUT = "The ICRC was denied passage."
REPLAY = "5b1d0f6c2a9e"


async def store_alerts(
    engine: AsyncEngine, name: str = "one", replay_id: str | None = None
) -> None:
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
    message = statement_message(body, *found)
    backfill = Backfill(replay_id) if replay_id else None
    await SqlStore(engine, clock, Topics()).store([(headers, message)], backfill)


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
    told = {"replay_id": None, "delivery": "pending"}
    assert shown["alert"] | told == listed[0]
    assert [each["state"] for each in shown["deliveries"]] == ["pending"]
    assert "pending" in accesswatch("alerts", "show", listed[0]["id"]).out
    assert len(accesswatch("alerts", "list", "--subscription", "Red Cross", "--json").json) == 2
    assert len(accesswatch("alerts", "list", "--limit", "1", "--json").json) == 1


@pytest.fixture
async def replayed(engine: AsyncEngine, stored: None) -> None:
    """Two alerts that came of a replay beside two that did not."""
    await store_alerts(engine, "two", REPLAY)


def test_what_a_replay_found_is_told_apart(accesswatch: Command, replayed: None) -> None:
    listed = accesswatch("alerts", "list", "--json").json
    found = sorted((each["replay_id"] or "", each["delivery"]) for each in listed)
    assert found == [("", "pending")] * 2 + [(REPLAY, "not sent (replay)")] * 2
    assert accesswatch("alerts", "list").out.count("not sent (replay)") == 2
    of_replay = accesswatch("alerts", "list", "--replay", REPLAY[:6], "--json").json
    assert {each["article"]["title"] for each in of_replay} == {"Article two"}
    shown = accesswatch("alerts", "show", of_replay[0]["id"])
    assert f"found by replay {REPLAY}, not sent" in shown.out
    assert "No delivery." not in shown.out


async def test_a_digest_is_listed_and_shown_with_its_deliveries(
    accesswatch: Command, replayed: None, engine: AsyncEngine
) -> None:
    async with engine.begin() as connection:
        await store_digests(connection, REPLAY, NOON + timedelta(days=9))
    run = partial(asyncio.to_thread, accesswatch)
    (listed,) = (await run("alerts", "digests", "--json")).json
    identifier = listed["digest"]["id"]
    assert [each["channel"] for each in listed["deliveries"]] == ["console"]
    table = (await run("alerts", "digests")).out
    assert f"{identifier[:8]}  2026-12-03 12:00  Red Cross" in table
    assert "console pending" in table
    shown = (await run("alerts", "show", identifier[:12])).out
    assert "Backfill, no news: 2 statements" in shown
    assert "[bold] the ICRC" in shown
    assert "console  pending" in shown
    of_replay = (await run("alerts", "list", "--replay", REPLAY, "--json")).json
    assert [each["delivery"] for each in of_replay] == ["digest pending"] * 2
    alert = (await run("alerts", "show", of_replay[0]["id"])).out
    assert f"told of in digest {identifier[:8]}" in alert
    assert "console  pending" in alert


def test_there_may_be_no_digest(accesswatch: Command, stored: None) -> None:
    assert accesswatch("alerts", "digests", "--json").json == []
    assert accesswatch("alerts", "digests").out.strip() == "No digest yet."


async def test_what_a_replay_finds_is_not_followed(engine: AsyncEngine, replayed: None) -> None:
    found = await AlertQueries(engine).alerts_after(NOON, "")
    assert {each.article.title for each in found} == {"Article one"}


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
