"""When feeds are polled next."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from services.poller.domain.failure import FailureReason, PollError
from services.poller.domain.feed import Feed, FeedState
from services.poller.domain.schedule import Limits, after_failure, after_success

NOW = datetime(2026, 11, 24, tzinfo=UTC)
LIMITS = Limits(interval=600, minimum=60)
FEED = Feed("id", "https://a.example/", NOW)
DAY = 86_400


def success(feed: Feed, max_age: float | None = None) -> float:
    return (after_success(feed, NOW, LIMITS, max_age) - NOW).total_seconds()


def failure(
    feed: Feed, reason: FailureReason, jitter: float = 0.5, retry_after: float | None = None
) -> float:
    error = PollError(reason, "x", retry_after=retry_after)
    return (after_failure(feed, NOW, LIMITS, error, jitter) - NOW).total_seconds()


def asking(seconds: float) -> Feed:
    return replace(FEED, state=FeedState(stated_interval=seconds))


def failing(times: int) -> Feed:
    return replace(FEED, state=FeedState(consecutive_failures=times))


def test_feed_that_says_nothing_is_polled_as_configured() -> None:
    assert success(FEED) == 600


@pytest.mark.parametrize(("asked", "seconds"), [(1800, 1800), (120, 120), (1, 60), (10**7, DAY)])
def test_what_the_feed_asks_for_is_honoured_within_limits(asked: float, seconds: float) -> None:
    assert success(asking(asked)) == seconds


def test_feed_is_not_asked_again_while_its_answer_is_fresh() -> None:
    assert success(FEED, max_age=900) == 900
    assert success(FEED, max_age=30) == 600
    assert success(FEED, max_age=10**8) == DAY


def test_interval_of_the_operator_comes_before_what_the_feed_asks_for() -> None:
    assert success(replace(asking(1800), interval=120), max_age=3600) == 120
    assert success(replace(asking(1800), interval=1)) == 1


@pytest.mark.parametrize(("days", "factor"), [(0, 1), (6, 1), (7, 2), (29, 2), (30, 4), (900, 4)])
def test_quiet_feed_is_polled_more_rarely(days: int, factor: int) -> None:
    feed = replace(FEED, state=FeedState(last_new_at=NOW - timedelta(days=days)))
    assert success(feed) == 600 * factor
    assert success(replace(feed, interval=300)) == 300


def test_feed_that_never_brought_anything_counts_from_when_it_was_added() -> None:
    assert success(replace(FEED, added_at=NOW - timedelta(days=8))) == 1200


@pytest.mark.parametrize(
    ("times", "seconds"), [(1, 600), (2, 1200), (3, 2400), (8, 76_800), (9, DAY), (10**6, DAY)]
)
def test_failures_back_off_exponentially_up_to_a_day(times: int, seconds: float) -> None:
    assert failure(failing(times), FailureReason.TIMEOUT) == pytest.approx(seconds)


def test_jitter_spreads_repeated_polls() -> None:
    assert failure(failing(1), FailureReason.DNS, jitter=0) == pytest.approx(540)
    assert failure(failing(1), FailureReason.DNS, jitter=0.999) == pytest.approx(660, abs=1)


def test_gone_feed_is_polled_once_a_day() -> None:
    assert failure(failing(1), FailureReason.GONE, jitter=0) == DAY


def test_server_that_asks_for_quiet_gets_it() -> None:
    assert failure(failing(1), FailureReason.RATE_LIMITED, retry_after=7200) == 7200
    assert failure(failing(1), FailureReason.RATE_LIMITED, retry_after=1) == pytest.approx(600)
    assert failure(failing(1), FailureReason.SERVER_ERROR, retry_after=10**7) == DAY
