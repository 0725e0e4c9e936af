"""PostgreSQL's LISTEN as something to wait for."""

import asyncio
import contextlib
from types import TracebackType
from typing import Any, Self

import asyncpg
import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

log = structlog.get_logger()


class Notifications:
    """Listens on one channel; waiting falls back to its time limit where the connection is lost."""

    def __init__(self, engine: AsyncEngine, channel: str) -> None:
        self._engine = engine
        self._channel = channel
        self._arrived = asyncio.Event()
        self._connection: AsyncConnection | None = None
        self._is_lost = False

    async def __aenter__(self) -> Self:
        await self._listen()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._close()

    async def wait(self, seconds: float, stop: asyncio.Event) -> None:
        """Wait for a notification, for `stop`, or for `seconds`."""
        if self._connection is None or self._is_lost:
            await self._close()
            await self._listen()
        waiting = {
            asyncio.ensure_future(self._arrived.wait()),
            asyncio.ensure_future(stop.wait()),
        }
        try:
            await asyncio.wait(waiting, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in waiting:
                task.cancel()
            self._arrived.clear()

    def wake(self) -> None:
        """Wake whoever waits."""
        self._arrived.set()

    async def _listen(self) -> None:
        try:
            connection = await self._engine.connect()
            raw: Any = (await connection.get_raw_connection()).driver_connection
            raw.add_termination_listener(self._lost)
            await raw.add_listener(self._channel, lambda *_: self.wake())
        except (SQLAlchemyError, OSError, TimeoutError, asyncpg.PostgresError) as error:
            log.debug("notifications.unavailable", channel=self._channel, error=str(error))
        else:
            self._connection, self._is_lost = connection, False

    def _lost(self, _: object) -> None:
        self._is_lost = True

    async def _close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(SQLAlchemyError, OSError, asyncpg.PostgresError):
                await connection.invalidate()
                await connection.close()
