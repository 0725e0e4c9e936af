"""When a feed is polled next."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from services.poller.domain.failure import FailureReason, PollError
from services.poller.domain.feed import MAX_INTERVAL, Feed

JITTER = 0.2
"""A failed poll is repeated after 90 to 110 % of its delay, so that feeds of one host that fail
together do not come back together."""
QUIET = ((timedelta(days=30), 4), (timedelta(days=7), 2))
"""A feed that brought nothing new for so long is polled that many times more rarely."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The operator's limits."""

    interval: float
    """Seconds between polls of a feed that says nothing about it."""
    minimum: float
    """Seconds between polls at the least, whatever the feed says."""


def after_success(
    feed: Feed, now: datetime, limits: Limits, max_age: float | None = None
) -> datetime:
    """Return when to poll again after a poll that went well.

    The operator's interval for this feed comes first, then what the feed asks for (`ttl`,
    `sy:updatePeriod`), then the setting, slowed down while a feed is quiet. Asking again before
    `max_age` is over would only give the same copy (RFC 9111, section 4.2), so it is waited for
    unless the operator gave the feed an interval. All within the operator's minimum and one day; an
    interval of the feed's own may be shorter than the minimum.

    Args:
        feed: in its state after the poll.
        now: the moment of the poll.
        limits: the operator's limits.
        max_age: seconds that the answer stays fresh.
    """
    seconds = _interval(feed, now, limits)
    if feed.interval is None:
        seconds = max(seconds, max_age or 0)
    return _later(now, seconds, feed, limits)


def after_failure(
    feed: Feed, now: datetime, limits: Limits, failure: PollError, jitter: float
) -> datetime:
    """Return when to poll again after a failure.

    The usual interval, doubled for each further failure, up to one day; not before the server's
    `Retry-After`. A feed that is gone (410) is asked once a day, in case it comes back.

    Args:
        feed: in its state after the failure, which counts it.
        now: the moment of the failure.
        limits: the operator's limits.
        failure: why.
        jitter: a random number, 0 up to 1.
    """
    if failure.reason is FailureReason.GONE:
        return now + timedelta(seconds=MAX_INTERVAL)
    doublings = min(max(feed.state.consecutive_failures - 1, 0), 20)
    delay = _interval(feed, now, limits) * 2**doublings
    delay *= 1 - JITTER / 2 + JITTER * jitter
    return _later(now, max(delay, failure.retry_after or 0), feed, limits)


def _interval(feed: Feed, now: datetime, limits: Limits) -> float:
    if feed.interval is not None:
        return feed.interval
    stated = feed.state.stated_interval
    return (stated or limits.interval) * _slowdown(feed, now)


def _slowdown(feed: Feed, now: datetime) -> int:
    last_new = feed.state.last_new_at or feed.added_at
    return next((factor for quiet, factor in QUIET if now - last_new >= quiet), 1)


def _later(now: datetime, seconds: float, feed: Feed, limits: Limits) -> datetime:
    # The minimum bounds what feeds ask for; an interval of the operator's own stands.
    least = min(limits.minimum, feed.interval or limits.minimum, MAX_INTERVAL)
    return now + timedelta(seconds=min(max(seconds, least), MAX_INTERVAL))
