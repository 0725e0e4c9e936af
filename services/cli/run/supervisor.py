"""What `accesswatch run` does: servers, set-up, sample outlet, services, and their end."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path

import orjson

from services.cli.run.children import Child
from services.cli.run.events import Event
from services.cli.run.sample import serve_sample_outlet
from services.cli.servers import STATE_FILE, with_servers
from services.cli.setting_up import prepare
from services.runtime.embedded.kafka import EmbeddedKafka
from services.runtime.embedded.locks import hold_data_folder
from services.runtime.embedded.postgres import EmbeddedPostgres
from services.runtime.errors import AccesswatchError
from services.runtime.settings import CONFIG_FILE_VARIABLE, Settings, environment_name

SERVICES = ("poller", "extractor", "alerting")
WATCH_SECONDS = 1.0

Tell = Callable[[Event], None]


@dataclass(frozen=True)
class Plan:
    """What is to be run."""

    settings: Settings
    config: Path | None
    """The settings file, which the services read too."""
    sample: bool
    """Whether to serve the sample outlet and add its subscriptions."""
    default_feeds: bool
    """Whether to add the curated feeds where no feed is registered yet."""


class EmbeddedServers:
    """Kafka and PostgreSQL of a run, started again where they end by themselves."""

    def __init__(self, settings: Settings, tell: Tell) -> None:
        folder = settings.data_dir
        self._tell = tell
        self._kafka = None if settings.kafka.bootstrap_servers else EmbeddedKafka(folder / "kafka")
        self._postgres = None if settings.database.url else EmbeddedPostgres(folder / "postgres")

    async def start(self, settings: Settings) -> Settings:
        """Start what is not configured; return the settings with the addresses filled in."""
        kafka, postgres = await asyncio.gather(
            asyncio.to_thread(self._kafka.start) if self._kafka else _nothing(),
            asyncio.to_thread(self._postgres.start) if self._postgres else _nothing(),
        )
        return with_servers(settings, kafka, postgres)

    async def watch(self, stop: asyncio.Event) -> None:
        """Start again what has ended, until told to stop."""
        while not stop.is_set():
            for name, server in (("kafka", self._kafka), ("postgres", self._postgres)):
                if server is not None and server.pid is None:
                    self._tell(happened(name, "server.restarting", "warning", error="it had ended"))
                    with contextlib.suppress(AccesswatchError):
                        await asyncio.to_thread(server.start)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), WATCH_SECONDS)

    async def stop(self) -> None:
        """Stop what was started."""
        await asyncio.gather(
            asyncio.to_thread(self._kafka.stop) if self._kafka else _nothing(),
            asyncio.to_thread(self._postgres.stop) if self._postgres else _nothing(),
        )


async def _nothing() -> None:
    return None


def happened(service: str, name: str, level: str = "info", **facts: object) -> Event:
    """Return an event of the run itself."""
    return Event(service, name, level, time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), facts)


async def supervise(plan: Plan, tell: Tell, stop: asyncio.Event) -> None:
    """Run everything until told to stop, then stop it in order.

    Raises:
        AccesswatchError: it could not be started, or a service does not stay up.
    """
    began = time.monotonic()
    with hold_data_folder(plan.settings.data_dir):
        servers = EmbeddedServers(plan.settings, tell)
        try:
            tell(happened("run", "servers.starting"))
            settings = await servers.start(plan.settings)
            tell(happened("run", "servers.started", seconds=round(time.monotonic() - began, 1)))
            async with _state_file(settings), serve_sample_outlet(plan.sample) as outlet:
                await prepare(settings, use_default_feeds=plan.default_feeds, sample_feed=outlet)
                if stop.is_set():
                    return
                children = _children(plan, settings, outlet, tell)
                watching = asyncio.create_task(servers.watch(stop))
                await _run_children(children, tell, stop, began)
                await watching
        finally:
            await servers.stop()


async def _run_children(
    children: list[Child], tell: Tell, stop: asyncio.Event, began: float
) -> None:
    running = [asyncio.create_task(child.run()) for child in children]
    tell(happened("run", "run.ready", seconds=round(time.monotonic() - began, 1)))
    asked = asyncio.create_task(stop.wait())
    try:
        # A child's task ends only where the service was given up.
        await asyncio.wait({*running, asked}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        gave_up = not stop.is_set()
        stop.set()
        await asyncio.gather(*(child.stop() for child in children))
        await asyncio.gather(*running, asked)
    if gave_up:
        raise AccesswatchError(
            "a service ended several times in a row and was given up",
            "Its last log lines above, and the files in the data folder's logs/, say why.",
        )


def _children(plan: Plan, settings: Settings, outlet: str | None, tell: Tell) -> list[Child]:
    environment = {
        environment_name("kafka.bootstrap_servers"): settings.kafka.bootstrap_servers or "",
        environment_name("database.url"): (
            settings.database.url.get_secret_value() if settings.database.url else ""
        ),
        environment_name("data_dir"): str(settings.data_dir),
        environment_name("logging.format"): "json",
        environment_name("health.port"): "0",
        environment_name("http.allowed_private"): ",".join(
            [*settings.http.allowed_private, *([_host_port(outlet)] if outlet else [])]
        ),
    }
    if plan.config:
        environment[CONFIG_FILE_VARIABLE] = str(plan.config.resolve())
    return [Child(name, environment, settings.data_dir / "logs", tell) for name in SERVICES]


def _host_port(url: str) -> str:
    return url.split("/")[2]


@contextlib.asynccontextmanager
async def _state_file(settings: Settings) -> AsyncIterator[None]:
    """Tell other commands where this run's Kafka is, for as long as it runs."""
    path: Path = settings.data_dir / STATE_FILE
    path.write_bytes(  # noqa: ASYNC240 - a few bytes, once
        orjson.dumps({"bootstrap_servers": settings.kafka.bootstrap_servers})
    )
    try:
        yield
    finally:
        path.unlink(missing_ok=True)  # noqa: ASYNC240 - likewise
