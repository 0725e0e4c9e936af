"""What is stored, for those who compare with it: alerting's tables and the archive, read only."""

from collections import defaultdict
from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, Text, and_, any_, func, literal, or_, select, true, tuple_
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncEngine

from schemas import ArticleReference, Statement
from services.alerting.adapters.tables import alerts, articles, deliveries, digests, statements
from services.alerting.domain.delivery import DeliveryState
from services.alerting.domain.folding import fold
from services.alerting.domain.subscription import Watch
from services.poller.adapters.tables import articles as archive
from services.replay.domain.backtest import ArticleStatements, Page
from services.replay.domain.reading import Reading

PAGE = 1000
"""Articles in a page, most of them without statements."""


class SqlStored:
    """Reads a batch of ids, or a page of a range, at a time."""

    def __init__(self, engine: AsyncEngine, page: int = PAGE) -> None:
        self._engine = engine
        self._page = page

    async def readings(self, article_ids: Collection[str]) -> Mapping[str, Reading]:
        """Return the current reading of articles; those never extracted are left out."""
        columns = articles.c
        query = select(
            columns.id, columns.revision, columns.revision_number, columns.extractor_version
        ).where(_one_of(columns.id, article_ids))
        return {row.id: Reading(*row[1:]) for row in await self._rows(query)}

    async def newest(self, article_ids: Collection[str]) -> Mapping[str, int]:
        """Return the highest revision number in the archive; unknown articles are left out."""
        query = (
            select(archive.c.article_id, func.max(archive.c.revision_number))
            .where(_one_of(archive.c.article_id, article_ids))
            .group_by(archive.c.article_id)
        )
        return {row[0]: row[1] for row in await self._rows(query)}

    async def statements(self, article_ids: Collection[str]) -> Mapping[str, Sequence[Statement]]:
        """Return the current statements of articles, in order; those without are left out."""
        query = (
            select(statements.c.article_id, statements.c.body)
            .where(
                _one_of(statements.c.article_id, article_ids),
                statements.c.superseded_at.is_(None),
            )
            .order_by(statements.c.article_id, statements.c.position)
        )
        found: dict[str, list[Statement]] = defaultdict(list)
        for row in await self._rows(query):
            found[row.article_id].append(Statement.model_validate(row.body))
        return found

    async def had(self, alert_ids: Collection[str]) -> Collection[str]:
        """Return which alerts there are."""
        rows = await self._rows(select(alerts.c.id).where(_one_of(alerts.c.id, alert_ids)))
        return {row.id for row in rows}

    async def sent(self, alert_ids: Collection[str]) -> Mapping[str, bool]:
        """Return which alerts there are, each with whether any channel has it, or its digest."""
        alone = (
            select(deliveries.c.id)
            .where(deliveries.c.alert_id == alerts.c.id, deliveries.c.state == DeliveryState.SENT)
            .exists()
        )
        in_digest = (
            select(deliveries.c.id)
            .join(digests, digests.c.id == deliveries.c.digest_id)
            .where(
                digests.c.replay_id == alerts.c.replay_id,
                digests.c.subscription_id == alerts.c.subscription_id,
                deliveries.c.state == DeliveryState.SENT,
            )
            .exists()
        )
        is_sent = or_(alone, in_digest)
        rows = await self._rows(select(alerts.c.id, is_sent).where(_one_of(alerts.c.id, alert_ids)))
        return {row[0]: row[1] for row in rows}

    async def span(self) -> tuple[datetime, datetime] | None:
        """Return when the first and the last article were fetched; None where there is none."""
        at = articles.c.fetched_at
        row = (await self._rows(select(func.min(at), func.max(at))))[0]
        return None if row[0] is None else (row[0], row[1])

    async def pages(self, since: datetime, until: datetime, watch: Watch) -> AsyncIterator[Page]:
        """Yield the articles fetched in a range with what of them may be met, oldest first.

        Each page is a query of its own that begins after the last article of the one before: no
        cursor is held open, and no page costs more than another.
        """
        after: tuple[datetime, str] | None = None
        while True:
            rows = await self._rows(page_query(since, until, after, self._page, watch))
            if rows:
                yield _read_page(rows)
                after = rows[-1].fetched_at, rows[-1].id
            if len(rows) < self._page:
                return

    async def _rows(self, query: Select[Any]) -> Sequence[Any]:
        async with self._engine.connect() as connection:
            rows: Sequence[Any] = (await connection.execute(query)).all()
        return rows


def _one_of(column: Any, ids: Collection[str]) -> Any:
    # One parameter, however many ids: the statement stays the same.
    return column == any_(_texts(ids))


def _texts(values: Iterable[str]) -> Any:
    return literal(list(values), ARRAY(Text))


def page_query(
    since: datetime, until: datetime, after: tuple[datetime, str] | None, size: int, watch: Watch
) -> Select[Any]:
    """Return the query of a page: a row for each article, with what of it may be met.

    Args:
        since: articles fetched from then on.
        until: articles fetched before.
        after: moment and id of the last article of the page before; None: the first page.
        size: articles in a page.
        watch: what is matched later; what certainly is not met stays in the database.
    """
    at = articles.c.fetched_at
    # The index is on the time alone: the lower bound is said twice, so that it is used.
    conditions = [at >= (after[0] if after else since), at < until]
    if after:
        conditions.append(tuple_(at, articles.c.id) > tuple_(literal(after[0]), literal(after[1])))
    page = select(articles).where(*conditions).order_by(at, articles.c.id).limit(size).cte("page")
    of_page = (statements.c.article_id == page.c.id, statements.c.superseded_at.is_(None))
    bodies = func.jsonb_agg(aggregate_order_by(statements.c.body, statements.c.position))
    found = (
        select(
            func.count().label("statements"),
            bodies.filter(_may_be_met(watch, page.c.language)).label("bodies"),
        )
        .where(*of_page)
        .lateral("found")
    )
    return (
        select(*page.c, found.c.statements, found.c.bodies)
        .select_from(page.join(found, true()))
        .order_by(page.c.fetched_at, page.c.id)
    )


def _may_be_met(watch: Watch, language: Any) -> Any:
    """Return a condition that every statement keeps which a watch meets, and most others do not.

    Matching itself decides; this spares reading millions of statements for a few.
    """
    conditions: list[Any] = [true()]
    if watch.topics:
        conditions.append(statements.c.topics.overlap(_texts(watch.topics)))
    if watch.stances:
        conditions.append(_one_of(statements.c.stance, watch.stances))
    if watch.languages:
        conditions.append(_one_of(language, watch.languages))
    names = [f"actor:{fold(each)}" for each in watch.actors]
    names += [f"route:{fold(each)}" for each in watch.routes]
    if names and not watch.texts:
        conditions.append(statements.c.names.overlap(_texts(names)))
    return and_(*conditions)


def _read_page(rows: Sequence[Any]) -> Page:
    found = [
        ArticleStatements(
            ArticleReference.model_validate(row, from_attributes=True),
            tuple(Statement.model_validate(body) for body in row.bodies),
        )
        for row in rows
        if row.bodies
    ]
    return Page(len(rows), sum(row.statements for row in rows), rows[-1].fetched_at, found)
