"""The outbox relay: rows to Kafka, in order, woken by PostgreSQL's NOTIFY."""

import asyncio
import time
import zlib
from typing import Any

import structlog
from sqlalchemy import Select, Table, delete, func, select, text, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.runtime import metrics
from services.runtime.errors import UnavailableError
from services.runtime.kafka.producer import Outgoing, Producer
from services.runtime.notifications import Notifications
from services.runtime.outbox import channel
from services.runtime.stopping import unless_stopped

BATCH = 500
IDLE_SECONDS = 1.0
"""How long to wait for a notification before looking all the same."""
PAUSE_SECONDS = 1.0
STUCK_SECONDS = 180.0

log = structlog.get_logger()


class Relay:
    """Sends one service's outbox.

    Several processes may run it: an advisory lock lets one send at a time, which keeps the order.
    Rows are deleted in the transaction that selected them, after Kafka acknowledged: a crash in
    between sends them again, with the same `ce_id`.
    """

    def __init__(self, engine: AsyncEngine, table: Table, producer: Producer) -> None:
        self._engine = engine
        self._table = table
        self._producer = producer
        self._lock_key = zlib.crc32(str(table).encode())
        self._round_at = time.monotonic()

    async def run(self, stop: asyncio.Event) -> None:
        """Send until told to stop."""
        async with Notifications(self._engine, channel(self._table)) as notifications:
            while not stop.is_set():
                self._round_at = time.monotonic()
                try:
                    # Stopped in between, the transaction is rolled back and nothing is lost.
                    sent = await unless_stopped(stop, self.send_batch())
                except (UnavailableError, SQLAlchemyError, OSError) as error:
                    log.warning("outbox.waiting", outbox=str(self._table), error=str(error))
                    await asyncio.sleep(PAUSE_SECONDS)
                else:
                    if not sent:
                        await notifications.wait(IDLE_SECONDS, stop)

    async def live(self) -> str | None:
        """Answer None while the relay comes round, else what is wrong."""
        idle = time.monotonic() - self._round_at
        return None if idle < STUCK_SECONDS else f"the outbox relay has hung for {idle:.0f} s"

    async def send_batch(self) -> int:
        """Send the oldest rows; return how many were dealt with.

        Raises:
            UnavailableError: Kafka did not acknowledge; the rows are still there.
        """
        async with self._engine.begin() as connection:
            if not await self._is_ours(connection):
                return 0
            rows = (await connection.execute(self._oldest())).all()
            if not rows:
                return 0
            refusals = await self._producer.send_all(
                [
                    Outgoing(
                        row.topic,
                        row.key.encode(),
                        row.value,
                        tuple((name, value.encode()) for name, value in row.headers),
                    )
                    for row in rows
                ]
            )
            refused = {row.id: why for row, why in zip(rows, refusals, strict=True) if why}
            await self._keep_refused(connection, refused)
            sent = [row.id for row in rows if row.id not in refused]
            await connection.execute(delete(self._table).where(self._table.c.id.in_(sent)))
        metrics.OUTBOX_SENT.labels(str(self._table)).inc(len(sent))
        return len(rows)

    async def _is_ours(self, connection: AsyncConnection) -> bool:
        answer = await connection.scalar(
            text("SELECT pg_try_advisory_xact_lock(:key)"), {"key": self._lock_key}
        )
        return bool(answer)

    def _oldest(self) -> Select[Any]:
        return (
            select(self._table)
            .where(self._table.c.refused_at.is_(None))
            .order_by(self._table.c.id)
            .limit(BATCH)
        )

    async def _keep_refused(self, connection: AsyncConnection, refused: dict[int, str]) -> None:
        for row_id, reason in refused.items():
            metrics.OUTBOX_REFUSED.labels(str(self._table)).inc()
            log.error("outbox.refused", outbox=str(self._table), row=row_id, reason=reason)
            await connection.execute(
                update(self._table)
                .where(self._table.c.id == row_id)
                .values(refused_at=func.now(), refusal=reason)
            )
