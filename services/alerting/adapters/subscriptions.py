"""Subscriptions in PostgreSQL."""

import secrets
from base64 import b64encode
from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from schemas import Stance, Topic
from services.alerting.adapters.tables import deliveries, subscriptions, subscriptions_version
from services.alerting.domain.channel import Channel, ChannelKind
from services.alerting.domain.delivery import DeliveryFailure, DeliveryState
from services.alerting.domain.matching import SubscriptionIndex
from services.alerting.domain.subscription import Subscription, Watch
from services.runtime.clock import Clock
from services.runtime.errors import ConflictError, NotFoundError

SECRET_BYTES = 24
"""Length of a webhook secret; Standard Webhooks asks for 24 to 64 bytes."""


def with_secret(channel: Channel) -> Channel:
    """Return a channel with a fresh signing secret, if its kind signs."""
    if channel.kind is not ChannelKind.WEBHOOK or channel.secret:
        return channel
    secret = "whsec_" + b64encode(secrets.token_bytes(SECRET_BYTES)).decode()
    return Channel(channel.kind, channel.address, secret)


def read_subscription(row: Any) -> Subscription:
    """Return a row of the table as a subscription."""
    watch = row.watch
    return Subscription(
        id=row.id,
        name=row.name,
        watch=Watch(
            actors=tuple(watch["actors"]),
            routes=tuple(watch["routes"]),
            texts=tuple(watch["texts"]),
            topics=tuple(Topic(each) for each in watch["topics"]),
            stances=tuple(Stance(each) for each in watch["stances"]),
            languages=tuple(watch["languages"]),
        ),
        channels=tuple(
            Channel(ChannelKind(each["kind"]), each["address"], each["secret"])
            for each in row.channels
        ),
        created_at=row.created_at,
        watching_since=row.watching_since,
        active=row.active,
        origin=row.origin,
    )


class SqlSubscriptions:
    """The subscriptions, in the table `subscriptions`."""

    def __init__(self, engine: AsyncEngine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock

    async def add(
        self, name: str, watch: Watch, channels: Sequence[Channel], origin: str = "user"
    ) -> Subscription:
        """Store a subscription; webhooks get a secret, which is in the answer.

        Raises:
            ConflictError: there is one of that name.
        """
        now = self._clock.now()
        subscription = Subscription(
            id=secrets.token_hex(6),
            name=name,
            watch=watch,
            channels=tuple(with_secret(channel) for channel in channels),
            created_at=now,
            watching_since=now,
            origin=origin,
        )
        try:
            async with self._engine.begin() as connection:
                await connection.execute(insert(subscriptions), _values(subscription))
                await _count_up(connection)
        except IntegrityError as error:
            raise ConflictError(
                f"there is a subscription named '{name}' already",
                "Choose another name, or remove it with 'accesswatch subscriptions remove'.",
            ) from error
        return subscription

    async def list(self) -> list[Subscription]:
        """Return all subscriptions, by name."""
        async with self._engine.connect() as connection:
            rows = await connection.execute(select(subscriptions).order_by(subscriptions.c.name))
            return [read_subscription(row) for row in rows]

    async def get(self, id_or_name: str) -> Subscription:
        """Return one subscription.

        Raises:
            NotFoundError: there is none.
        """
        for each in await self.list():
            if id_or_name in {each.id, each.name}:
                return each
        raise NotFoundError(
            f"there is no subscription '{id_or_name}'",
            "'accesswatch subscriptions list' shows them all.",
        )

    async def set_active(self, id_or_name: str, *, active: bool) -> Subscription:
        """Pause or resume a subscription and return it as it was.

        Raises:
            NotFoundError: there is none.
        """
        found = await self.get(id_or_name)
        resumed = active and not found.active
        since = self._clock.now() if resumed else found.watching_since
        async with self._engine.begin() as connection:
            await connection.execute(
                update(subscriptions)
                .where(subscriptions.c.id == found.id)
                .values(active=active, watching_since=since)
            )
            await _count_up(connection)
        return found

    async def remove(self, id_or_name: str) -> Subscription:
        """Remove a subscription and return it; its alerts stay, what is unsent is abandoned.

        Raises:
            NotFoundError: there is none.
        """
        found = await self.get(id_or_name)
        async with self._engine.begin() as connection:
            await connection.execute(delete(subscriptions).where(subscriptions.c.id == found.id))
            await connection.execute(
                update(deliveries)
                .where(
                    deliveries.c.subscription_id == found.id,
                    deliveries.c.state == DeliveryState.PENDING,
                )
                .values(
                    state=DeliveryState.ABANDONED,
                    reason=DeliveryFailure.UNSUBSCRIBED,
                    due_at=None,
                    ended_at=self._clock.now(),
                )
            )
            await _count_up(connection)
        return found


def _values(subscription: Subscription) -> dict[str, Any]:
    watch = subscription.watch
    return {
        "id": subscription.id,
        "name": subscription.name,
        "watch": {
            "actors": watch.actors,
            "routes": watch.routes,
            "texts": watch.texts,
            "topics": watch.topics,
            "stances": watch.stances,
            "languages": watch.languages,
        },
        "channels": [
            {"kind": each.kind, "address": each.address, "secret": each.secret}
            for each in subscription.channels
        ],
        "active": subscription.active,
        "origin": subscription.origin,
        "created_at": subscription.created_at,
        "watching_since": subscription.watching_since,
    }


async def _count_up(connection: AsyncConnection) -> None:
    await connection.execute(
        text(
            "INSERT INTO alerting.subscriptions_version (single, version) VALUES (true, 1) "
            "ON CONFLICT (single) DO UPDATE SET version = subscriptions_version.version + 1"
        )
    )


class CurrentIndex:
    """The subscription index, read again whenever subscriptions changed."""

    def __init__(self) -> None:
        self._version: int | None = None
        self._index = SubscriptionIndex(())

    async def get(self, connection: AsyncConnection) -> SubscriptionIndex:
        """Return the index as of now, in the caller's transaction."""
        version = await connection.scalar(select(subscriptions_version.c.version)) or 0
        if version != self._version:
            rows = await connection.execute(select(subscriptions).where(subscriptions.c.active))
            self._index = SubscriptionIndex(read_subscription(row) for row in rows)
            self._version = version
        return self._index
