"""The audit: reads every step's own record of what it did, compares, and can repair."""

import asyncio
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Text, and_, any_, literal, or_, select
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from schemas import Alert, Article, EventType, Headers, Statement, Topics
from schemas.envelope import article_message_id
from schemas.statement import ArticleReference
from services.alerting.adapters import tables as alerting
from services.alerting.adapters.store import alert_message, alert_row, store_deliveries
from services.alerting.adapters.subscriptions import read_subscription
from services.alerting.domain.delivery import DeliveryState
from services.alerting.domain.identity import alert_id, delivery_id
from services.alerting.domain.matching import Match, SubscriptionIndex
from services.alerting.domain.subscription import Subscription
from services.audit.domain import Gap, Missing, Report, Steps, find_missing
from services.audit.replays import (
    ExpectedAlert,
    UnqueuedDigest,
    alertable,
    queue_digests,
    unqueued_digests,
)
from services.audit.topics import dead_ids, messages_on
from services.poller.adapters import tables as poller
from services.poller.domain.identity import IMPORT_PREFIX
from services.runtime.clock import Clock
from services.runtime.outbox import OutboxMessage, enqueue
from services.runtime.settings import KafkaSettings

SETTLE_SECONDS = 120
"""What happened within the last two minutes may still be on its way and is left out."""
OVERDUE_SECONDS = 600
SOURCE = "accesswatch/audit"


class Audit:
    """Audits a period."""

    def __init__(self, engine: AsyncEngine, kafka: KafkaSettings, clock: Clock) -> None:
        self._engine = engine
        self._kafka = kafka
        self._clock = clock

    async def run(
        self, since: datetime | None, until: datetime | None, *, repair: bool = False
    ) -> Report:
        """Compare what each step did for the articles fetched in a period.

        Args:
            since: start of the period; None: the beginning.
            until: end of the period; None: two minutes ago, since what is newer may be under way.
            repair: whether to send through again what is missing.
        """
        until = until or self._clock.now() - timedelta(seconds=SETTLE_SECONDS)
        steps = await self._steps(since, until)
        unalerted, unqueued, digests, undelivered, counts = await self._alerting(since, until)
        missing = [
            *find_missing(steps),
            *(each.missing() for each in unalerted),
            *(Missing(Gap.NOT_QUEUED, alert.id, alert.subscription_name) for alert, _ in unqueued),
            *(each.missing() for each in digests),
            *undelivered,
        ]
        repaired = 0
        if repair:
            repaired = await self._repair(missing, unalerted, unqueued, digests)
        counts = {
            "archived": len(steps.archived),
            "waiting": len(steps.archived & steps.waiting),
            "published": len(steps.archived & (steps.published | steps.stored)),
            "extracted": len(steps.archived & (steps.extracted | steps.stored)),
            "stored": len(steps.archived & steps.stored),
            "dead_lettered": len(steps.dead),
            **counts,
        }
        return Report(since, until, counts, tuple(missing), repaired)

    async def _steps(self, since: datetime | None, until: datetime) -> Steps:
        topics = Topics(self._kafka.namespace)
        # The end of the path is read first: what moves meanwhile is then seen at its start.
        received = alerting.inbox.c
        async with self._engine.connect() as connection:
            rows = await connection.execute(
                select(received.message_id).where(*_since(received.received_at, since))
            )
            stored = set(rows.scalars())
        namespace = self._kafka.namespace
        published, extracted, dead = await asyncio.gather(
            messages_on(self._kafka, topics.articles, f"{namespace}.extractor", since),
            messages_on(self._kafka, topics.statements, f"{namespace}.alerting", since),
            dead_ids(self._kafka),
        )
        archive, outbox = poller.articles.c, poller.outbox.c
        async with self._engine.connect() as connection:
            rows = await connection.execute(
                select(archive.article_id, archive.revision).where(
                    *_between(archive.fetched_at, since, until),
                    # Imported files never pass through the topics: replays account for them.
                    archive.feed_id.not_like(f"{IMPORT_PREFIX}%"),
                )
            )
            archived = {f"{row.article_id}.{row.revision}" for row in rows}
            queued = (await connection.execute(select(outbox.headers, outbox.refused_at))).all()
        waiting = {dict(row.headers)["ce_id"]: row.refused_at is not None for row in queued}
        return Steps(
            archived=archived,
            waiting={
                *waiting,
                *published.waiting,
                *(article_message_id(each) for each in extracted.waiting),
            },
            refused={identifier for identifier, refused in waiting.items() if refused},
            published=published.all,
            extracted={article_message_id(each) for each in extracted.all},
            stored={article_message_id(each) for each in stored},
            dead=dead & archived,
        )

    async def _alerting(
        self, since: datetime | None, until: datetime
    ) -> tuple[
        list[ExpectedAlert],
        list[tuple[Alert, Subscription]],
        list[UnqueuedDigest],
        list[Missing],
        dict[str, int],
    ]:
        async with self._engine.connect() as connection:
            rows = await connection.execute(select(alerting.subscriptions))
            subscriptions = {each.id: each for each in map(read_subscription, rows)}
            stored = await connection.execute(_statements(since, until))
            expected = _expected_alerts(stored.all(), subscriptions, self._clock.now())
            # Those of a replay are told of in its digest, or not at all.
            known = await connection.execute(
                select(alerting.alerts.c.body).where(
                    *_between(alerting.alerts.c.created_at, since, until),
                    alerting.alerts.c.replay_id.is_(None),
                )
            )
            alerts = [Alert.model_validate(body) for body in known.scalars()]
            rows = await connection.execute(
                select(alerting.alerts.c.id).where(_one_of(alerting.alerts.c.id, list(expected)))
            )
            present = set(rows.scalars())
            queued = await connection.execute(
                select(alerting.deliveries).where(
                    or_(
                        _one_of(alerting.deliveries.c.alert_id, [each.id for each in alerts]),
                        and_(
                            alerting.deliveries.c.digest_id.is_not(None),
                            *_between(alerting.deliveries.c.created_at, since, until),
                        ),
                    )
                )
            )
            unsent = await connection.execute(
                select(alerting.outbox.c.key, alerting.outbox.c.refusal).where(
                    alerting.outbox.c.refused_at.is_not(None)
                )
            )
            unsendable = [Missing(Gap.NOT_SENDABLE, row.key, row.refusal) for row in unsent]
            deliveries = {row.id: row for row in queued}
            created = _between(alerting.digests.c.created_at, since, until)
            digests = await unqueued_digests(connection, created, subscriptions)
        unalerted = [each for identifier, each in expected.items() if identifier not in present]
        unqueued = [
            (alert, subscriptions[alert.subscription_id])
            for alert in alerts
            if alert.subscription_id in subscriptions
            and any(
                delivery_id(alert.id, channel.id) not in deliveries
                for channel in subscriptions[alert.subscription_id].channels
            )
        ]
        concerned = list(deliveries.values())
        counts = {
            "alerted": len(alerts),
            "delivered": sum(row.state == DeliveryState.SENT for row in concerned),
            "to_deliver": sum(row.state == DeliveryState.PENDING for row in concerned),
        }
        undelivered = [*self._undelivered(concerned), *unsendable]
        return unalerted, unqueued, digests, undelivered, counts

    def _undelivered(self, rows: list[Any]) -> list[Missing]:
        late = self._clock.now() - timedelta(seconds=OVERDUE_SECONDS)
        missing = []
        for row in sorted(rows, key=lambda each: each.id):
            if row.state == DeliveryState.ABANDONED and row.reason != "unsubscribed":
                missing.append(Missing(Gap.NOT_DELIVERED, row.id, row.detail or row.reason or ""))
            elif row.state == DeliveryState.PENDING and row.due_at and row.due_at < late:
                missing.append(Missing(Gap.OVERDUE, row.id, f"since {row.due_at:%Y-%m-%d %H:%M}"))
        return missing

    async def _repair(
        self,
        missing: list[Missing],
        unalerted: list[ExpectedAlert],
        unqueued: list[tuple[Alert, Subscription]],
        digests: list[UnqueuedDigest],
    ) -> int:
        """Send articles through again, store alerts and deliveries, retry what was given up.

        An alert of a replay is stored as the replay would have, and nobody is told.
        """
        again = {
            each.id
            for each in missing
            if each.gap in {Gap.NOT_PUBLISHED, Gap.NOT_EXTRACTED, Gap.NOT_STORED}
        }
        given_up = [each.id for each in missing if each.gap is Gap.NOT_DELIVERED]
        now = self._clock.now()
        async with self._engine.begin() as connection:
            archive = poller.articles.c
            message_id = archive.article_id + "." + archive.revision
            rows = await connection.execute(
                select(poller.articles)
                .where(_one_of(message_id, sorted(again)))
                .order_by(archive.fetched_at, archive.revision_number)
            )
            articles = [Article.model_validate(dict(row)) for row in map(_as_article, rows)]
            await enqueue(
                connection,
                poller.outbox,
                [_message(each, self._kafka.namespace, now) for each in articles],
            )
            live = await self._store_alerts(connection, unalerted)
            await store_deliveries(connection, [*live, *unqueued], now)
            await queue_digests(connection, digests, now)
            await connection.execute(
                alerting.deliveries.update()
                .where(_one_of(alerting.deliveries.c.id, given_up))
                .values(state=DeliveryState.PENDING, attempts=0, due_at=now, ended_at=None)
            )
        sent_again = (articles, unalerted, unqueued, digests, given_up)
        return sum(len(each) for each in sent_again)

    async def _store_alerts(
        self, connection: AsyncConnection, unalerted: list[ExpectedAlert]
    ) -> list[tuple[Alert, Subscription]]:
        """Store alerts, publish those of the live path, and return them."""
        live = [(each.alert, each.subscription) for each in unalerted if not each.replay_id]
        if unalerted:
            rows = [alert_row(each.alert, each.replay_id) for each in unalerted]
            await connection.execute(insert(alerting.alerts).on_conflict_do_nothing(), rows)
        topic = Topics(self._kafka.namespace).alerts
        await enqueue(
            connection, alerting.outbox, [alert_message(alert, topic) for alert, _ in live]
        )
        return live


def _one_of(column: Any, ids: Iterable[str]) -> Any:
    # One parameter, however many ids: PostgreSQL takes no more than 32,767 of them.
    return column == any_(literal(list(ids), ARRAY(Text)))


def _since(column: Any, since: datetime | None) -> list[Any]:
    return [column >= since] if since else []


def _between(column: Any, since: datetime | None, until: datetime) -> list[Any]:
    return [column < until, *_since(column, since)]


def _statements(since: datetime | None, until: datetime) -> Any:
    return (
        select(
            alerting.statements.c.body,
            alerting.statements.c.stored_at,
            alerting.statements.c.revision,
            alerting.statements.c.revision_number,
            alerting.statements.c.replay_id,
            *[column.label(f"article_{column.name}") for column in alerting.articles.columns],
        )
        .join(alerting.articles, alerting.articles.c.id == alerting.statements.c.article_id)
        .where(
            *_between(alerting.statements.c.stored_at, since, until),
            alertable(),
        )
    )


def _expected_alerts(
    rows: Any, subscriptions: dict[str, Subscription], now: datetime
) -> dict[str, ExpectedAlert]:
    """Return the alerts that stored statements should have made."""
    index = SubscriptionIndex(subscriptions.values())
    expected: dict[str, ExpectedAlert] = {}
    for row in rows:
        statement = Statement.model_validate(row.body)
        for match in index.match(statement, row.article_language):
            if match.subscription.watching_since < row.stored_at:
                alert = _alert(row, statement, match, now)
                found = ExpectedAlert(alert, match.subscription, row.replay_id)
                # Where the live path should have made it too, somebody was to be told.
                if alert.id not in expected or expected[alert.id].replay_id:
                    expected[alert.id] = found
    return expected


def _alert(row: Any, statement: Statement, match: Match, now: datetime) -> Alert:
    columns = {c.name: getattr(row, f"article_{c.name}") for c in alerting.articles.columns}
    reference = columns | {"revision": row.revision, "revision_number": row.revision_number}
    return Alert(
        id=alert_id(match.subscription.id, columns["id"], statement.text),
        subscription_id=match.subscription.id,
        subscription_name=match.subscription.name,
        created_at=now,
        matched=match.reasons,
        article=ArticleReference.model_validate(reference),
        statement=statement,
    )


def _as_article(row: Any) -> dict[str, Any]:
    values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it
    return {**values, "id": values["article_id"]}


def _message(article: Article, namespace: str, now: datetime) -> OutboxMessage:
    headers = Headers(
        id=f"{article.id}.{article.revision}",
        type=EventType.ARTICLE,
        source=SOURCE,
        time=now,
        correlation_id=article.id,
    )
    return OutboxMessage(Topics(namespace).articles, article.id, headers, article)
