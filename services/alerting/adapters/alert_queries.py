"""What others may ask of alerting: alerts, digests, and whether they were delivered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from schemas import Alert, Digest
from services.alerting.adapters.tables import alerts, deliveries, digests
from services.alerting.domain.delivery import summary
from services.runtime.errors import NotFoundError


@dataclass(frozen=True)
class DeliveryStatus:
    """Where a delivery stands."""

    id: str
    channel: str
    state: str
    attempts: int
    due_at: datetime | None
    reason: str | None
    detail: str | None
    ended_at: datetime | None


@dataclass(frozen=True)
class ListedAlert:
    """An alert, and whether its subscriber was told."""

    alert: Alert
    replay_id: str | None
    """The replay that it came of; None for one of the live path."""
    delivery: str
    """In words, for example `sent` or `not sent (replay)`."""


@dataclass(frozen=True)
class AlertStatus:
    """An alert and its deliveries."""

    alert: Alert
    replay_id: str | None
    digest_id: str | None
    """The digest that tells of it; the deliveries are then that digest's."""
    deliveries: tuple[DeliveryStatus, ...]


@dataclass(frozen=True)
class DigestStatus:
    """A digest and its deliveries."""

    digest: Digest
    deliveries: tuple[DeliveryStatus, ...]


class AlertQueries:
    """Reads alerting's alerts, digests and deliveries."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def alerts(
        self,
        limit: int = 50,
        subscription: str | None = None,
        since: datetime | None = None,
        replay: str | None = None,
    ) -> list[ListedAlert]:
        """Return alerts, newest first.

        Args:
            limit: how many at the most.
            subscription: only of this one, by id or name.
            since: only those stored from then on.
            replay: only what came of this replay, by its id or a beginning of it.
        """
        query = _alerts().order_by(alerts.c.created_at.desc(), alerts.c.id).limit(limit)
        if subscription:
            query = query.where(
                or_(
                    alerts.c.subscription_id == subscription,
                    alerts.c.body["subscription_name"].astext == subscription,
                )
            )
        if since:
            query = query.where(alerts.c.created_at >= since)
        if replay:
            query = query.where(alerts.c.replay_id.startswith(replay, autoescape=True))
        async with self._engine.connect() as connection:
            return [_listed(row) for row in await connection.execute(query)]

    async def show(self, identifier: str) -> AlertStatus | DigestStatus:
        """Return one alert or digest by its id, or by a beginning of it that no other has.

        Raises:
            NotFoundError: there is none, or more than one.
        """
        of_alert = _alerts().where(alerts.c.id.startswith(identifier, autoescape=True)).limit(2)
        of_digest = select(digests).where(digests.c.id.startswith(identifier, autoescape=True))
        async with self._engine.connect() as connection:
            found = (await connection.execute(of_alert)).all()
            made = (await connection.execute(of_digest.limit(2))).all()
            if len(found) + len(made) != 1:
                how_many = "more than one alert has" if found or made else "no alert or digest has"
                raise NotFoundError(
                    f"{how_many} an id that starts with '{identifier}'",
                    "'accesswatch alerts list' and 'accesswatch alerts digests' show them.",
                )
            if made:
                return (await _with_deliveries(connection, made))[0]
            return await _status_of(connection, found[0])

    async def digests(self, limit: int = 50) -> list[DigestStatus]:
        """Return digests with their deliveries, newest first."""
        query = select(digests).order_by(digests.c.created_at.desc(), digests.c.id).limit(limit)
        async with self._engine.connect() as connection:
            return await _with_deliveries(connection, (await connection.execute(query)).all())

    async def alerts_after(
        self, moment: datetime, identifier: str, limit: int = 100
    ) -> list[Alert]:
        """Return the alerts of the live path that follow a known one, oldest first."""
        query = (
            select(alerts.c.body)
            .where(
                alerts.c.replay_id.is_(None),
                or_(
                    alerts.c.created_at > moment,
                    and_(alerts.c.created_at == moment, alerts.c.id > identifier),
                ),
            )
            .order_by(alerts.c.created_at, alerts.c.id)
            .limit(limit)
        )
        async with self._engine.connect() as connection:
            return [
                Alert.model_validate(body) for body in (await connection.execute(query)).scalars()
            ]


def _alerts() -> Select[Any]:
    """Return the query of alerts, each with its digest and the states of what tells of it."""
    told_by = or_(deliveries.c.alert_id == alerts.c.id, deliveries.c.digest_id == digests.c.id)
    states = select(func.array_agg(deliveries.c.state)).where(told_by).scalar_subquery()
    of_digest = and_(
        digests.c.replay_id == alerts.c.replay_id,
        digests.c.subscription_id == alerts.c.subscription_id,
    )
    return select(
        alerts.c.body, alerts.c.replay_id, digests.c.id.label("digest_id"), states.label("states")
    ).select_from(alerts.join(digests, of_digest, isouter=True))


def _listed(row: Any) -> ListedAlert:
    delivery = summary(
        row.states or (),
        replayed=row.replay_id is not None,
        in_digest=row.digest_id is not None,
    )
    return ListedAlert(Alert.model_validate(row.body), row.replay_id, delivery)


async def _status_of(connection: AsyncConnection, row: Any) -> AlertStatus:
    alert = Alert.model_validate(row.body)
    told_by = (
        deliveries.c.digest_id == row.digest_id
        if row.digest_id
        else deliveries.c.alert_id == alert.id
    )
    rows = await connection.execute(
        select(deliveries).where(told_by).order_by(deliveries.c.channel, deliveries.c.id)
    )
    sent = tuple(_status(each) for each in rows)
    return AlertStatus(alert, row.replay_id, row.digest_id, sent)


async def _with_deliveries(connection: AsyncConnection, made: Sequence[Any]) -> list[DigestStatus]:
    rows = await connection.execute(
        select(deliveries)
        .where(deliveries.c.digest_id.in_([row.id for row in made]))
        .order_by(deliveries.c.channel, deliveries.c.id)
    )
    sent = rows.all()
    return [
        DigestStatus(
            Digest.model_validate(row.body),
            tuple(_status(each) for each in sent if each.digest_id == row.id),
        )
        for row in made
    ]


def _status(row: Any) -> DeliveryStatus:
    return DeliveryStatus(
        id=row.id,
        channel=row.channel,
        state=row.state,
        attempts=row.attempts,
        due_at=row.due_at,
        reason=row.reason,
        detail=row.detail,
        ended_at=row.ended_at,
    )
