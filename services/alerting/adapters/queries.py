"""What others may ask of alerting: statements, alerts, deliveries, counts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncEngine

from schemas import Alert, ArticleReference, Stance, Statement, Topic
from services.alerting.adapters.tables import alerts, articles, deliveries, statements
from services.alerting.domain.folding import fold
from services.runtime.errors import NotFoundError


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


@dataclass(frozen=True)
class DeliveryStatus:
    """Where a delivery stands."""

    id: str
    channel: str
    state: str
    attempts: int
    due_at: datetime | None
    reason: str | None
    detail: str | None
    ended_at: datetime | None


@dataclass(frozen=True)
class AlertStatus:
    """An alert and its deliveries."""

    alert: Alert
    deliveries: tuple[DeliveryStatus, ...]


class Queries:
    """Reads alerting's tables."""

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

    async def alerts(
        self,
        limit: int = 50,
        subscription: str | None = None,
        since: datetime | None = None,
    ) -> list[Alert]:
        """Return alerts, newest first; `subscription` is an id or a name."""
        query = select(alerts.c.body).order_by(alerts.c.created_at.desc(), alerts.c.id).limit(limit)
        if subscription:
            query = query.where(
                or_(
                    alerts.c.subscription_id == subscription,
                    alerts.c.body["subscription_name"].astext == subscription,
                )
            )
        if since:
            query = query.where(alerts.c.created_at >= since)
        async with self._engine.connect() as connection:
            return [
                Alert.model_validate(body) for body in (await connection.execute(query)).scalars()
            ]

    async def alert(self, identifier: str) -> AlertStatus:
        """Return one alert by its id, or by a beginning of it that no other has.

        Raises:
            NotFoundError: there is none, or more than one.
        """
        query = select(alerts.c.body).where(alerts.c.id.startswith(identifier, autoescape=True))
        async with self._engine.connect() as connection:
            bodies = (await connection.execute(query.limit(2))).scalars().all()
            if len(bodies) != 1:
                found = "more than one alert has" if bodies else "no alert has"
                raise NotFoundError(
                    f"{found} an id that starts with '{identifier}'",
                    "'accesswatch alerts list' shows them.",
                )
            alert = Alert.model_validate(bodies[0])
            rows = await connection.execute(
                select(deliveries)
                .where(deliveries.c.alert_id == alert.id)
                .order_by(deliveries.c.channel)
            )
            return AlertStatus(alert, tuple(_status(row) for row in rows))

    async def alerts_after(
        self, moment: datetime, identifier: str, limit: int = 100
    ) -> list[Alert]:
        """Return the alerts that follow a known one, oldest first."""
        query = (
            select(alerts.c.body)
            .where(
                or_(
                    alerts.c.created_at > moment,
                    and_(alerts.c.created_at == moment, alerts.c.id > identifier),
                )
            )
            .order_by(alerts.c.created_at, alerts.c.id)
            .limit(limit)
        )
        async with self._engine.connect() as connection:
            return [
                Alert.model_validate(body) for body in (await connection.execute(query)).scalars()
            ]


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


def _status(row: Any) -> DeliveryStatus:
    return DeliveryStatus(
        id=row.id,
        channel=row.channel,
        state=row.state,
        attempts=row.attempts,
        due_at=row.due_at,
        reason=row.reason,
        detail=row.detail,
        ended_at=row.ended_at,
    )
