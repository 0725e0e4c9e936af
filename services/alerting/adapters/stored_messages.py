"""Statement messages as they would be sent today: made anew from what is stored."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Text, any_, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncConnection

from schemas import ArticleReference, EventType, Headers, Statement, StatementMessage
from services.alerting.adapters.tables import articles, statements

SOURCE = "accesswatch/alerting"


def stored_messages(conditions: Sequence[Any], limit: int | None = None) -> Any:
    """Return the query of articles and the statements that hold of them, oldest first.

    Args:
        conditions: on columns of `articles`.
        limit: how many articles at most.
    """
    held = (
        select(func.array_agg(aggregate_order_by(statements.c.body, statements.c.position.asc())))
        .where(
            statements.c.article_id == articles.c.id,
            statements.c.revision == articles.c.revision,
            statements.c.extractor_version == articles.c.extractor_version,
            statements.c.superseded_at.is_(None),
        )
        .scalar_subquery()
        .label("bodies")
    )
    return (
        select(articles, held)
        .where(*conditions)
        .order_by(articles.c.fetched_at, articles.c.id)
        .limit(limit)
    )


def read_message(row: Any) -> tuple[Headers, StatementMessage]:
    """Return a row of that query as the message that it came from."""
    reference = ArticleReference(
        **{name: getattr(row, name) for name in ArticleReference.model_fields}
    )
    headers = Headers(
        id=f"{row.id}.{row.revision}.{row.extractor_version}",
        type=EventType.STATEMENTS,
        source=SOURCE,
        time=row.extracted_at,
        correlation_id=row.id,
    )
    message = StatementMessage(
        article=reference,
        extractor_version=row.extractor_version,
        language=row.language,
        statements=tuple(Statement.model_validate(each) for each in row.bodies or ()),
    )
    return headers, message


async def in_force(
    connection: AsyncConnection, messages: Sequence[tuple[Headers, StatementMessage]]
) -> list[StatementMessage]:
    """Return what holds of the articles of messages today.

    Of an article that was revised or extracted again since, that is what was found last; of one
    that is not stored, nothing.
    """
    by_article = {body.article.id for _, body in messages}
    columns = articles.c.id, articles.c.revision, articles.c.extractor_version
    stored = await connection.execute(select(*columns).where(_one_of(by_article)))
    current = {tuple(row) for row in stored}
    held = [
        body
        for _, body in messages
        if (body.article.id, body.article.revision, body.extractor_version) in current
    ]
    overtaken = {identifier for identifier, _, _ in current} - {body.article.id for body in held}
    if overtaken:
        rows = await connection.execute(stored_messages([_one_of(overtaken)]))
        held += [read_message(row)[1] for row in rows]
    return held


def _one_of(article_ids: Collection[str]) -> Any:
    return articles.c.id == any_(literal(sorted(article_ids), ARRAY(Text)))
