"""How fast a replay goes and how long it will take."""

from collections import deque


class Speed:
    """Messages a second over the last while.

    Args:
        seconds: how far back to look; long enough that pauses for the live path are averaged.
    """

    def __init__(self, seconds: float = 30.0) -> None:
        self._seconds = seconds
        self._seen: deque[tuple[float, int]] = deque()

    def note(self, at: float, done: int) -> None:
        """Note how many messages were done at a moment (seconds of any clock)."""
        self._seen.append((at, done))
        while len(self._seen) > 2 and at - self._seen[0][0] > self._seconds:  # noqa: PLR2004 - a line needs two points
            self._seen.popleft()

    @property
    def per_second(self) -> float | None:
        """Messages a second, or None before there is anything to tell."""
        if len(self._seen) < 2:  # noqa: PLR2004 - a line needs two points
            return None
        (began, first), (ended, last) = self._seen[0], self._seen[-1]
        return (last - first) / (ended - began) if ended > began else None

    def seconds_left(self, left: int) -> float | None:
        """Return how long so many messages take at this speed, or None where nobody can tell."""
        speed = self.per_second
        return left / speed if speed else None
