"""Backtests: what a subscription would have sent."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from schemas import ActorMention, RouteMention, Speaker, Stance
from services.replay.backtesting import backtest
from services.replay.domain.backtest import NEWEST, days_between, spans
from services.runtime.errors import NotFoundError
from tests.support.builders import NOON, article, statement
from tests.support.stored import FakeStored, subscription

DAY = timedelta(days=1)
SHUT = statement(
    "The ICRC said that the Lachin road was shut.",
    stance=Stance.RESTRICTING,
    speaker=Speaker(name="ICRC", actor_id="icrc"),
    actors=[ActorMention(name="ICRC", id="icrc"), ActorMention(name="Some Board")],
    routes=[RouteMention(name="Lachin road", id="lachin-road"), RouteMention(name="N7 Road")],
)
OPEN = statement("The road is open.")
RESTRICTING = subscription("shut", stances=(Stance.RESTRICTING,))


async def test_alerts_are_counted_by_day_outlet_route_actor_and_stance() -> None:
    store = FakeStored()
    store.keep(article("one", outlet="A"), SHUT, OPEN)
    store.keep(article("two", outlet="B", fetched_at=NOON + 2 * DAY), SHUT)
    found = await backtest(store, RESTRICTING, NOON - DAY, NOON + 3 * DAY)
    assert (found.articles, found.statements, found.alerts) == (2, 3, 2)
    assert list(found.days.values()) == [0, 1, 0, 1, 0]
    assert found.days[date(2026, 11, 24)] == 1
    assert found.outlets == {"A": 1, "B": 1}
    assert found.routes == {"lachin-road": 2, "n7 road": 2}
    assert found.actors == {"Some Board": 2, "icrc": 2}
    assert found.stances == {"restricting": 2}
    assert [each.article.outlet for each in found.newest] == ["B", "A"]
    assert found.newest[0].reasons == ("stance:restricting",)


async def test_a_sentence_that_an_article_has_twice_alerts_once() -> None:
    store = FakeStored()
    store.keep(article(), SHUT, SHUT.model_copy(update={"position": 1}))
    assert (await backtest(store, RESTRICTING, NOON, NOON + DAY)).alerts == 1


async def test_what_was_really_sent_is_told_from_what_was_only_made() -> None:
    store = FakeStored()
    for number in range(3):
        store.keep(article(str(number)), SHUT)
    store.alerted(RESTRICTING, article("0"), SHUT.text, sent=True)
    store.alerted(RESTRICTING, article("1"), SHUT.text, sent=False)
    found = await backtest(store, RESTRICTING, NOON, NOON + DAY)
    assert (found.alerts, found.alerted, found.sent) == (3, 2, 1)
    tried = await backtest(store, RESTRICTING, NOON, NOON + DAY, is_subscribed=False)
    assert (tried.alerts, tried.alerted, tried.sent) == (3, None, None)


async def test_a_paused_subscription_is_matched_as_if_it_were_not() -> None:
    store = FakeStored()
    store.keep(article(), SHUT)
    paused = subscription("paused", active=False)
    assert (await backtest(store, paused, NOON, NOON + DAY)).alerts == 1


async def test_the_range_has_its_beginning_and_not_its_end() -> None:
    store = FakeStored()
    for number in range(3):
        store.keep(article(str(number), fetched_at=NOON + number * DAY), SHUT)
    assert (await backtest(store, RESTRICTING, NOON, NOON + 2 * DAY)).alerts == 2


async def test_the_newest_few_are_kept_and_progress_is_told() -> None:
    store = FakeStored()
    for number in range(20):
        store.keep(article(str(number), fetched_at=NOON + number * DAY), SHUT)
    reached: list[datetime] = []
    found = await backtest(store, RESTRICTING, NOON, NOON + 30 * DAY, reached=reached.append)
    times = [each.article.fetched_at for each in found.newest]
    assert times == [NOON + (19 - back) * DAY for back in range(NEWEST)]
    assert reached == sorted(reached)
    assert reached[-1] == NOON + 19 * DAY


async def test_a_range_with_nothing_in_it_says_what_there_is() -> None:
    store = FakeStored()
    with pytest.raises(NotFoundError, match="None is stored at all"):
        await backtest(store, RESTRICTING, NOON, NOON + DAY)
    store.keep(article(), SHUT)
    with pytest.raises(NotFoundError, match="fetched from 2026-11-24 12:00 UTC until"):
        await backtest(store, RESTRICTING, NOON + DAY, NOON + 2 * DAY)


def test_days_are_those_of_utc() -> None:
    east = timezone(timedelta(hours=5))
    begin = datetime(2026, 3, 1, 2, tzinfo=east)
    assert days_between(begin, begin + timedelta(hours=3)) == [date(2026, 2, 28)]
    assert days_between(begin, begin + timedelta(hours=4)) == [date(2026, 2, 28), date(2026, 3, 1)]
    whole = datetime(2026, 3, 1, tzinfo=UTC)
    assert days_between(whole, whole + DAY) == [date(2026, 3, 1)]


@pytest.mark.parametrize(("count", "bars"), [(45, 45), (46, 7), (316, 12), (3650, 45), (0, 0)])
def test_many_days_share_a_bar(count: int, bars: int) -> None:
    days = {date(2026, 1, 1) + n * DAY: 1 for n in range(count)}
    found = spans(days, 45)
    assert len(found) == bars
    assert sum(n for _, n in found) == count
