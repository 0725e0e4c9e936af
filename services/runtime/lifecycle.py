"""How a service process begins, ends and fails."""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import structlog
import uvloop
from sqlalchemy.ext.asyncio import AsyncEngine

from services.runtime.database import wait_for_database
from services.runtime.errors import AccesswatchError, ConflictError, ExitCode
from services.runtime.kafka.connection import wait_for_kafka
from services.runtime.kafka.consumer import Consumer
from services.runtime.kafka.topics import missing_topics
from services.runtime.logging import configure_logging
from services.runtime.migrations import Migrations, check_migrated
from services.runtime.settings import Settings, load_settings
from services.runtime.stopping import unless_stopped

log = structlog.get_logger()

Service = Callable[[Settings, asyncio.Event], Awaitable[None]]
"""Works until the event is set, then finishes what it has begun and returns."""


def run_service(name: str, service: Service, settings: Settings | None = None) -> int:
    """Run a service until SIGTERM or SIGINT; return the process's exit code.

    A second signal ends the process at once.
    """
    try:
        settings = settings or load_settings()
        configure_logging(settings.logging, name)
        log.info("service.starting", pid=os.getpid())
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(_until_signalled(service, settings))
    except AccesswatchError as error:
        log.error("service.failed", error=str(error))  # noqa: TRY400 - one line, no traceback
        return error.exit_code
    except Exception:
        log.exception("service.failed", error="this is a defect of accesswatch")
        return ExitCode.FAILURE
    log.info("service.stopped")
    return ExitCode.OK


async def _until_signalled(service: Service, settings: Settings) -> None:
    stop = asyncio.Event()

    def on_signal() -> None:
        if stop.is_set():
            os._exit(ExitCode.FAILURE)
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, on_signal)
    await service(settings, stop)


async def servers_are_there(
    stop: asyncio.Event,
    settings: Settings,
    engine: AsyncEngine | None,
    migrations: tuple[Migrations, ...] = (),
) -> bool:
    """Wait for the servers; return False where `stop` comes first.

    Raises:
        UnavailableError: one does not answer in time.
        ConflictError: the database or the topics are not set up for this version.
    """
    return bool(await unless_stopped(stop, _wait_for_servers(settings, engine, migrations)))


async def _wait_for_servers(
    settings: Settings, engine: AsyncEngine | None, migrations: tuple[Migrations, ...]
) -> bool:
    if engine is not None:
        await wait_for_database(
            engine,
            settings.database.connect_timeout,
            lambda reason: log.warning("database.waiting", reason=reason),
        )
        await check_migrated(engine, migrations)
    await wait_for_kafka(
        settings.kafka, waiting=lambda reason: log.warning("kafka.waiting", reason=reason)
    )
    missing = await missing_topics(settings.kafka)
    if missing:
        raise ConflictError(
            f"Kafka has no topic {missing[0]}",
            "Run 'accesswatch migrate', which creates the topics, or check "
            "ACCESSWATCH_KAFKA__NAMESPACE.",
        )
    return True


async def run_together(stop: asyncio.Event, *parts: Coroutine[Any, Any, None]) -> None:
    """Run parts of a service until all have returned; one that fails ends the others.

    Raises:
        Exception: what the first part to fail raised.
    """
    tasks = [asyncio.ensure_future(part) for part in parts]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
        for task in done:
            task.result()
    finally:
        stop.set()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def consume_until_stopped(consumer: Consumer, stop: asyncio.Event) -> None:
    """Run a consumer until told to stop; what is in flight is finished and committed.

    Raises:
        UnavailableError: Kafka cannot be reached.
    """
    await consumer.start()
    try:
        await stop.wait()
    finally:
        await consumer.stop()
