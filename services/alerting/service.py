"""The use cases: store statements, deliver alerts."""

import asyncio
import contextlib
import os
import random
import socket
import time
import uuid
from collections.abc import Coroutine, Mapping, Sequence
from typing import Any

import structlog
from sqlalchemy.exc import SQLAlchemyError

from schemas import Alert, Digest, Statement, StatementMessage
from services.alerting import metrics
from services.alerting.domain.channel import ChannelKind
from services.alerting.domain.delivery import (
    DeliveryFailure,
    DeliveryState,
    GiveUp,
    Outcome,
    Patience,
    Retry,
    Sent,
    after_attempt,
)
from services.alerting.domain.notice import Notice
from services.alerting.ports import Deliveries, DueDelivery, Notifier, Store
from services.runtime.clock import Clock
from services.runtime.kafka.decode import Reason, Received, Refused
from services.runtime.metrics import END_TO_END_SECONDS
from services.runtime.notifications import Notifications
from services.runtime.settings import AlertingSettings

IDLE_SECONDS = 1.0
"""How long to wait for a notification before looking all the same."""
PAUSE_SECONDS = 1.0
STUCK_SECONDS = 180.0
DRAIN_SECONDS = 4.0
"""How long a stop waits for attempts under way."""

log = structlog.get_logger()


class Storing:
    """Handles batches of statement messages."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def handle(self, batch: Sequence[Received[StatementMessage]]) -> Sequence[Refused]:
        """Store a batch; return the messages that the database refuses for what they hold."""
        stored = await self._store.store([(each.headers, each.body) for each in batch])
        for message in stored.messages:
            for statement in message.statements:
                _log_statement(message, statement)
        for alert in stored.alerts:
            metrics.ALERTS.inc()
            log.info("alert.created", alert_id=alert.id, **_alert_facts(alert))
        now = self._clock.now()
        for each in batch:
            waited = (now - each.headers.time).total_seconds()
            END_TO_END_SECONDS.labels("alerting").observe(max(0.0, waited))
        reasons = dict(stored.rejected)
        return [
            Refused(each.record, Reason.REJECTED, reasons[each.headers.id])
            for each in batch
            if each.headers.id in reasons
        ]


def _log_statement(message: StatementMessage, statement: Statement) -> None:
    metrics.STATEMENTS.inc()
    log.info(
        "statement.stored",
        article_id=message.article.id,
        correlation_id=message.article.id,
        outlet=message.article.outlet,
        **_statement_facts(statement),
    )


def _statement_facts(statement: Statement) -> dict[str, Any]:
    return {
        "sentence": statement.text,
        "stance": statement.stance,
        "speaker": statement.speaker.name if statement.speaker else None,
        "topics": list(statement.topics),
        "routes": [route.name for route in statement.routes],
        "actors": [actor.name for actor in statement.actors],
    }


def _alert_facts(alert: Alert) -> dict[str, Any]:
    return {
        "correlation_id": alert.article.id,
        "subscription": alert.subscription_name,
        "outlet": alert.article.outlet,
        "title": alert.article.title,
        "url": alert.article.url,
        **_statement_facts(alert.statement),
    }


def _notice_facts(notice: Notice) -> dict[str, str]:
    if isinstance(notice, Digest):
        return {"digest_id": notice.id, "replay_id": notice.replay_id}
    return {"alert_id": notice.id, "correlation_id": notice.article.id}


class Delivering:
    """Sends due deliveries through their channels."""

    def __init__(
        self,
        deliveries: Deliveries,
        notifiers: Mapping[ChannelKind, Notifier],
        clock: Clock,
        settings: AlertingSettings,
        jitter: random.Random | None = None,
    ) -> None:
        self._deliveries = deliveries
        self._notifiers = notifiers
        self._clock = clock
        self._settings = settings
        self._patience = Patience(settings.max_attempts, settings.backoff, settings.max_backoff)
        self._jitter = jitter or random.Random()  # noqa: S311 - spreads retries, guards nothing
        self._owner = f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"
        self._in_flight: dict[asyncio.Task[None], str] = {}
        self._round_at = time.monotonic()

    async def deliver_due(self) -> int:
        """Send what is due now and wait for it; return how many attempts there were."""
        leased = await self._lease()
        await asyncio.gather(*(self._attempt(delivery) for delivery in leased))
        return len(leased)

    async def run(self, stop: asyncio.Event, notifications: Notifications) -> None:
        """Deliver until told to stop, then let attempts under way end and give the rest back."""
        try:
            while not stop.is_set():
                self._round_at = time.monotonic()
                if not await self._start_due(notifications):
                    await notifications.wait(await self._pause(), stop)
        finally:
            await self._drain()

    async def live(self) -> str | None:
        """Answer None while the loop comes round, else what is wrong."""
        idle = time.monotonic() - self._round_at
        return None if idle < STUCK_SECONDS else f"delivery has hung for {idle:.0f} s"

    async def _start_due(self, notifications: Notifications) -> int:
        try:
            leased = await self._lease()
        except (SQLAlchemyError, OSError) as error:
            log.warning("deliveries.waiting", error=str(error))
            await asyncio.sleep(PAUSE_SECONDS)
            return 0
        for delivery in leased:
            task = asyncio.ensure_future(self._attempt(delivery))
            self._in_flight[task] = delivery.channel_id
            task.add_done_callback(lambda done: self._forget(done, notifications))
        return len(leased)

    def _forget(self, task: "asyncio.Task[None]", notifications: Notifications) -> None:
        self._in_flight.pop(task, None)
        # There is room for another one now.
        notifications.wake()

    async def _pause(self) -> float:
        if self._in_flight:
            return IDLE_SECONDS
        try:
            due = await self._deliveries.next_due()
        except (SQLAlchemyError, OSError):
            return IDLE_SECONDS
        if due is None:
            return IDLE_SECONDS
        wait = (due - self._clock.now()).total_seconds()
        return min(IDLE_SECONDS, max(0.01, wait))

    async def _lease(self) -> list[DueDelivery]:
        room = self._settings.delivery_concurrency - len(self._in_flight)
        if room <= 0:
            return []
        return await self._deliveries.lease(
            self._owner,
            self._clock.now(),
            room,
            self._settings.delivery_lease,
            set(self._in_flight.values()),
        )

    async def _attempt(self, delivery: DueDelivery) -> None:
        """Send once and store what came of it."""
        kind = delivery.channel.kind if delivery.channel else "none"
        with metrics.IN_FLIGHT.track_inprogress(), metrics.SEND_SECONDS.labels(kind).time():
            outcome = await self._send(delivery)
        now = self._clock.now()
        attempts = delivery.attempts + 1
        following = after_attempt(outcome, attempts, now, self._patience, self._jitter.random())
        try:
            recorded = await self._deliveries.record(self._owner, delivery, following, now)
        except (SQLAlchemyError, OSError):
            recorded = False
        if not recorded:
            # It is sent again under the same id once the lease has run out, here or elsewhere.
            log.warning("delivery.not_recorded", delivery_id=delivery.id)
        label = "sent" if isinstance(outcome, Sent) else outcome.reason.value
        metrics.ATTEMPTS.labels(kind, label).inc()
        facts = {
            "delivery_id": delivery.id,
            **_notice_facts(delivery.notice),
            "channel": kind,
            "attempts": attempts,
        }
        match following.state:
            case DeliveryState.SENT:
                waited = (now - delivery.notice.created_at).total_seconds()
                metrics.ALERT_TO_SENT_SECONDS.labels(kind).observe(max(0.0, waited))
                log.info("delivery.sent", **facts)
            case DeliveryState.PENDING:
                log.warning(
                    "delivery.failed",
                    reason=following.reason,
                    error=following.detail,
                    next_try=following.due_at,
                    **facts,
                )
            case DeliveryState.ABANDONED:
                log.error(
                    "delivery.abandoned", reason=following.reason, error=following.detail, **facts
                )

    async def _send(self, delivery: DueDelivery) -> Outcome:
        channel = delivery.channel
        if channel is None:
            return GiveUp(DeliveryFailure.UNSUBSCRIBED, "the subscription or its channel is gone")
        notifier = self._notifiers.get(channel.kind)
        if notifier is None:
            return GiveUp(DeliveryFailure.MISCONFIGURED, f"no {channel.kind} channel is set up")
        # A send that outlasts its lease would be sent by another process too.
        seconds = self._settings.delivery_lease * 0.9
        try:
            return await _within(seconds, notifier.send(delivery.id, delivery.notice, channel))
        except TimeoutError:
            return Retry(DeliveryFailure.UNREACHABLE, f"no answer within {seconds:g} s")
        except Exception as error:
            log.exception("delivery.defect", delivery_id=delivery.id)
            return Retry(DeliveryFailure.DEFECT, type(error).__name__)

    async def _drain(self) -> None:
        if self._in_flight:
            await asyncio.wait(set(self._in_flight), timeout=DRAIN_SECONDS)
        unfinished = tuple(self._in_flight)
        for task in unfinished:
            task.cancel()
        await asyncio.gather(*unfinished, return_exceptions=True)
        with contextlib.suppress(SQLAlchemyError, OSError):
            await self._deliveries.release(self._owner)


async def _within(seconds: float, sending: Coroutine[Any, Any, Outcome]) -> Outcome:
    async with asyncio.timeout(seconds):
        return await sending
