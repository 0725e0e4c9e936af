"""Deliveries in PostgreSQL: leased by one process at a time."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncEngine

from schemas import Alert, Digest
from services.alerting.adapters.subscriptions import read_subscription
from services.alerting.adapters.tables import alerts, deliveries, digests, subscriptions
from services.alerting.domain.channel import Channel
from services.alerting.domain.delivery import DeliveryState, Next
from services.alerting.domain.identity import delivery_id
from services.alerting.ports import DueDelivery

PER_CHANNEL = 4
"""Deliveries of one channel taken at a time, so that a slow one leaves room for the others."""

LEASE = text("""
    WITH due AS (
        SELECT id FROM alerting.deliveries
        WHERE state = 'pending' AND due_at <= :now
          AND (lease_until IS NULL OR lease_until <= :now)
          AND NOT (channel_id = ANY(:busy))
        ORDER BY due_at, id
        LIMIT :window
    ), fair AS (
        SELECT d.id, d.due_at, row_number() OVER (
            PARTITION BY d.channel_id ORDER BY d.due_at, d.id) AS place
        FROM alerting.deliveries AS d JOIN due USING (id)
    ), taken AS (
        SELECT d.id FROM alerting.deliveries AS d JOIN fair USING (id)
        WHERE fair.place <= :per_channel
          AND d.state = 'pending' AND (d.lease_until IS NULL OR d.lease_until <= :now)
        ORDER BY fair.due_at, d.id
        LIMIT :limit
        FOR UPDATE OF d SKIP LOCKED
    )
    UPDATE alerting.deliveries AS d SET lease_owner = :owner, lease_until = :until
    FROM taken WHERE d.id = taken.id
    RETURNING d.id
""")


def new_delivery(
    channel: Channel,
    subscription_id: str,
    now: datetime,
    *,
    alert_id: str | None = None,
    digest_id: str | None = None,
) -> dict[str, Any]:
    """Return the row of a delivery that is due at once, of an alert or of a digest."""
    return {
        "id": delivery_id(alert_id or digest_id or "", channel.id),
        "alert_id": alert_id,
        "digest_id": digest_id,
        "subscription_id": subscription_id,
        "channel_id": channel.id,
        "channel": channel.kind,
        "state": DeliveryState.PENDING,
        "attempts": 0,
        "due_at": now,
        "created_at": now,
    }


class SqlDeliveries:
    """The deliveries, in the table `deliveries`."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def lease(
        self, owner: str, now: datetime, limit: int, seconds: float, busy: Iterable[str] = ()
    ) -> list[DueDelivery]:
        """Take deliveries that are due, oldest first, none of the channels in `busy`."""
        parameters = {
            "owner": owner,
            "now": now,
            "until": now + timedelta(seconds=seconds),
            "limit": limit,
            "window": limit * 20,
            "per_channel": PER_CHANNEL,
            "busy": list(busy),
        }
        async with self._engine.begin() as connection:
            ids = list((await connection.execute(LEASE, parameters)).scalars())
            if not ids:
                return []
            rows = await connection.execute(_with_notice().where(deliveries.c.id.in_(ids)))
            return [_due(row) for row in rows]

    async def record(
        self, owner: str, delivery: DueDelivery, following: Next, now: datetime
    ) -> bool:
        """Store what came of an attempt; False where the lease was lost."""
        ended = following.state is not DeliveryState.PENDING
        statement = (
            update(deliveries)
            .where(deliveries.c.id == delivery.id, deliveries.c.lease_owner == owner)
            .values(
                state=following.state,
                attempts=delivery.attempts + 1,
                due_at=following.due_at,
                reason=following.reason,
                detail=following.detail,
                ended_at=now if ended else None,
                lease_owner=None,
                lease_until=None,
            )
        )
        async with self._engine.begin() as connection:
            return (await connection.execute(statement)).rowcount == 1

    async def release(self, owner: str) -> None:
        """Give back whatever an owner holds."""
        async with self._engine.begin() as connection:
            await connection.execute(
                update(deliveries)
                .where(deliveries.c.lease_owner == owner)
                .values(lease_owner=None, lease_until=None)
            )

    async def next_due(self) -> datetime | None:
        """Return when the next delivery can be taken, or None where there is none."""
        free_at = func.greatest(deliveries.c.due_at, deliveries.c.lease_until)
        statement = select(func.min(free_at)).where(deliveries.c.state == DeliveryState.PENDING)
        async with self._engine.connect() as connection:
            due: datetime | None = await connection.scalar(statement)
            return due


def _with_notice() -> Any:
    return (
        select(
            deliveries.c.id.label("delivery_id"),
            deliveries.c.channel_id,
            deliveries.c.attempts,
            alerts.c.body.label("alert"),
            digests.c.body.label("digest"),
            subscriptions,
        )
        .join(alerts, alerts.c.id == deliveries.c.alert_id, isouter=True)
        .join(digests, digests.c.id == deliveries.c.digest_id, isouter=True)
        .join(subscriptions, subscriptions.c.id == deliveries.c.subscription_id, isouter=True)
        # One whose alert was deleted has nothing to send, and must not keep the others waiting.
        .where(or_(alerts.c.id.is_not(None), digests.c.id.is_not(None)))
        .order_by(deliveries.c.due_at, deliveries.c.id)
    )


def _due(row: Any) -> DueDelivery:
    return DueDelivery(
        id=row.delivery_id,
        notice=Digest.model_validate(row.digest)
        if row.digest is not None
        else Alert.model_validate(row.alert),
        channel_id=row.channel_id,
        channel=_channel(row),
        attempts=row.attempts,
    )


def _channel(row: Any) -> Channel | None:
    if row.id is None:
        return None
    channels = read_subscription(row).channels
    return next((each for each in channels if each.id == row.channel_id), None)
