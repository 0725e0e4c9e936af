"""What others may ask of alerting: statements."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from schemas import ArticleReference, Stance, Statement, Topic
from services.alerting.adapters.tables import articles, statements
from services.alerting.domain.folding import fold


@dataclass(frozen=True)
class StatementFilter:
    """Which statements to find; each field that is given must hold."""

    actor: str | None = None
    """Gazetteer id or name as written."""
    route: str | None = None
    topic: Topic | None = None
    stance: Stance | None = None
    language: str | None = None
    text: str | None = None
    """Words of the sentence, in PostgreSQL's web search syntax: `"safe passage" -rain`."""
    since: datetime | None = None
    """By when the article was published, or fetched where it does not say."""
    until: datetime | None = None
    superseded: bool = False
    """Also those of older revisions."""


@dataclass(frozen=True)
class FoundStatement:
    """A statement with its article."""

    statement: Statement
    article: ArticleReference
    stored_at: datetime
    superseded: bool


class Queries:
    """Reads alerting's statements; `alert_queries` has alerts and digests."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def statements(self, wanted: StatementFilter, limit: int = 50) -> list[FoundStatement]:
        """Return statements, newest article first."""
        at = func.coalesce(articles.c.published_at, articles.c.fetched_at)
        query = (
            select(statements, articles)
            .join(articles, articles.c.id == statements.c.article_id)
            .order_by(at.desc(), statements.c.article_id, statements.c.position)
            .limit(limit)
        )
        columns = [*statements.columns, *articles.columns]
        async with self._engine.connect() as connection:
            rows = (await connection.execute(_filtered(query, wanted, at))).all()
        return [_found(dict(zip(columns, row, strict=True))) for row in rows]


def _filtered(query: Select[Any], wanted: StatementFilter, at: Any) -> Select[Any]:
    conditions: list[Any] = []
    if not wanted.superseded:
        conditions.append(statements.c.superseded_at.is_(None))
    for kind, name in (("actor", wanted.actor), ("route", wanted.route)):
        if name:
            conditions.append(statements.c.names.contains([f"{kind}:{fold(name)}"]))
    if wanted.topic:
        conditions.append(statements.c.topics.contains([wanted.topic.value]))
    if wanted.stance:
        conditions.append(statements.c.stance == wanted.stance)
    if wanted.language:
        conditions.append(articles.c.language == wanted.language)
    if wanted.text:
        words = func.websearch_to_tsquery("simple", wanted.text)
        conditions.append(statements.c.search.op("@@")(words))
    if wanted.since:
        conditions.append(at >= wanted.since)
    if wanted.until:
        conditions.append(at < wanted.until)
    return query.where(*conditions)


def _found(row: dict[Any, Any]) -> FoundStatement:
    reference = {column.name: row[column] for column in articles.columns}
    return FoundStatement(
        statement=Statement.model_validate(row[statements.c.body]),
        article=ArticleReference.model_validate(reference),
        stored_at=row[statements.c.stored_at],
        superseded=row[statements.c.superseded_at] is not None,
    )
