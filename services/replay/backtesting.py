"""The use case of a backtest: matches what is stored as the live path would have."""

from collections.abc import AsyncIterator, Callable, Collection, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Protocol

from services.alerting.domain.matching import SubscriptionIndex
from services.alerting.domain.subscription import Subscription, Watch
from services.replay.domain.backtest import Backtest, Counting, Page
from services.replay.domain.would_alert import WouldAlert, alerts_of
from services.runtime.errors import NotFoundError


class History(Protocol):
    """Articles and statements that are stored."""

    def pages(self, since: datetime, until: datetime, watch: Watch) -> AsyncIterator[Page]:
        """Yield the articles fetched in a range with what of them may be met, oldest first."""
        ...

    async def sent(self, alert_ids: Collection[str]) -> Mapping[str, bool]:
        """Return which alerts there are, each with whether any channel has it."""
        ...

    async def span(self) -> tuple[datetime, datetime] | None:
        """Return when the first and the last article were fetched; None where there is none."""
        ...


async def backtest(
    history: History,
    subscription: Subscription,
    since: datetime,
    until: datetime,
    *,
    is_subscribed: bool = True,
    reached: Callable[[datetime], None] = lambda _: None,
) -> Backtest:
    """Count what a subscription would have sent for the articles fetched in a range.

    Articles count as they were last extracted. A paused subscription is matched as if it were not.

    Args:
        history: what is stored.
        subscription: what to match.
        since: articles fetched from then on.
        until: articles fetched before.
        is_subscribed: whether it is stored, so that some alerts may really have been sent.
        reached: told, after each page, up to when the articles are counted.

    Raises:
        NotFoundError: no article was fetched in the range.
    """
    since, until = since.astimezone(UTC), until.astimezone(UTC)
    index = SubscriptionIndex([replace(subscription, active=True)])
    counting = Counting()
    async for page in history.pages(since, until, subscription.watch):
        alerts: dict[str, WouldAlert] = {}
        for each in page.found:
            alerts |= alerts_of(index, each.article, each.statements)
        counting.count(page, alerts.values())
        if is_subscribed and alerts:
            counting.count_stored(await history.sent(alerts.keys()))
        reached(page.last)
    if not counting.articles:
        raise await _nothing(history, since, until)
    return counting.backtest(since, until, is_subscribed=is_subscribed)


async def _nothing(history: History, since: datetime, until: datetime) -> NotFoundError:
    span = await history.span()
    what = f"no article was fetched from {_shown(since)} until {_shown(until)}"
    if span is None:
        return NotFoundError(what, "None is stored at all: 'accesswatch run' brings some.")
    return NotFoundError(
        what, f"What is stored was fetched from {_shown(span[0])} until {_shown(span[1])}."
    )


def _shown(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
