"""A token bucket per key, which makes its caller wait."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Hashable


class RateLimit:
    """Allows `burst` at once and `per_second` in the long run, for each key on its own."""

    def __init__(
        self,
        burst: int,
        per_second: float,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._burst = burst
        self._per_second = per_second
        self._clock = clock
        self._sleep = sleep
        self._buckets: dict[Hashable, tuple[float, float]] = {}

    async def wait(self, key: Hashable, report: Callable[[float], None] = lambda _: None) -> None:
        """Wait until the key may have one more; `report` is told how many seconds that takes."""
        now = self._clock()
        tokens, at = self._buckets.get(key, (float(self._burst), now))
        tokens = min(self._burst, tokens + (now - at) * self._per_second)
        if tokens < 1:
            seconds = (1 - tokens) / self._per_second
            report(seconds)
            await self._sleep(seconds)
            tokens, now = 1.0, self._clock()
        self._buckets[key] = (tokens - 1, now)
