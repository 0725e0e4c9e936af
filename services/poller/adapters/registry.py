"""The feed registry in PostgreSQL."""

import builtins
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    RowMapping,
    case,
    delete,
    func,
    literal_column,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.sql.dml import ReturningInsert

from services.poller.adapters.feed_rows import feed_of, spec_values, write_state
from services.poller.adapters.tables import feeds
from services.poller.domain.feed import Feed, FeedSpec, FeedState, Lease, feed_spec
from services.poller.domain.identity import feed_id
from services.poller.domain.urls import canonical_url, masked
from services.poller.ports import Imported
from services.runtime.clock import Clock
from services.runtime.errors import ConflictError, NotFoundError


def known_already(feed: FeedSpec) -> ConflictError:
    """Return the error for a feed that is added twice."""
    return ConflictError(
        f"feed {masked(feed.url)} is known already, as {feed.id}",
        "'accesswatch feeds list' shows it; remove it first to start anew.",
    )


def not_known(id_or_url: str) -> NotFoundError:
    """Return the error for a feed that does not exist."""
    return NotFoundError(
        f"there is no feed {masked(id_or_url)}", "'accesswatch feeds list' shows all feeds."
    )


def possible_feed_ids(id_or_url: str) -> tuple[str, ...]:
    """Return the ids that a person may have meant: the text itself, or that of an address."""
    try:
        return (id_or_url, feed_id(canonical_url(id_or_url)))
    except ValueError:
        return (id_or_url,)


FEEDS_A_STATEMENT = 1000
"""Feeds that one statement adds: PostgreSQL takes 32,767 parameters, a feed has 8."""


class SqlFeedRegistry:
    """The feeds, in the table `feeds`."""

    def __init__(self, engine: AsyncEngine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock

    async def add(
        self,
        url: str,
        title: str | None = None,
        language: str | None = None,
        interval: float | None = None,
        tags: tuple[str, ...] = (),
    ) -> Feed:
        """Add a feed, due at once.

        Raises:
            UsageError: address, language or interval cannot be right.
            ConflictError: the feed is known.
        """
        spec = feed_spec(url, title, language, interval, tags)
        statement = (
            insert(feeds)
            .values(**spec_values(spec), **self._due_now())
            .on_conflict_do_nothing()
            .returning(feeds)
        )
        async with self._engine.begin() as connection:
            row = (await connection.execute(statement)).mappings().one_or_none()
        if row is None:
            raise known_already(spec)
        return feed_of(row)

    async def add_all(self, specs: Iterable[FeedSpec]) -> Imported:
        """Add the feeds of a list; those that are known take over what the list says of them."""
        # PostgreSQL refuses to touch a row twice in one statement.
        values = {spec.id: {**spec_values(spec), **self._due_now()} for spec in specs}
        rows = list(values.values())
        feeds_found: builtins.list[RowMapping] = []
        async with self._engine.begin() as connection:
            for start in range(0, len(rows), FEEDS_A_STATEMENT):
                statement = _upsert(rows[start : start + FEEDS_A_STATEMENT])
                feeds_found.extend((await connection.execute(statement)).mappings().all())
        return Imported(
            tuple(feed_of(row) for row in feeds_found if row["is_new"]),
            tuple(feed_of(row) for row in feeds_found if not row["is_new"]),
        )

    def _due_now(self) -> dict[str, datetime]:
        now = self._clock.now()
        return {"added_at": now, "next_poll_at": now}

    async def remove(self, id_or_url: str) -> Feed:
        """Stop polling a feed and return it; its articles stay in the archive.

        Raises:
            NotFoundError: there is no such feed.
        """
        statement = delete(feeds).where(feeds.c.id.in_(possible_feed_ids(id_or_url)))
        async with self._engine.begin() as connection:
            row = (await connection.execute(statement.returning(feeds))).mappings().one_or_none()
        if row is None:
            raise not_known(id_or_url)
        return feed_of(row)

    async def get(self, id_or_url: str) -> Feed:
        """Return a feed.

        Raises:
            NotFoundError: there is no such feed.
        """
        statement = select(feeds).where(feeds.c.id.in_(possible_feed_ids(id_or_url)))
        async with self._engine.connect() as connection:
            row = (await connection.execute(statement)).mappings().one_or_none()
        if row is None:
            raise not_known(id_or_url)
        return feed_of(row)

    async def list(self) -> tuple[Feed, ...]:
        """Return all feeds, by address."""
        async with self._engine.connect() as connection:
            rows = await connection.execute(select(feeds).order_by(feeds.c.url.collate("C")))
            return tuple(feed_of(row) for row in rows.mappings())

    async def lease(
        self, owner: str, now: datetime, limit: int, seconds: float
    ) -> tuple[Lease, ...]:
        """Take feeds that are due and that nobody holds, those overdue longest first."""
        until = now + timedelta(seconds=seconds)
        due = (
            select(feeds.c.id)
            .where(
                feeds.c.next_poll_at <= now,
                or_(feeds.c.lease_until.is_(None), feeds.c.lease_until <= now),
            )
            .order_by(feeds.c.next_poll_at, feeds.c.id)
            .limit(limit)
            # Another replica that is just taking feeds neither waits for us nor we for it.
            .with_for_update(skip_locked=True)
            .cte("due")
        )
        statement = (
            update(feeds)
            .where(feeds.c.id == due.c.id)
            .values(lease_owner=owner, lease_until=until)
            .returning(feeds)
        )
        async with self._engine.begin() as connection:
            rows = (await connection.execute(statement)).mappings().all()
        taken = sorted(rows, key=lambda row: (row["next_poll_at"], row["id"]))
        return tuple(Lease(feed_of(row), owner, until) for row in taken)

    async def release(self, owner: str) -> None:
        """Give back whatever an owner holds, so that others can take it at once."""
        statement = (
            update(feeds)
            .where(feeds.c.lease_owner == owner)
            .values(lease_owner=None, lease_until=None)
        )
        async with self._engine.begin() as connection:
            await connection.execute(statement)

    async def next_due(self) -> datetime | None:
        """Return when the next feed can be taken, or None where there is none."""
        # GREATEST passes over NULL, so a feed without a lease counts by its next poll alone.
        free_at = func.greatest(feeds.c.next_poll_at, feeds.c.lease_until)
        async with self._engine.connect() as connection:
            due: datetime | None = await connection.scalar(select(func.min(free_at)))
            return due

    async def record(self, lease: Lease, state: FeedState) -> bool:
        """Store a feed's state and end the lease; False where the lease was lost."""
        async with self._engine.begin() as connection:
            return await write_state(connection, lease, state)


def _upsert(rows: builtins.list[dict[str, Any]]) -> ReturningInsert[Any]:
    """Return the statement that adds feeds or updates them, and tells which it did."""
    statement = insert(feeds).values(rows)
    stated = statement.excluded
    # A row that this statement inserted was never locked or deleted: its xmax is 0.
    is_new: ColumnElement[bool] = (literal_column("feeds.xmax") == 0).label("is_new")
    return statement.on_conflict_do_update(
        index_elements=[feeds.c.id],
        set_={
            "title": func.coalesce(stated.title, feeds.c.title),
            "language": func.coalesce(stated.language, feeds.c.language),
            "interval_seconds": func.coalesce(stated.interval_seconds, feeds.c.interval_seconds),
            "tags": case((func.cardinality(stated.tags) > 0, stated.tags), else_=feeds.c.tags),
        },
    ).returning(feeds, is_new)
