"""The token bucket that keeps a poisoned partition from being drained."""

from services.runtime.kafka.rate_limit import RateLimit


class Time:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


async def test_a_burst_passes_at_once_and_what_follows_waits() -> None:
    time = Time()
    limit = RateLimit(3, 2.0, time, time.sleep)
    for _ in range(5):
        await limit.wait("partition")
    assert time.slept == [0.5, 0.5]


async def test_one_partition_does_not_slow_another() -> None:
    time = Time()
    limit = RateLimit(1, 1.0, time, time.sleep)
    await limit.wait("a")
    await limit.wait("b")
    assert time.slept == []


async def test_rest_refills_the_bucket_no_further_than_the_burst() -> None:
    time = Time()
    limit = RateLimit(2, 1.0, time, time.sleep)
    time.now = 1000.0
    reports: list[float] = []
    for _ in range(3):
        await limit.wait("a", reports.append)
    assert reports == [1.0]
