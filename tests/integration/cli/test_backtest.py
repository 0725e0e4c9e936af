"""`accesswatch backtest`."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from schemas import ActorMention, EventType, Headers, RouteMention, Stance, Topics
from services.alerting.adapters.store import SqlStore
from services.alerting.adapters.subscriptions import SqlSubscriptions
from services.alerting.domain.channel import Channel, ChannelKind
from services.alerting.domain.subscription import Watch
from services.runtime.clock import FakeClock
from services.runtime.errors import ExitCode
from tests.integration.cli.conftest import Command
from tests.support.builders import NOON, article, hexadecimal, statement, statement_message
from tests.support.pages import check_page

DAY = timedelta(days=1)
OPEN = "The Lachin road is open to [bold] aid convoys."
SHUT = "The ICRC was denied passage."
RANGE = ("--from", "2026-11-20", "--to", "2026-12-01")


async def keep(engine: AsyncEngine, name: str, days: int, *, number: int = 1) -> None:
    """Store an article of two sentences, fetched some days after noon."""
    body = article(
        name,
        outlet=f"{name} news",
        fetched_at=NOON + days * DAY,
        revision_number=number,
        revision=hexadecimal(f"{name} {number}", 16),
    )
    found = [
        statement(
            said,
            id=hexadecimal(f"{name} {said} {number}", 32),
            position=position,
            stance=Stance.RESTRICTING if said == SHUT else Stance.ENABLING,
            actors=[ActorMention(name="ICRC", id="icrc")] if said == SHUT else [],
            routes=[RouteMention(name="Lachin road", id="lachin-corridor")] if said == OPEN else [],
        )
        for position, said in enumerate((OPEN, SHUT))
    ]
    moment = NOON + days * DAY + timedelta(seconds=number)
    headers = Headers(f"{body.id}.{body.revision}.t", EventType.STATEMENTS, "test", moment, "c")
    await SqlStore(engine, FakeClock(moment), Topics()).store(
        [(headers, statement_message(body, *found))]
    )


@pytest.fixture
async def history(engine: AsyncEngine, database: str) -> None:
    """Two articles before a subscription, one of them edited, and one after it."""
    await keep(engine, "early", 0)
    await keep(engine, "early", 0, number=2)
    await keep(engine, "later", 2)
    channels = [Channel(ChannelKind.CONSOLE, "")]
    subscriptions = SqlSubscriptions(engine, FakeClock(NOON + 3 * DAY))
    await subscriptions.add("Red Cross", Watch(actors=("icrc",)), channels)
    await subscriptions.add("Spare", Watch(texts=("nothing",)), channels)
    await keep(engine, "new", 4)
    async with engine.begin() as connection:
        await connection.execute(text("UPDATE alerting.deliveries SET state = 'sent'"))


def test_what_a_subscription_would_have_sent_is_counted_by_day(
    accesswatch: Command, history: None
) -> None:
    found = accesswatch("backtest", "Red Cross", *RANGE, "--json").json
    assert (found["articles"], found["statements"]) == (3, 6)
    assert (found["alerts"], found["alerted"], found["sent"]) == (3, 1, 1)
    days = {day: count for day, count in found["days"].items() if count}
    assert days == {"2026-11-24": 1, "2026-11-26": 1, "2026-11-28": 1}
    assert len(found["days"]) == 11
    assert found["outlets"] == {"early news": 1, "later news": 1, "new news": 1}
    assert found["newest"][0]["article"]["outlet"] == "new news"
    assert found["subscription"]["name"] == "Red Cross"
    shown = accesswatch("backtest", "Red Cross", *RANGE).out
    said = " ".join(shown.split())
    assert "3 alerts would have been sent from 2026-11-20 00:00 to 2026-12-01 00:00 UTC" in said
    assert "Really made: 1 alert, of which 1 reached a channel." in said
    assert SHUT in shown


def test_one_can_try_before_subscribing(accesswatch: Command, history: None) -> None:
    found = accesswatch("backtest", "--text", "aid convoys", "--stance", "enabling", *RANGE)
    assert "3 alerts would have been sent" in found.out
    assert "accesswatch subscribe" in found.out
    assert "[bold]" in found.out
    tried = accesswatch("backtest", "--actor", "ICRC", *RANGE, "--json").json
    assert (tried["alerts"], tried["alerted"], tried["subscription"]["name"]) == (3, None, None)


def test_what_meets_nothing_says_how_much_was_looked_at(
    accesswatch: Command, history: None
) -> None:
    found = accesswatch("backtest", "Spare", *RANGE)
    assert found.code == ExitCode.OK
    assert "0 alerts would have been sent" in found.out
    assert "6 statements in 3 articles" in " ".join(found.out.split())


def test_a_page_is_written(accesswatch: Command, history: None, tmp_path: Path) -> None:
    path = tmp_path / "backtest.html"
    answer = accesswatch("backtest", "Red Cross", *RANGE, "--html", str(path))
    assert answer.err == f"note: the report is in {path}\n"
    check_page(path.read_text(encoding="utf-8"))
    assert "Sat 2026-11-28" in path.read_text(encoding="utf-8")


def test_an_unknown_subscription_is_named_with_the_nearest(
    accesswatch: Command, history: None
) -> None:
    answer = accesswatch("backtest", "red cros", *RANGE)
    assert answer.is_one_error(ExitCode.NOT_FOUND, "red cros", "Did you mean 'Red Cross'?")
    answer = accesswatch("backtest", "zzz", *RANGE)
    assert answer.is_one_error(ExitCode.NOT_FOUND, "zzz", "subscriptions list")


def test_a_range_with_nothing_in_it_says_what_there_is(accesswatch: Command, history: None) -> None:
    answer = accesswatch("backtest", "Red Cross", "--from", "2025-01-01", "--to", "2025-02-01")
    assert answer.is_one_error(
        ExitCode.NOT_FOUND, "2025-01-01 00:00 UTC", "from 2026-11-24 12:00 UTC"
    )


def test_an_empty_database_says_so(accesswatch: Command, empty_database: None) -> None:
    answer = accesswatch("backtest", "--actor", "ICRC")
    assert answer.is_one_error(ExitCode.NOT_FOUND, "None is stored at all")


@pytest.mark.parametrize(
    ("arguments", "parts"),
    [
        (["x", "--from", "2026-02-01", "--to", "2026-01-01"], ["2026-02-01", "not before"]),
        (["x", "--from", "2999-01-01"], ["not before the present"]),
        (["x", "--from", "yesterday"], ["yesterday", "--from"]),
        (["x", "--to", "tomorrow"], ["tomorrow", "--to"]),
        ([], ["nothing says what to watch", "--route"]),
        (["x", "--actor", "ICRC"], ["both", "'x'"]),
        (["--topic", "aid delivry"], ["Did you mean aid_delivery"]),
    ],
)
def test_what_cannot_be_asked_is_refused(
    accesswatch: Command, empty_database: None, arguments: list[str], parts: list[str]
) -> None:
    assert accesswatch("backtest", *arguments).is_one_error(ExitCode.USAGE, *parts)
