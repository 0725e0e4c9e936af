"""What alerting needs from outside, as protocols."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from schemas import Alert, Headers, StatementMessage
from services.alerting.domain.channel import Channel
from services.alerting.domain.delivery import Next, Outcome
from services.alerting.domain.notice import Notice


@dataclass(frozen=True)
class Stored:
    """What came of a batch of statement messages."""

    messages: tuple[StatementMessage, ...] = ()
    """Those that were new."""
    alerts: tuple[Alert, ...] = ()
    """Those that were new."""
    rejected: tuple[tuple[str, str], ...] = ()
    """Ids of messages that the database refuses for what they hold, and why."""


@dataclass(frozen=True)
class DueDelivery:
    """A delivery that this process may send until its lease ends."""

    id: str
    notice: Notice
    channel_id: str
    channel: Channel | None
    """None where the subscription or its channel is gone."""
    attempts: int
    """Attempts before this one."""


@dataclass(frozen=True)
class Backfill:
    """A replay whose messages are stored."""

    replay_id: str
    notifies: bool = False
    """Whether digests tell of its alerts: it then takes over those that an earlier replay found
    and told nobody of."""


class Store(Protocol):
    """Statements, alerts and deliveries."""

    async def store(
        self,
        messages: Sequence[tuple[Headers, StatementMessage]],
        backfill: Backfill | None = None,
    ) -> Stored:
        """Store a batch with everything that follows from it, in one transaction."""
        ...


class Deliveries(Protocol):
    """Deliveries that wait to be sent."""

    async def lease(
        self, owner: str, now: datetime, limit: int, seconds: float, busy: Iterable[str] = ()
    ) -> list[DueDelivery]:
        """Take deliveries that are due, oldest first, none of the channels in `busy`."""
        ...

    async def record(
        self, owner: str, delivery: DueDelivery, following: Next, now: datetime
    ) -> bool:
        """Store what came of an attempt; False where the lease was lost."""
        ...

    async def release(self, owner: str) -> None:
        """Give back whatever an owner holds."""
        ...

    async def next_due(self) -> datetime | None:
        """Return when the next delivery can be taken, or None where there is none."""
        ...


class Notifier(Protocol):
    """Sends alerts and digests through channels of one kind."""

    async def send(self, delivery_id: str, notice: Notice, channel: Channel) -> Outcome:
        """Try to send one once; never raises for what a receiver does."""
        ...
