"""Rows of the table `feeds`, to and from the domain's types."""

from dataclasses import asdict, fields
from typing import Any

from sqlalchemy import RowMapping, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.poller.adapters.tables import feeds
from services.poller.domain.failure import FailureReason
from services.poller.domain.feed import Feed, FeedSpec, FeedState, Lease

STATE_COLUMNS = tuple(field.name for field in fields(FeedState))


def feed_of(row: RowMapping) -> Feed:
    """Return the feed of a row."""
    values = {name: row[name] for name in STATE_COLUMNS}
    reason = values["failure_reason"]
    values["failure_reason"] = FailureReason(reason) if reason else None
    return Feed(
        id=row["id"],
        url=row["url"],
        added_at=row["added_at"],
        title=row["title"],
        language=row["language"],
        interval=row["interval_seconds"],
        tags=tuple(row["tags"]),
        state=FeedState(**values),
    )


def spec_values(spec: FeedSpec) -> dict[str, Any]:
    """Return the columns that an operator decides."""
    return {
        "id": spec.id,
        "url": spec.url,
        "title": spec.title,
        "language": spec.language,
        "interval_seconds": spec.interval,
        "tags": list(spec.tags),
    }


async def write_state(connection: AsyncConnection, lease: Lease, state: FeedState) -> bool:
    """Store a feed's state and end the lease, in the caller's transaction.

    The row stays locked until the transaction ends. Two leases of one owner differ in `until`, so
    that neither can end the other.

    Returns:
        False, with nothing stored, where the lease was lost.
    """
    values = asdict(state)
    if state.next_poll_at is None:
        del values["next_poll_at"]
    result = await connection.execute(
        update(feeds)
        .where(
            feeds.c.id == lease.feed.id,
            feeds.c.lease_owner == lease.owner,
            feeds.c.lease_until == lease.until,
        )
        .values(**values, lease_owner=None, lease_until=None)
    )
    return result.rowcount == 1
