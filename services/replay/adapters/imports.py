"""Imports in PostgreSQL: the table `imports`, and their articles in the archive."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from schemas import Article
from services.poller.adapters.archive import fill_in_dates, known_articles, store_imported
from services.poller.domain.articles import KnownArticle
from services.replay.adapters.tables import imports
from services.replay.domain.imports import Counts, Import, Standing
from services.runtime.errors import ConflictError

LOCK = "SELECT pg_try_advisory_lock(hashtextextended('accesswatch import ' || :feed_id, 0))"
UNLOCK = "SELECT pg_advisory_unlock(hashtextextended('accesswatch import ' || :feed_id, 0))"


@asynccontextmanager
async def open_import(engine: AsyncEngine, feed_id: str) -> AsyncIterator["SqlImport"]:
    """Take an import for this process alone.

    All is written through the connection that holds the lock: where it breaks, and others may
    take the import, nothing more is written here.

    Raises:
        ConflictError: another process is importing it.
    """
    async with engine.connect() as connection:
        taken = await connection.scalar(text(LOCK), {"feed_id": feed_id})
        await connection.commit()
        if not taken:
            raise ConflictError(
                f"another process is importing {feed_id}",
                "Wait for it to end, or use another --name.",
            )
        try:
            yield SqlImport(connection, feed_id)
        finally:
            if not connection.invalidated:
                await connection.rollback()
                await connection.execute(text(UNLOCK), {"feed_id": feed_id})
                await connection.commit()


class SqlImport:
    """One import, while this process holds it."""

    def __init__(self, connection: AsyncConnection, feed_id: str) -> None:
        self._connection = connection
        self._feed_id = feed_id
        self._ours = imports.c.feed_id == feed_id

    async def find(self) -> Standing | None:
        """Return how far it is, or None where it was never begun."""
        async with self._connection.begin():
            row = (await self._connection.execute(select(imports).where(self._ours))).one_or_none()
        return None if row is None else _read(row)

    async def begin(self, wanted: Import) -> None:
        """Note that it begins, at the first record; what was noted of it before is forgotten."""
        values = asdict(wanted) | asdict(Counts()) | {"position": 0, "finished_at": None}
        statement = insert(imports).values(values)
        async with self._connection.begin():
            await self._connection.execute(
                statement.on_conflict_do_update(index_elements=[imports.c.feed_id], set_=values)
            )

    async def known(self, article_ids: Collection[str]) -> Mapping[str, KnownArticle]:
        """Return what the archive has of some articles."""
        async with self._connection.begin():
            return await known_articles(self._connection, article_ids)

    async def write(
        self, new: Sequence[Article], known: Sequence[Article], position: int, counts: Counts
    ) -> None:
        """Store revisions together with how far the import is then, or nothing.

        Args:
            new: those that the archive lacks.
            known: those that it has; where it has them without a date, they get theirs.
            position: how many records of the file are dealt with.
            counts: what became of them.
        """
        async with self._connection.begin():
            await store_imported(self._connection, new)
            await fill_in_dates(self._connection, [each for each in known if each.published_at])
            await self._update({"position": position, **asdict(counts)})

    async def finish(self, at: datetime) -> None:
        """Note that the file was read to its end."""
        async with self._connection.begin():
            await self._update({"finished_at": at})

    async def forget(self) -> None:
        """Remove what is noted of it; its articles stay."""
        async with self._connection.begin():
            await self._connection.execute(delete(imports).where(self._ours))

    async def _update(self, values: Mapping[str, Any]) -> None:
        await self._connection.execute(update(imports).where(self._ours).values(values))


def _read(row: Any) -> Standing:
    return Standing(
        wanted=Import(**{each.name: getattr(row, each.name) for each in fields(Import)}),
        position=row.position,
        counts=Counts(**{each.name: getattr(row, each.name) for each in fields(Counts)}),
        finished_at=row.finished_at,
    )
