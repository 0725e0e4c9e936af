"""The archive in PostgreSQL, with the outbox."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import DateTime, Text, any_, func, insert, literal, select, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from schemas import Article, EventType, Headers, Topics
from services.poller.adapters.feed_rows import write_state
from services.poller.adapters.tables import articles, outbox
from services.poller.domain.articles import Findings, KnownArticle
from services.poller.domain.feed import FeedState, Lease
from services.runtime.clock import Clock
from services.runtime.outbox import OutboxMessage, enqueue

SOURCE = "accesswatch/poller"
SEEN_PRECISION = timedelta(hours=1)
"""How exact `last_seen_at` is: exact to the poll, it would rewrite every row at every poll."""


def article_message(article: Article, topics: Topics) -> OutboxMessage:
    """Return the message that publishes one revision of an article."""
    return OutboxMessage(
        topic=topics.articles,
        key=article.id,
        headers=Headers(
            id=f"{article.id}.{article.revision}",
            type=EventType.ARTICLE,
            source=SOURCE,
            time=article.fetched_at,
            correlation_id=article.id,
        ),
        body=article,
    )


async def known_articles(
    connection: AsyncConnection, article_ids: Collection[str]
) -> Mapping[str, KnownArticle]:
    """Return what is stored of some articles; those not stored are left out."""
    statement = (
        select(
            articles.c.article_id,
            articles.c.revision,
            articles.c.revision_number,
            articles.c.url,
        )
        .where(articles.c.article_id == any_(_texts(article_ids)))
        .order_by(articles.c.article_id, articles.c.revision_number)
    )
    rows: dict[str, list[Any]] = defaultdict(list)
    for row in await connection.execute(statement):
        rows[row.article_id].append(row)
    return {
        article_id: KnownArticle(
            url=revisions[-1].url,
            revisions=frozenset(row.revision for row in revisions),
            latest_number=revisions[-1].revision_number,
        )
        for article_id, revisions in rows.items()
    }


async def store_imported(connection: AsyncConnection, new: Sequence[Article]) -> None:
    """Store revisions that no feed brought, without messages: the live path never sees them.

    Args:
        connection: in a transaction, which the caller commits.
        new: revisions that the archive lacks.
    """
    await _insert(connection, new)


async def fill_in_dates(connection: AsyncConnection, dated: Sequence[Article]) -> None:
    """Date archived revisions of imported files that were archived without a date.

    Args:
        connection: in a transaction, which the caller commits.
        dated: revisions with dates; those that are dated already stay as they are.
    """
    if not dated:
        return
    given = func.unnest(
        _texts([each.id for each in dated]),
        _texts([each.revision for each in dated]),
        literal([each.published_at for each in dated], ARRAY(DateTime(timezone=True))),
    )
    stated = given.table_valued("article_id", "revision", "at", name="stated").render_derived()
    await connection.execute(
        update(articles)
        .where(
            articles.c.article_id == stated.c.article_id,
            articles.c.revision == stated.c.revision,
            articles.c.published_at.is_(None),
        )
        .values(published_at=stated.c.at, fetched_at=stated.c.at, last_seen_at=stated.c.at)
    )


class SqlArchive:
    """Article revisions, in the table `articles`."""

    def __init__(self, engine: AsyncEngine, clock: Clock, topics: Topics) -> None:
        self._engine = engine
        self._clock = clock
        self._topics = topics

    async def known(self, article_ids: Collection[str]) -> Mapping[str, KnownArticle]:
        """Return what is stored of some articles; those not stored are left out."""
        async with self._engine.connect() as connection:
            return await known_articles(connection, article_ids)

    async def store(self, lease: Lease, state: FeedState, findings: Findings) -> bool:
        """Store new revisions, their messages and the feed's state together, or nothing.

        Returns:
            False, with nothing stored, where the lease was lost.
        """
        async with self._engine.begin() as connection:
            if not await write_state(connection, lease, state):
                return False
            await _insert(connection, findings.new)
            await self._touch(connection, findings.seen)
            messages = [article_message(article, self._topics) for article in findings.new]
            await enqueue(connection, outbox, messages)
        return True

    async def _touch(self, connection: AsyncConnection, seen: Sequence[tuple[str, str]]) -> None:
        """Note that known revisions are still in the feed."""
        if not seen:
            return
        now = self._clock.now()
        pairs = func.unnest(_texts([each for each, _ in seen]), _texts([each for _, each in seen]))
        carried = pairs.table_valued("article_id", "revision", name="carried").render_derived()
        await connection.execute(
            update(articles)
            .where(
                articles.c.article_id == carried.c.article_id,
                articles.c.revision == carried.c.revision,
                articles.c.last_seen_at < now - SEEN_PRECISION,
            )
            .values(last_seen_at=now)
        )


def _texts(values: Collection[str]) -> Any:
    """Return values as one array parameter, so that the statement is the same for any number."""
    return literal(list(values), ARRAY(Text))


async def _insert(connection: AsyncConnection, new: Sequence[Article]) -> None:
    if not new:
        return
    rows = [
        {
            **article.model_dump(exclude={"id", "authors"}),
            "article_id": article.id,
            "authors": list(article.authors),
            "last_seen_at": article.fetched_at,
        }
        for article in new
    ]
    await connection.execute(insert(articles), rows)
