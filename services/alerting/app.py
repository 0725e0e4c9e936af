"""Composition root of alerting."""

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator, Coroutine, Mapping
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine

from schemas import EventType, Topics
from services.alerting.adapters import tables
from services.alerting.adapters.channels.apprise import AppriseNotifier
from services.alerting.adapters.channels.console import ConsoleNotifier
from services.alerting.adapters.channels.email import EmailNotifier
from services.alerting.adapters.channels.webhook import WebhookNotifier
from services.alerting.adapters.deliveries import SqlDeliveries
from services.alerting.adapters.store import SqlStore
from services.alerting.domain.channel import ChannelKind
from services.alerting.ports import Notifier
from services.alerting.service import Delivering, Storing
from services.runtime.clock import SystemClock
from services.runtime.database import create_engine, ping
from services.runtime.health import Check, serve_health
from services.runtime.http import GuardedClient
from services.runtime.kafka.connection import ping as kafka_answers
from services.runtime.kafka.consumer import Consumer, Subscription
from services.runtime.kafka.producer import Producer
from services.runtime.lifecycle import (
    consume_until_stopped,
    run_together,
    servers_are_there,
)
from services.runtime.notifications import Notifications
from services.runtime.relay import Relay
from services.runtime.settings import Settings


async def run(settings: Settings, stop: asyncio.Event) -> None:
    """Store statements and deliver alerts until told to stop."""
    await _run(settings, stop, storing=True, delivering=True)


async def run_storing(settings: Settings, stop: asyncio.Event) -> None:
    """Store statements until told to stop."""
    await _run(settings, stop, storing=True, delivering=False)


async def run_delivering(settings: Settings, stop: asyncio.Event) -> None:
    """Deliver alerts until told to stop."""
    await _run(settings, stop, storing=False, delivering=True)


async def _run(settings: Settings, stop: asyncio.Event, *, storing: bool, delivering: bool) -> None:
    engine = create_engine(settings.database)
    try:
        if not await servers_are_there(stop, settings, engine, (tables.MIGRATIONS,)):
            return
        async with contextlib.AsyncExitStack() as stack:
            parts: list[Coroutine[Any, Any, None]] = []
            stack.callback(_close, parts)
            live: dict[str, Check] = {}
            ready: dict[str, Check] = {"database": lambda: _database_answers(engine)}
            if storing:
                await _add_storing(stack, settings, engine, stop, parts, live, ready)
            if delivering:
                await _add_delivering(stack, settings, engine, stop, parts, live)
            await stack.enter_async_context(serve_health(settings.health, live, ready))
            await run_together(stop, *parts)
    finally:
        await engine.dispose()


def _close(parts: list[Coroutine[Any, Any, None]]) -> None:
    """Close what was never begun, where something before it failed."""
    for part in parts:
        part.close()


async def _database_answers(engine: AsyncEngine) -> str | None:
    return None if await ping(engine) else "does not answer"


async def _add_storing(
    stack: contextlib.AsyncExitStack,
    settings: Settings,
    engine: AsyncEngine,
    stop: asyncio.Event,
    parts: list[Coroutine[Any, Any, None]],
    live: dict[str, Check],
    ready: dict[str, Check],
) -> None:
    topics, clock = Topics(settings.kafka.namespace), SystemClock()
    producer = await stack.enter_async_context(Producer(settings.kafka))
    relay = Relay(engine, tables.outbox, producer)
    consumer = Consumer(
        settings.kafka,
        Subscription(
            topic=topics.statements,
            dead_topic=topics.statements_dead,
            expected=EventType.STATEMENTS,
            group=f"{settings.kafka.namespace}.alerting",
            batch=settings.alerting.batch,
        ),
        Storing(SqlStore(engine, clock, topics), clock).handle,
        producer,
        clock,
    )
    parts += [consume_until_stopped(consumer, stop), relay.run(stop)]
    live |= {"consumer": consumer.live, "relay": relay.live}

    async def kafka() -> str | None:
        return None if await kafka_answers(settings.kafka) else "does not answer"

    ready |= {"consumer": consumer.ready, "kafka": kafka}


async def _add_delivering(
    stack: contextlib.AsyncExitStack,
    settings: Settings,
    engine: AsyncEngine,
    stop: asyncio.Event,
    parts: list[Coroutine[Any, Any, None]],
    live: dict[str, Check],
) -> None:
    notifiers = await stack.enter_async_context(_notifiers(settings))
    notifications = await stack.enter_async_context(
        Notifications(engine, tables.DELIVERIES_CHANNEL)
    )
    delivering = Delivering(SqlDeliveries(engine), notifiers, SystemClock(), settings.alerting)
    parts.append(delivering.run(stop, notifications))
    live["delivering"] = delivering.live


@contextlib.asynccontextmanager
async def _notifiers(settings: Settings) -> AsyncIterator[Mapping[ChannelKind, Notifier]]:
    as_json = settings.logging.format == "json" or not sys.stdout.isatty()
    async with GuardedClient(settings.http) as client, AppriseNotifier(settings.http) as apprise:
        yield {
            ChannelKind.CONSOLE: ConsoleNotifier(as_json=as_json),
            ChannelKind.WEBHOOK: WebhookNotifier(client, SystemClock()),
            ChannelKind.EMAIL: EmailNotifier(settings.smtp),
            ChannelKind.APPRISE: apprise,
        }
