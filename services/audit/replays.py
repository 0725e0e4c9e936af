"""What an audit looks at of replays: the alerts that they make silently, and their digests."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from schemas import Alert
from services.alerting.adapters.digests import store_digest_deliveries
from services.alerting.adapters.tables import deliveries, digests, statements
from services.alerting.domain.identity import delivery_id
from services.alerting.domain.subscription import Subscription
from services.audit.domain import Gap, Missing


@dataclass(frozen=True)
class ExpectedAlert:
    """An alert that a stored statement should have made."""

    alert: Alert
    subscription: Subscription
    replay_id: str | None
    """The replay that stored the statement: its alert is stored again, and sent to nobody."""

    def missing(self) -> Missing:
        """Return it as a gap."""
        of = f", of replay {self.replay_id}" if self.replay_id else ""
        return Missing(Gap.NOT_ALERTED, self.alert.id, f"{self.alert.statement.id}{of}")


@dataclass(frozen=True)
class UnqueuedDigest:
    """A digest without a delivery for one of its subscription's channels."""

    id: str
    subscription: Subscription

    def missing(self) -> Missing:
        """Return it as a gap."""
        return Missing(Gap.NOT_QUEUED, self.id, f"digest for {self.subscription.name}")


def alertable() -> Any:
    """Return the condition on statements that should have made alerts.

    The live path matches each statement when it comes; a replay only what holds of its article.
    """
    return or_(statements.c.replay_id.is_(None), statements.c.superseded_at.is_(None))


async def unqueued_digests(
    connection: AsyncConnection,
    between: Sequence[Any],
    subscriptions: Mapping[str, Subscription],
) -> list[UnqueuedDigest]:
    """Return the digests that are not on their way through each channel.

    Args:
        connection: to the database.
        between: conditions on `digests.created_at`.
        subscriptions: those that there are, by id.
    """
    made = (
        await connection.execute(select(digests.c.id, digests.c.subscription_id).where(*between))
    ).all()
    of_made = select(digests.c.id).where(*between)
    queued = await connection.execute(
        select(deliveries.c.id).where(deliveries.c.digest_id.in_(of_made))
    )
    known = set(queued.scalars())
    return [
        UnqueuedDigest(row.id, subscriptions[row.subscription_id])
        for row in made
        if row.subscription_id in subscriptions
        and any(
            delivery_id(row.id, channel.id) not in known
            for channel in subscriptions[row.subscription_id].channels
        )
    ]


async def queue_digests(
    connection: AsyncConnection, unqueued: Sequence[UnqueuedDigest], now: datetime
) -> None:
    """Store the deliveries that digests lack, due at once."""
    for each in unqueued:
        await store_digest_deliveries(connection, each.id, each.subscription, now)
