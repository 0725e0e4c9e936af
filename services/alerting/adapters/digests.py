"""Digests of what a replay found, for the subscriptions that it found it for."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Date, Text, any_, cast, func, literal, select, text, true, update
from sqlalchemy.dialects.postgresql import ARRAY, TIMESTAMP, insert
from sqlalchemy.ext.asyncio import AsyncConnection

from schemas import Alert, Digest
from schemas.digest import MOST_ALERTS, MOST_DAYS, MOST_NAMES, Count, Day
from services.alerting.adapters.deliveries import new_delivery
from services.alerting.adapters.subscriptions import read_subscription
from services.alerting.adapters.tables import (
    DELIVERIES_CHANNEL,
    alerts,
    deliveries,
    digests,
    subscriptions,
)
from services.alerting.domain.identity import digest_id
from services.alerting.domain.subscription import Subscription

FETCHED_AT = cast(alerts.c.body["article"]["fetched_at"].astext, TIMESTAMP(timezone=True))
STANCE = alerts.c.body["statement"]["stance"].astext


async def store_digests(connection: AsyncConnection, replay_id: str, now: datetime) -> int:
    """Store a digest for each active subscription that a replay found something for.

    Digests and deliveries are stored in the caller's transaction; a second time changes nothing.

    Returns:
        How many digests were new.
    """
    concerned = select(alerts.c.subscription_id).where(alerts.c.replay_id == replay_id)
    rows = await connection.execute(
        select(subscriptions)
        .where(subscriptions.c.active, subscriptions.c.id.in_(concerned))
        .order_by(subscriptions.c.id)
    )
    added = [
        await _store(connection, subscription, replay_id, now)
        for subscription in map(read_subscription, rows.all())
    ]
    if any(added):
        await connection.execute(text("SELECT pg_notify(:c, '')"), {"c": DELIVERIES_CHANNEL})
    return sum(added)


async def take_over(
    connection: AsyncConnection, replay_id: str, alert_ids: Collection[str]
) -> None:
    """Make alerts this replay's that an earlier one found and told nobody of."""
    told = select(digests.c.id).where(
        digests.c.replay_id == alerts.c.replay_id,
        digests.c.subscription_id == alerts.c.subscription_id,
    )
    await connection.execute(
        update(alerts)
        .where(
            alerts.c.id == any_(literal(sorted(alert_ids), ARRAY(Text))),
            alerts.c.replay_id.is_not(None),
            alerts.c.replay_id != replay_id,
            ~told.exists(),
        )
        .values(replay_id=replay_id)
    )


async def _store(
    connection: AsyncConnection, subscription: Subscription, replay_id: str, now: datetime
) -> bool:
    digest = await _digest(connection, subscription, replay_id, now)
    row = {
        "id": digest.id,
        "subscription_id": subscription.id,
        "replay_id": replay_id,
        "body": digest.model_dump(mode="json"),
        "alerts": digest.total,
        "created_at": now,
    }
    found = await connection.execute(insert(digests).values(row).on_conflict_do_nothing())
    if not found.rowcount:
        return False
    await store_digest_deliveries(connection, digest.id, subscription, now)
    return True


async def store_digest_deliveries(
    connection: AsyncConnection, digest: str, subscription: Subscription, now: datetime
) -> None:
    """Store a digest's deliveries, due at once, one for each channel."""
    rows = [
        new_delivery(channel, subscription.id, now, digest_id=digest)
        for channel in subscription.channels
    ]
    if rows:
        await connection.execute(insert(deliveries).on_conflict_do_nothing(), rows)


async def _digest(
    connection: AsyncConnection, subscription: Subscription, replay_id: str, now: datetime
) -> Digest:
    """Return the digest of a subscription; PostgreSQL counts, so that any number may be in it."""
    of_it = (
        alerts.c.replay_id == replay_id,
        alerts.c.subscription_id == subscription.id,
    )
    totals = select(func.count(), func.min(FETCHED_AT), func.max(FETCHED_AT)).where(*of_it)
    total, since, until = (await connection.execute(totals)).one()
    day = cast(func.timezone("UTC", FETCHED_AT), Date)
    latest = select(day, func.count()).where(*of_it).group_by(day).order_by(day.desc())
    days = (await connection.execute(latest.limit(MOST_DAYS))).all()
    newest = await connection.execute(
        select(alerts.c.body)
        .where(*of_it)
        .order_by(FETCHED_AT.desc(), alerts.c.id)
        .limit(MOST_ALERTS)
    )
    return Digest(
        id=digest_id(subscription.id, replay_id),
        subscription_id=subscription.id,
        subscription_name=subscription.name,
        replay_id=replay_id,
        created_at=now,
        since=since,
        until=until,
        total=total,
        days=tuple(Day(day=each, alerts=count) for each, count in reversed(days)),
        stances=await _stances(connection, of_it),
        routes=await _mentions(connection, "routes", of_it),
        actors=await _mentions(connection, "actors", of_it),
        alerts=tuple(Alert.model_validate(body) for body in newest.scalars()),
    )


async def _stances(connection: AsyncConnection, of_it: Sequence[Any]) -> tuple[Count, ...]:
    rows = await connection.execute(
        select(STANCE.label("name"), func.count().label("alerts"))
        .where(*of_it)
        .group_by(STANCE)
        .order_by(func.count().desc(), STANCE)
    )
    return tuple(Count(name=row.name, alerts=row.alerts) for row in rows)


async def _mentions(
    connection: AsyncConnection, kind: str, of_it: Sequence[Any]
) -> tuple[Count, ...]:
    """Return the routes or actors that most alerts name; one with an id counts under any name."""
    every = func.jsonb_array_elements(alerts.c.body["statement"][kind])
    mention = every.table_valued("value").lateral("mention")
    identifier = func.jsonb_extract_path_text(mention.c.value, "id")
    name = func.jsonb_extract_path_text(mention.c.value, "name")
    same = func.coalesce(identifier, name)
    shared = func.count(alerts.c.id.distinct())
    rows = await connection.execute(
        select(
            func.min(identifier).label("id"),
            func.mode().within_group(name).label("name"),
            shared.label("alerts"),
        )
        .select_from(alerts.join(mention, true()))
        .where(*of_it)
        .group_by(same)
        .order_by(shared.desc(), same)
        .limit(MOST_NAMES)
    )
    return tuple(Count(id=row.id, name=row.name, alerts=row.alerts) for row in rows)
