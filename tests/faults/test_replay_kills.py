"""A replay that is killed at any moment goes on where it was, and nothing doubles."""

import asyncio
import os
import random
import signal
import sys

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from services.alerting.adapters import tables as alerting
from services.alerting.adapters.subscriptions import SqlSubscriptions
from services.alerting.domain.channel import Channel, ChannelKind
from services.alerting.domain.subscription import Watch
from services.replay.adapters.jobs import SqlJobs
from services.replay.domain.job import State
from services.runtime.clock import FakeClock
from services.runtime.settings import KafkaSettings
from tests.support.builders import NOON
from tests.support.history import History, told

MESSAGES = 9000
KILLS = 4
RATE = "400"
"""Messages a second and worker: slow enough that every kill hits it in the middle."""


async def start(engine: AsyncEngine, kafka: KafkaSettings) -> asyncio.subprocess.Process:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("ACCESSWATCH_")}
    arguments = ("replay", "statements", "--from", "beginning", "--name", "killed", "--join")
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "services.cli",
        *arguments,
        "--rate",
        RATE,
        env=environment
        | {
            "ACCESSWATCH_DATABASE__URL": engine.url.render_as_string(hide_password=False),
            "ACCESSWATCH_KAFKA__BOOTSTRAP_SERVERS": kafka.bootstrap_servers or "",
            "ACCESSWATCH_KAFKA__NAMESPACE": kafka.namespace,
            "ACCESSWATCH_KAFKA__PARTITIONS": str(kafka.partitions),
        },
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )


async def has_read(jobs: SqlJobs, worker: asyncio.subprocess.Process, more_than: int) -> int:
    """Wait until a replay has read more than so many messages; return how many."""
    async with asyncio.timeout(60):
        while True:
            if worker.returncode is not None:
                _, said = await worker.communicate()
                raise AssertionError(f"it ended by itself: {said.decode()}")
            found = await jobs.list(1)
            read = found[0][1].counts.read if found else 0
            if read > more_than:
                return read
            await asyncio.sleep(0.02)


async def test_a_replay_survives_kills_at_any_moment(
    engine: AsyncEngine, kafka: KafkaSettings
) -> None:
    history, jobs, rng = History(engine, kafka), SqlJobs(engine), random.Random(7)
    past = [told(number) for number in range(MESSAGES)]
    await history.tell(past)
    await history.commit()
    subscriptions = SqlSubscriptions(engine, FakeClock(NOON))
    channels = [Channel(ChannelKind.CONSOLE, "")]
    await subscriptions.add("all", Watch(actors=("icrc",)), channels)
    read = 0
    for _ in range(KILLS):
        worker = await start(engine, kafka)
        read = await has_read(jobs, worker, read)
        await asyncio.sleep(rng.uniform(0, 0.3))
        os.kill(worker.pid, signal.SIGKILL)
        await worker.wait()
    assert read < MESSAGES
    worker = await start(engine, kafka)
    _, said = await worker.communicate()
    assert worker.returncode == 0, said.decode()
    ((job, progress),) = await jobs.list(5)
    assert (job.state, progress.counts.read) == (State.FINISHED, MESSAGES)
    stated = sum(number % 3 for number in range(MESSAGES))
    for table, rows in (
        (alerting.inbox, MESSAGES),
        (alerting.articles, MESSAGES),
        (alerting.statements, stated),
        (alerting.alerts, stated),
        (alerting.deliveries, 0),
    ):
        async with engine.connect() as connection:
            query = select(func.count()).select_from(table)
            assert await connection.scalar(query) == rows, table.name
