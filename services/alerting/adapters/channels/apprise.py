"""Alerts through whatever Apprise reaches.

Apprise opens connections by itself, to addresses that subscribers choose. It therefore runs in a
process of its own, in which no connection to a private address can be opened unless the operator
allows that address.
"""

import asyncio
import logging
import multiprocessing
from types import TracebackType
from typing import Self

import apprise
import pebble

from services.alerting.domain.channel import Channel
from services.alerting.domain.delivery import DeliveryFailure, Outcome, Retry, Sent
from services.alerting.domain.notice import Notice, plain_text, subject
from services.runtime.errors import UsageError
from services.runtime.http import process_guard
from services.runtime.settings import HttpSettings

SEND_SECONDS = 15.0
WORKERS = 4
"""Processes: one slow receiver leaves room for others."""
LINE_BREAK = 2
"""Characters that Apprise puts between a title and a body that it joins."""

# It logs addresses as they are, with the tokens in them; what happened is in its answer.
logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)


def check_apprise_address(address: str) -> None:
    """Check an address with Apprise itself.

    Raises:
        UsageError: Apprise knows no such service, or something in it is missing.
    """
    if not apprise.Apprise().add(address):
        scheme = address.partition("://")[0]
        raise UsageError(
            f"Apprise does not take this '{scheme}://' address",
            "Look up the service's syntax in Apprise's documentation.",
        )


def _begin(settings: HttpSettings) -> None:
    process_guard.install(settings.allowed_networks())


def _notify(address: str, notice: Notice) -> bool:
    plugin = apprise.Apprise.instantiate(address)
    if plugin is None:
        return False
    title = subject(notice)
    # A service that has no titles gets it as the body's first line.
    room = plugin.body_maxlen - (0 if plugin.title_maxlen > 0 else len(title) + LINE_BREAK)
    service = apprise.Apprise()
    body = plain_text(notice, room)
    return bool(service.add(plugin) and service.notify(title=title, body=body))


class AppriseNotifier:
    """Sends with Apprise, in a guarded process."""

    def __init__(self, settings: HttpSettings) -> None:
        self._pool = pebble.ProcessPool(
            max_workers=WORKERS,
            initializer=_begin,
            initargs=(settings,),
            context=multiprocessing.get_context("spawn"),
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._pool.stop()  # type: ignore[no-untyped-call] # pebble's stubs are partial
        await asyncio.to_thread(self._pool.join, 3)

    async def send(self, delivery_id: str, notice: Notice, channel: Channel) -> Outcome:
        """Send an alert or a digest once. Apprise says whether it worked, not why it did not."""
        del delivery_id
        future = self._pool.schedule(
            _notify,
            args=[channel.address, notice],
            timeout=SEND_SECONDS,
        )
        try:
            sent = await asyncio.wrap_future(future)
        except (TimeoutError, pebble.ProcessExpired) as error:
            return Retry(DeliveryFailure.UNREACHABLE, type(error).__name__)
        if sent:
            return Sent()
        return Retry(DeliveryFailure.UNREACHABLE, "Apprise could not deliver it")
