"""Works on a replay before the user's eyes: progress, rate, time left."""

import asyncio
import contextlib
import signal
import sys
import time
from collections.abc import AsyncIterator
from datetime import timedelta

import structlog
from rich.progress import BarColumn, Progress, TaskID, TextColumn
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from services.cli.output import console
from services.replay.adapters.jobs import SqlJobs
from services.replay.app import open_worker
from services.replay.domain import job as domain
from services.replay.domain.progress import Speed
from services.replay.domain.request import Kind
from services.replay.service import Worker
from services.runtime.settings import Settings

LOOK_SECONDS = 0.5
LOG_SECONDS = 10.0
"""Between two lines where no terminal shows a bar."""

log = structlog.get_logger()


async def work(
    settings: Settings, engine: AsyncEngine, job: domain.Job | None, *, quiet: bool = False
) -> bool:
    """Work on one replay to its end, or on any until told to stop.

    Args:
        settings: where everything is.
        engine: the database.
        job: the replay, or None for any.
        quiet: whether no progress is shown.

    Returns:
        Whether it was told to stop.
    """
    extracts = job is None or job.request.kind is Kind.ARTICLES
    stop = asyncio.Event()
    async with _stopping(stop), open_worker(settings, engine, extracts=extracts) as worker:
        shown = asyncio.ensure_future(_show(worker, SqlJobs(engine), None if quiet else job, stop))
        try:
            await worker.run(stop, job.id if job else None)
        finally:
            shown.cancel()
            await asyncio.gather(shown, return_exceptions=True)
    return stop.is_set()


@contextlib.asynccontextmanager
async def _stopping(stop: asyncio.Event) -> AsyncIterator[None]:
    """Let Ctrl-C and SIGTERM end the work after the batch in flight."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    try:
        yield
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)


async def _show(worker: Worker, jobs: SqlJobs, job: domain.Job | None, stop: asyncio.Event) -> None:
    if job is None:
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=None),
        TextColumn("{task.fields[said]}", style="dim"),
    )
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task(job.name, said="", total=None)
        await _follow(worker, jobs, job, stop, bar, task)


async def _follow(
    worker: Worker,
    jobs: SqlJobs,
    job: domain.Job,
    stop: asyncio.Event,
    bar: Progress,
    task: TaskID,
) -> None:
    speed, told_at = Speed(), time.monotonic()
    while True:
        try:
            progress = await jobs.progress(job.id)
        except (SQLAlchemyError, OSError):
            # The worker says so, and waits; what is shown stays as it is.
            await asyncio.sleep(LOOK_SECONDS)
            continue
        now = time.monotonic()
        speed.note(now, progress.counts.read)
        said = said_of(progress, speed, worker.waiting if worker.yielding else None)
        if stop.is_set():
            said = "stopping after this batch …"
        bar.update(task, completed=progress.counts.read, total=progress.expected, said=said)
        if not sys.stdout.isatty() and now - told_at >= LOG_SECONDS:
            told_at = now
            console.print(f"{job.name}: {said}")
        await asyncio.sleep(LOOK_SECONDS)


def said_of(progress: domain.Progress, speed: Speed, waiting: int | None) -> str:
    """Return a line on how far a replay is.

    Args:
        progress: of all its workers.
        speed: over the last while.
        waiting: messages that wait for the live path, where the worker gives way to it.
    """
    counts = progress.counts
    parts = [f"{counts.read:,} of {progress.expected:,}"]
    if speed.per_second:
        parts.append(f"{speed.per_second:,.0f}/s")
    left = speed.seconds_left(progress.expected - counts.read)
    if left is not None:
        parts.append(f"{timedelta(seconds=round(left))} left")
    parts.append(f"{counts.statements:,} statements, {counts.alerts:,} alerts")
    if counts.failed:
        parts.append(f"{counts.failed:,} failed")
    if progress.workers > 1:
        parts.append(f"{progress.workers} workers")
    if waiting is not None:
        parts.append(f"giving way: {waiting:,} live messages wait")
    return " · ".join(parts)
