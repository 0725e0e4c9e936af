"""Whatever feeds and servers say, polls stay within the operator's limits."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.poller.domain.failure import FailureReason, PollError
from services.poller.domain.feed import MAX_INTERVAL, Feed, FeedState
from services.poller.domain.schedule import Limits, after_failure, after_success

NOW = datetime(2026, 11, 24, tzinfo=UTC)
seconds = st.floats(0, 1e12)
limits = st.builds(Limits, interval=st.floats(1, 86_400), minimum=st.floats(0.1, 86_400))
ages = st.timedeltas(timedelta(days=-1000), timedelta(days=10_000))
feeds = st.builds(
    Feed,
    id=st.just("id"),
    url=st.just("https://a.example/"),
    added_at=ages.map(lambda age: NOW - age),
    interval=st.none() | st.floats(0.001, 86_400),
    state=st.builds(
        FeedState,
        last_new_at=st.none() | ages.map(lambda age: NOW - age),
        stated_interval=st.none() | seconds,
        consecutive_failures=st.integers(0, 10**9),
    ),
)
failures = st.builds(
    PollError, st.sampled_from(FailureReason), st.just("x"), retry_after=st.none() | seconds
)


def assert_within(due: datetime, feed: Feed, bounds: Limits) -> None:
    delay = (due - NOW).total_seconds()
    # datetime counts in microseconds
    least = min(bounds.minimum, feed.interval or bounds.minimum)
    assert least - 1e-6 <= delay <= MAX_INTERVAL


@given(feeds, limits, st.none() | seconds)
def test_no_poll_comes_too_early_or_later_than_a_day(
    feed: Feed, bounds: Limits, max_age: float | None
) -> None:
    assert_within(after_success(feed, NOW, bounds, max_age), feed, bounds)


@given(feeds, limits, failures, st.floats(0, 1, exclude_max=True))
def test_no_repeated_poll_comes_too_early_or_later_than_a_day(
    feed: Feed, bounds: Limits, failure: PollError, jitter: float
) -> None:
    assert_within(after_failure(feed, NOW, bounds, failure, jitter), feed, bounds)


@given(feeds, limits, failures, st.floats(0, 1, exclude_max=True))
def test_server_is_left_alone_as_long_as_it_asks(
    feed: Feed, bounds: Limits, failure: PollError, jitter: float
) -> None:
    due = after_failure(feed, NOW, bounds, failure, jitter)
    asked = min(failure.retry_after or 0, MAX_INTERVAL)
    assert due >= NOW + timedelta(seconds=asked)
