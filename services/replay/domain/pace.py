"""When a replay gives way to the live path."""

from dataclasses import dataclass


@dataclass(slots=True)
class Gate:
    """Closes when too much waits for the live path, opens when half of that is gone.

    The gap between the two keeps it from opening and closing with every message.
    """

    limit: int
    """Messages that may wait; 0: never closes."""
    closed: bool = False

    def note(self, waiting: int) -> bool:
        """Take in how many messages wait; tell whether the gate is closed."""
        if self.limit:
            threshold = self.limit // 2 if self.closed else self.limit
            self.closed = waiting > threshold
        return self.closed


def batch_of(most: int, rate: float | None) -> int:
    """Return how many messages to take at a time: of a slow replay about a second's.

    Args:
        most: messages of a batch at the most.
        rate: messages a second; None: no limit.
    """
    return max(1, min(most, int(rate))) if rate else most


def pause_after(messages: int, seconds: float, rate: float | None) -> float:
    """Return how many seconds to wait after a batch to keep to a rate.

    Args:
        messages: in the batch.
        seconds: that it took.
        rate: messages a second at most; None: no limit.
    """
    return max(0.0, messages / rate - seconds) if rate else 0.0
