"""Deliveries through real channels, written as time lines."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine
from standardwebhooks import Webhook
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from schemas import Alert, Topics
from services.alerting.adapters.channels.apprise import AppriseNotifier
from services.alerting.adapters.channels.email import EmailNotifier
from services.alerting.adapters.channels.webhook import WebhookNotifier
from services.alerting.adapters.deliveries import SqlDeliveries
from services.alerting.adapters.store import SqlStore
from services.alerting.adapters.subscriptions import SqlSubscriptions
from services.alerting.adapters.tables import deliveries
from services.alerting.domain.channel import Channel, ChannelKind
from services.alerting.domain.delivery import DeliveryState
from services.alerting.domain.subscription import Subscription, Watch
from services.alerting.ports import Notifier
from services.alerting.service import Delivering
from services.runtime.clock import FakeClock
from services.runtime.http import GuardedClient
from services.runtime.settings import AlertingSettings, HttpSettings, SmtpSettings
from tests.faults.outlets import served
from tests.integration.alerting.test_store import message
from tests.support.builders import NOON

PLAIN = AlertingSettings(backoff=10, max_attempts=3)


class Hook:
    """A webhook receiver that answers what it is told to."""

    def __init__(self) -> None:
        self.answers: list[Response] = []
        self.received: list[tuple[dict[str, str], bytes]] = []
        self.app = Starlette(routes=[Route("/{rest:path}", self._receive, methods=["POST"])])

    async def _receive(self, request: Request) -> Response:
        self.received.append((dict(request.headers), await request.body()))
        return self.answers.pop(0) if self.answers else Response(status_code=204)


class TimeLine:
    """An alert on its way through one channel, on a clock that tests move."""

    def __init__(self, engine: AsyncEngine, notifiers: dict[ChannelKind, Notifier]) -> None:
        self.engine = engine
        self.clock = FakeClock(NOON)
        self._delivering = Delivering(
            SqlDeliveries(engine), notifiers, self.clock, PLAIN, random.Random(1)
        )

    async def begin(self, *channels: Channel) -> tuple[Subscription, Alert]:
        """Subscribe and store a statement that matches."""
        watching = await SqlSubscriptions(self.engine, FakeClock(NOON)).add(
            "all", Watch(actors=("icrc",)), channels
        )
        stored = await SqlStore(self.engine, FakeClock(NOON), Topics()).store(
            [message("one", "The road is open.")]
        )
        return watching, stored.alerts[0]

    async def at(self, seconds: float) -> tuple[int, str]:
        """Move to a moment; return how many attempts were made, and the delivery's state."""
        self.clock.at = NOON + timedelta(seconds=seconds)
        attempts = await self._delivering.deliver_due()
        async with self.engine.connect() as connection:
            state = await connection.scalar(select(deliveries.c.state))
        return attempts, str(state)


@asynccontextmanager
async def hooked(
    engine: AsyncEngine, *, allowed: bool = True
) -> AsyncIterator[tuple[TimeLine, Hook, Channel]]:
    hook = Hook()
    async with served(hook.app) as port:
        settings = HttpSettings(allowed_private=("127.0.0.1",) if allowed else (), timeout=5)
        async with GuardedClient(settings) as client:
            line = TimeLine(engine, {})
            notifier = WebhookNotifier(client, line.clock)
            line = TimeLine(engine, {ChannelKind.WEBHOOK: notifier})
            notifier._clock = line.clock
            yield line, hook, Channel(ChannelKind.WEBHOOK, f"http://127.0.0.1:{port}/x")


async def test_a_webhook_is_signed_and_carries_the_alert(engine: AsyncEngine) -> None:
    async with hooked(engine) as (line, hook, channel):
        watching, alert = await line.begin(channel)
        line.clock.at = NOON
        assert await line.at(0) == (1, DeliveryState.SENT)
    headers, body = hook.received[0]
    assert Alert.model_validate_json(body) == alert
    secret = watching.channels[0].secret
    assert secret
    signed = Webhook(secret).sign(headers["webhook-id"], NOON, body.decode())
    assert headers["webhook-signature"] == signed


async def test_a_busy_receiver_is_tried_again_under_the_same_id(engine: AsyncEngine) -> None:
    async with hooked(engine) as (line, hook, channel):
        hook.answers = [Response(status_code=503), Response(status_code=200)]
        await line.begin(channel)
        assert await line.at(0) == (1, DeliveryState.PENDING)
        assert await line.at(4) == (0, DeliveryState.PENDING)
        assert await line.at(11) == (1, DeliveryState.SENT)
        assert await line.at(100) == (0, DeliveryState.SENT)
    assert len({headers["webhook-id"] for headers, _ in hook.received}) == 1


async def test_retry_after_is_waited_for(engine: AsyncEngine) -> None:
    async with hooked(engine) as (line, hook, channel):
        hook.answers = [Response(status_code=429, headers={"retry-after": "60"})]
        await line.begin(channel)
        assert await line.at(0) == (1, DeliveryState.PENDING)
        assert await line.at(59) == (0, DeliveryState.PENDING)
        assert await line.at(60) == (1, DeliveryState.SENT)


async def test_a_receiver_that_is_gone_is_given_up(engine: AsyncEngine) -> None:
    async with hooked(engine) as (line, hook, channel):
        hook.answers = [Response(status_code=410)]
        await line.begin(channel)
        assert await line.at(0) == (1, DeliveryState.ABANDONED)


async def test_the_last_attempt_is_the_last(engine: AsyncEngine) -> None:
    async with hooked(engine) as (line, hook, channel):
        hook.answers = [Response(status_code=500)] * 5
        await line.begin(channel)
        assert [(await line.at(at))[1] for at in (0, 30, 90, 900)] == [
            DeliveryState.PENDING,
            DeliveryState.PENDING,
            DeliveryState.ABANDONED,
            DeliveryState.ABANDONED,
        ]
    assert len(hook.received) == 3


async def test_a_private_address_is_never_called(engine: AsyncEngine) -> None:
    async with hooked(engine, allowed=False) as (line, hook, channel):
        await line.begin(channel)
        assert await line.at(0) == (1, DeliveryState.ABANDONED)
    assert hook.received == []


async def test_a_lease_that_ran_out_is_taken_by_another(engine: AsyncEngine) -> None:
    async with hooked(engine) as (line, _, channel):
        await line.begin(channel)
        rows = SqlDeliveries(engine)
        assert len(await rows.lease("first", NOON, 10, 60)) == 1
        assert await rows.lease("second", NOON, 10, 60) == []
        assert len(await rows.lease("second", NOON + timedelta(seconds=61), 10, 60)) == 1


async def test_one_channel_takes_only_its_share(engine: AsyncEngine) -> None:
    slow = Channel(ChannelKind.WEBHOOK, "https://slow.example/")
    await SqlSubscriptions(engine, FakeClock(NOON)).add("all", Watch(), [slow])
    await SqlStore(engine, FakeClock(NOON), Topics()).store(
        [message(str(n), f"Sentence {n}.") for n in range(9)]
    )
    rows = SqlDeliveries(engine)
    assert len(await rows.lease("me", NOON, 16, 60)) == 4
    assert await rows.lease("me", NOON, 16, 60, busy=[slow.id]) == []


class Mailbox:
    """What a mail server received."""

    def __init__(self) -> None:
        self.mails: list[Any] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        del server, session
        self.mails.append(envelope)
        return "250 OK"


@asynccontextmanager
async def mail_server() -> AsyncIterator[tuple[SmtpSettings, Mailbox]]:
    mailbox = Mailbox()
    controller = Controller(mailbox, hostname="127.0.0.1", port=0, ready_timeout=10)
    await asyncio.to_thread(_start, controller)
    try:
        yield SmtpSettings(host="127.0.0.1", port=controller.port, tls="none"), mailbox
    finally:
        await asyncio.to_thread(controller.stop)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
async def test_an_alert_arrives_as_mail(engine: AsyncEngine) -> None:
    async with mail_server() as (settings, mailbox):
        line = TimeLine(engine, {ChannelKind.EMAIL: EmailNotifier(settings)})
        await line.begin(Channel(ChannelKind.EMAIL, "anna@example.org"))
        assert await line.at(0) == (1, DeliveryState.SENT)
    assert mailbox.mails[0].rcpt_tos == ["anna@example.org"]
    assert b"The road is open." in mailbox.mails[0].content


def _start(controller: Controller) -> None:
    import socket  # noqa: PLC0415

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        controller.port = free.getsockname()[1]
    controller.start()


@pytest.mark.parametrize("allowed", [True, False])
async def test_apprise_reaches_only_what_is_allowed(engine: AsyncEngine, allowed: bool) -> None:
    hook = Hook()
    async with served(hook.app) as port:
        settings = HttpSettings(allowed_private=("127.0.0.1",) if allowed else ())
        async with AppriseNotifier(settings) as notifier:
            line = TimeLine(engine, {ChannelKind.APPRISE: notifier})
            await line.begin(Channel(ChannelKind.APPRISE, f"json://127.0.0.1:{port}/x"))
            expected = DeliveryState.SENT if allowed else DeliveryState.PENDING
            assert await line.at(0) == (1, expected)
    assert bool(hook.received) is allowed
