"""What a worker does with parts, failures, and a live path that lags."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest

from services.replay import service
from services.replay.domain.job import Problem, State
from services.replay.domain.pace import Gate
from services.replay.domain.request import Kind
from services.replay.service import Worker
from services.runtime.clock import FakeClock
from services.runtime.errors import NotFoundError, UnavailableError
from tests.support.builders import NOON
from tests.unit.replay.fakes import FakeJobs, FakeLag, FakeSink, FakeSources, job, part


class Line:
    """A worker and all around it."""

    def __init__(self, *, lag: FakeLag | None = None, limit: int = 0) -> None:
        self.jobs = FakeJobs()
        self.sources = FakeSources()
        self.sink = FakeSink()
        self.lag = lag
        self.limit = limit
        self.clock = FakeClock(NOON)
        self.stop = asyncio.Event()

    def worker(self, owner: str = "one") -> Worker:
        sinks = {Kind.ARTICLES: self.sink}
        gate = Gate(self.limit)
        return Worker(owner, self.jobs, self.sources, sinks, self.lag, gate, self.clock)

    async def run(self, owner: str = "one") -> None:
        async with asyncio.timeout(20):
            await self.worker(owner).run(self.stop, job().id)


async def until(condition: Callable[[], bool]) -> None:
    while not condition():  # noqa: ASYNC110 - nobody sets an event for it
        await asyncio.sleep(0.01)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("IDLE_SECONDS", "RETRY_SECONDS", "LOOK_SECONDS", "RENEW_SECONDS"):
        monkeypatch.setattr(service, name, 0.01)


async def test_every_message_of_every_part_is_taken_once() -> None:
    line = Line()
    await line.jobs.add(job(), [part(1, 25), part(2, 7), part(3, 0)])
    await line.run()
    assert len(line.sink.taken) == len(set(line.sink.taken)) == 32
    progress = await line.jobs.progress(job().id)
    assert (progress.counts.read, progress.counts.statements) == (32, 32)
    assert (await line.jobs.get("test")).state is State.FINISHED


async def test_several_workers_take_every_message_once() -> None:
    line = Line()
    await line.jobs.add(job(), [part(number, 30) for number in range(1, 8)])
    await asyncio.gather(*(line.run(owner) for owner in ("one", "two", "three")))
    assert len(line.sink.taken) == len(set(line.sink.taken)) == 210


async def test_a_server_that_is_away_for_a_while_costs_nothing() -> None:
    line = Line()
    line.sources.failures = [UnavailableError("Kafka is away", "Wait.")] * 3
    line.sink.failures = [UnavailableError("PostgreSQL is away", "Wait.")] * 3
    await line.jobs.add(job(), [part(1, 25)])
    await line.run()
    assert len(set(line.sink.taken)) == 25
    assert (await line.jobs.progress(job().id)).counts.read == 25


async def test_a_defect_ends_the_worker_and_leaves_the_part_to_others() -> None:
    line = Line()
    line.sink.failures = [RuntimeError("a defect")]
    await line.jobs.add(job(), [part(1, 25)])
    with pytest.raises(RuntimeError, match="a defect"):
        await line.run()
    assert line.jobs.leases == {}
    await line.run("two")
    assert (await line.jobs.progress(job().id)).counts.read == 25


async def test_a_stretch_that_is_gone_fails_the_replay_and_says_why() -> None:
    line = Line()
    line.sources.failures = [NotFoundError("offset 7 is gone", "Read the archive.")]
    await line.jobs.add(job(), [part(1, 25)])
    await line.run()
    found = await line.jobs.get("test")
    assert (found.state, found.note) == (State.FAILED, "offset 7 is gone. Read the archive.")


async def test_a_paused_replay_rests_after_the_batch_in_flight_until_it_is_resumed() -> None:
    """A worker waits for that: a Kubernetes Job whose pod ended would be done."""
    line = Line()
    await line.jobs.add(job(), [part(1, 25)])

    def pause() -> None:
        line.jobs.jobs[job().id] = replace(line.jobs.jobs[job().id], state=State.PAUSED)
        line.jobs.after_checkpoint = lambda: None

    line.jobs.after_checkpoint = pause
    work = asyncio.ensure_future(line.run())
    async with asyncio.timeout(20):
        await until(lambda: line.jobs.jobs[job().id].state is State.PAUSED)
        await asyncio.sleep(0.05)
        assert (await line.jobs.progress(job().id)).counts.read == 10
        assert line.jobs.leases == {}
        await line.jobs.change(job(), State.RUNNING, [State.PAUSED], NOON)
        await work
    assert len(line.sink.taken) == len(set(line.sink.taken)) == 25


async def test_a_part_that_the_topic_lost_is_read_from_the_archive() -> None:
    line = Line()
    line.jobs.can_turn = True
    line.sources.failures = [NotFoundError("offset 7 is gone", "Read the archive.")]
    await line.jobs.add(job(), [part(1, 25)])
    await line.run()
    assert line.jobs.turned == [1]
    assert (await line.jobs.get("test")).state is State.FINISHED


async def test_a_batch_that_fails_as_a_whole_ends_the_replay_before_it_drains_the_stretch() -> None:
    line = Line()
    line.sink.problems = [Problem(str(n), "crashed: the worker ended") for n in range(10)]
    await line.jobs.add(job(), [part(1, 25)])
    await line.run()
    found = await line.jobs.get("test")
    assert found.state is State.FAILED
    assert "all 10 messages of a batch failed, the last: crashed" in (found.note or "")
    assert (await line.jobs.progress(job().id)).counts.read == 0


async def test_a_worker_whose_lease_was_taken_stops_with_the_part() -> None:
    line = Line()
    await line.jobs.add(job(), [part(1, 25)])

    def steal() -> None:
        line.jobs.leases = dict.fromkeys(line.jobs.leases, ("thief", NOON))
        line.stop.set()

    line.jobs.after_checkpoint = steal
    await line.run()
    assert (await line.jobs.progress(job().id)).counts.read == 10


async def test_a_stop_lets_the_batch_in_flight_end_and_gives_the_part_back() -> None:
    line = Line()
    await line.jobs.add(job(), [part(1, 25)])
    line.jobs.after_checkpoint = line.stop.set
    await line.run()
    assert line.jobs.leases == {}
    assert (await line.jobs.get("test")).state is State.RUNNING
    assert (await line.jobs.progress(job().id)).counts.read == 10


async def test_a_replay_gives_way_while_the_live_path_lags() -> None:
    lag = FakeLag()
    lag.value = 500
    line = Line(lag=lag, limit=100)
    line.sources.step = 1
    await line.jobs.add(job(), [part(1, 10_000)])
    worker = line.worker()
    work = asyncio.ensure_future(worker.run(line.stop, job().id))
    async with asyncio.timeout(20):
        await until(lambda: worker.yielding)
        # The batch in flight may end.
        await asyncio.sleep(0.05)
        before = len(line.sink.taken)
        await asyncio.sleep(0.1)
        assert len(line.sink.taken) == before
        lag.value = 10
        await until(lambda: len(line.sink.taken) > before)
        line.stop.set()
        await work


async def test_a_kafka_that_does_not_answer_counts_as_lag() -> None:
    lag = FakeLag()
    lag.error = UnavailableError("Kafka is away", "Wait.")
    line = Line(lag=lag, limit=100)
    await line.jobs.add(job(), [part(1, 10_000)])
    worker = line.worker()
    work = asyncio.ensure_future(worker.run(line.stop, job().id))
    async with asyncio.timeout(20):
        await until(lambda: worker.yielding)
        line.stop.set()
        await work


async def test_what_a_sink_cannot_take_is_counted_and_kept_with_the_replay() -> None:
    line = Line()
    line.sink.problems = [Problem("article", "timed_out: took more than 30 s")]
    await line.jobs.add(job(), [part(1, 5)])
    await line.run()
    assert (await line.jobs.progress(job().id)).counts.failed == 1
    assert line.jobs.problems == [Problem("article", "timed_out: took more than 30 s")]


async def test_a_replay_whose_last_worker_was_killed_at_its_end_is_ended_by_another() -> None:
    line = Line()
    await line.jobs.add(job(), [part(1, 5)])
    line.jobs.done.add((job().id, 1))
    work = asyncio.ensure_future(line.worker().run(line.stop))
    async with asyncio.timeout(20):
        await until(lambda: line.jobs.jobs[job().id].state is State.FINISHED)
        line.stop.set()
        await work


async def test_a_stop_does_not_wait_for_a_slow_rate() -> None:
    line = Line()
    slow = replace(job(), request=replace(job().request, rate=0.1))
    await line.jobs.add(slow, [part(1, 25)])
    line.jobs.after_checkpoint = line.stop.set
    await line.run()
    assert (await line.jobs.progress(job().id)).counts.read == 1
