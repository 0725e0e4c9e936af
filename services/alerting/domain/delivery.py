"""What becomes of a delivery: sent, tried again, given up."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class DeliveryState(StrEnum):
    """Where a delivery stands."""

    PENDING = "pending"
    """To be sent, for the first time or again."""
    SENT = "sent"
    ABANDONED = "abandoned"
    """Given up: `reason` says why."""


class DeliveryFailure(StrEnum):
    """Why a delivery failed; a metric label, so bounded."""

    UNREACHABLE = "unreachable"
    REFUSED = "refused"
    """The receiver answered that it will not take it."""
    BUSY = "busy"
    """The receiver asked to be called later."""
    FORBIDDEN_ADDRESS = "forbidden_address"
    """The channel leads to a private address."""
    MISCONFIGURED = "misconfigured"
    UNSUBSCRIBED = "unsubscribed"
    TOO_MANY_ATTEMPTS = "too_many_attempts"
    DEFECT = "defect"


@dataclass(frozen=True)
class Sent:
    """The receiver has it."""


@dataclass(frozen=True)
class Retry:
    """It may work later."""

    reason: DeliveryFailure
    detail: str
    after: float | None = None
    """Seconds that the receiver asked for."""


@dataclass(frozen=True)
class GiveUp:
    """It will never work."""

    reason: DeliveryFailure
    detail: str


Outcome = Sent | Retry | GiveUp


@dataclass(frozen=True)
class Patience:
    """How often and how long to try."""

    max_attempts: int
    first: float
    """Seconds before the second attempt."""
    most: float
    """Seconds between two attempts at the most."""


@dataclass(frozen=True)
class Next:
    """What to store of a delivery after an attempt."""

    state: DeliveryState
    due_at: datetime | None = None
    reason: DeliveryFailure | None = None
    detail: str | None = None


def after_attempt(
    outcome: Outcome, attempts: int, now: datetime, patience: Patience, jitter: float
) -> Next:
    """Return what follows an attempt.

    The pause doubles with each attempt; half of it is left to chance, so that what failed together
    does not come back together. A receiver's own wish (`Retry-After`) is a least pause.

    Args:
        outcome: of the attempt.
        attempts: how many there were, this one included.
        now: the present.
        patience: the limits.
        jitter: a random number, 0 up to 1.
    """
    match outcome:
        case Sent():
            return Next(DeliveryState.SENT)
        case GiveUp():
            return Next(DeliveryState.ABANDONED, None, outcome.reason, outcome.detail)
    if attempts >= patience.max_attempts:
        detail = f"{attempts} attempts, the last: {outcome.detail}"
        return Next(DeliveryState.ABANDONED, None, DeliveryFailure.TOO_MANY_ATTEMPTS, detail)
    pause = min(patience.most, patience.first * 2 ** min(attempts - 1, 30))
    seconds = max(pause * (0.5 + jitter / 2), min(outcome.after or 0, patience.most))
    due = now + timedelta(seconds=seconds)
    return Next(DeliveryState.PENDING, due, outcome.reason, outcome.detail)


def summary(states: Collection[str], *, replayed: bool = False, in_digest: bool = False) -> str:
    """Return in a few words whether an alert reached its subscriber.

    Args:
        states: of the deliveries of the alert, or of the digest that tells of it.
        replayed: whether the alert came of a replay.
        in_digest: whether a digest tells of it.
    """
    if replayed and not in_digest:
        return "not sent (replay)"
    if DeliveryState.PENDING in states:
        state = "pending"
    elif DeliveryState.ABANDONED in states:
        state = "given up"
    else:
        state = "sent" if states else "no channel"
    return f"digest {state}" if in_digest else state
