"""Statement messages into PostgreSQL, with all that follows from them, in one transaction."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import text, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from schemas import Alert, EventType, Headers, Statement, StatementMessage, Topics
from services.alerting.adapters.deliveries import new_delivery
from services.alerting.adapters.digests import take_over
from services.alerting.adapters.stored_messages import in_force
from services.alerting.adapters.subscriptions import CurrentIndex
from services.alerting.adapters.tables import (
    DELIVERIES_CHANNEL,
    alerts,
    articles,
    deliveries,
    inbox,
    outbox,
    statements,
)
from services.alerting.domain.folding import fold
from services.alerting.domain.identity import alert_id
from services.alerting.domain.subscription import Subscription
from services.alerting.ports import Backfill, Stored
from services.runtime.clock import Clock
from services.runtime.database import is_transient
from services.runtime.outbox import OutboxMessage, enqueue

SOURCE = "accesswatch/alerting"

Incoming = Sequence[tuple[Headers, StatementMessage]]

SUPERSEDE = text("""
    UPDATE alerting.statements AS s SET superseded_at = :now
    FROM alerting.articles AS a
    WHERE a.id = s.article_id AND a.id = ANY(:ids) AND s.superseded_at IS NULL
      AND (s.revision, s.extractor_version) IS DISTINCT FROM (a.revision, a.extractor_version)
""")


class SqlStore:
    """Stores statements, matches them, and stores the alerts."""

    def __init__(self, engine: AsyncEngine, clock: Clock, topics: Topics) -> None:
        self._engine = engine
        self._clock = clock
        self._topics = topics
        self._index = CurrentIndex()

    async def store(self, messages: Incoming, backfill: Backfill | None = None) -> Stored:
        """Store a batch; where the database refuses it for what it holds, message by message.

        Args:
            messages: from the topic or from a replay.
            backfill: the replay that they come from. What it finds stored already is matched all
                the same, since there may be subscriptions that have never seen it; its alerts are
                neither published nor delivered.
        """
        try:
            async with self._engine.begin() as connection:
                return await self._store(connection, messages, backfill)
        except DBAPIError as error:
            if is_transient(error):
                raise
            if len(messages) == 1:
                return Stored(rejected=((messages[0][0].id, _reason(error)),))
        singly = [await self.store([message], backfill) for message in messages]
        return Stored(
            messages=tuple(each for stored in singly for each in stored.messages),
            alerts=tuple(each for stored in singly for each in stored.alerts),
            rejected=tuple(each for stored in singly for each in stored.rejected),
        )

    async def _store(
        self, connection: AsyncConnection, messages: Incoming, backfill: Backfill | None
    ) -> Stored:
        now = self._clock.now()
        taken = await _take_in(connection, messages, now)
        new = [body for _, body in taken]
        if taken:
            await _store_articles(connection, taken)
            await _store_statements(connection, new, now, backfill)
        matched = await in_force(connection, messages) if backfill else new
        found = await self._store_alerts(connection, matched, now, backfill)
        return Stored(messages=tuple(new), alerts=tuple(found))

    async def _store_alerts(
        self,
        connection: AsyncConnection,
        messages: Sequence[StatementMessage],
        now: datetime,
        backfill: Backfill | None,
    ) -> list[Alert]:
        if not any(message.statements for message in messages):
            return []
        index = await self._index.get(connection)
        candidates: dict[str, tuple[Alert, Subscription]] = {}
        for message in messages:
            for statement in message.statements:
                for match in index.match(statement, message.article.language):
                    alert = _alert(message, statement, match.subscription, match.reasons, now)
                    candidates.setdefault(alert.id, (alert, match.subscription))
        if not candidates:
            return []
        added = await _insert_new(
            connection,
            alerts,
            [alert_row(alert, _replay_of(backfill)) for alert, _ in candidates.values()],
        )
        new = [pair for identifier, pair in candidates.items() if identifier in added]
        found = [alert for alert, _ in new]
        if backfill:
            if backfill.notifies:
                await take_over(connection, backfill.replay_id, candidates.keys() - added)
            return found
        await store_deliveries(connection, new, now)
        await enqueue(
            connection, outbox, [alert_message(alert, self._topics.alerts) for alert, _ in new]
        )
        return found


async def _take_in(connection: AsyncConnection, messages: Incoming, now: datetime) -> Incoming:
    """Enter messages into the inbox; return those that were not in it."""
    by_id = {headers.id: (headers, body) for headers, body in messages}
    rows = [{"message_id": identifier, "received_at": now} for identifier in sorted(by_id)]
    statement = insert(inbox).on_conflict_do_nothing().returning(inbox.c.message_id)
    new = set((await connection.execute(statement, rows)).scalars())
    return [pair for identifier, pair in by_id.items() if identifier in new]


async def _store_articles(connection: AsyncConnection, messages: Incoming) -> None:
    newest: dict[str, dict[str, Any]] = {}
    for headers, message in messages:
        row = _article_row(headers, message)
        known = newest.get(row["id"])
        if known is None or _row_age(row) >= _row_age(known):
            newest[row["id"]] = row
    statement = insert(articles)
    statement = statement.on_conflict_do_update(
        index_elements=[articles.c.id],
        set_={
            column.name: statement.excluded[column.name]
            for column in articles.columns
            if not column.primary_key
        },
        where=_age(statement.excluded) >= _age(articles.c),
    )
    # Sorted, so that two processes never wait for each other's rows.
    await connection.execute(statement, [newest[identifier] for identifier in sorted(newest)])


def _age(columns: Any) -> Any:
    """Return what tells which of two readings of an article is newer.

    A later revision, and of the same revision the later extraction: a new extractor version that
    reads an old article again wins, whatever order the messages come in.
    """
    return tuple_(columns.revision_number, columns.extracted_at)


def _row_age(row: dict[str, Any]) -> tuple[int, datetime]:
    return row["revision_number"], row["extracted_at"]


def _article_row(headers: Headers, message: StatementMessage) -> dict[str, Any]:
    return {
        **message.article.model_dump(),
        "extractor_version": message.extractor_version,
        "extracted_at": headers.time,
    }


async def _store_statements(
    connection: AsyncConnection,
    messages: Sequence[StatementMessage],
    now: datetime,
    backfill: Backfill | None,
) -> None:
    rows = [
        {**_statement_row(message, statement, now), "replay_id": _replay_of(backfill)}
        for message in messages
        for statement in message.statements
    ]
    if rows:
        await connection.execute(insert(statements).on_conflict_do_nothing(), rows)
    ids = sorted({message.article.id for message in messages})
    await connection.execute(SUPERSEDE, {"now": now, "ids": ids})


def _replay_of(backfill: Backfill | None) -> str | None:
    return backfill.replay_id if backfill else None


def _statement_row(
    message: StatementMessage, statement: Statement, now: datetime
) -> dict[str, Any]:
    return {
        "id": statement.id,
        "article_id": message.article.id,
        "revision": message.article.revision,
        "revision_number": message.article.revision_number,
        "extractor_version": message.extractor_version,
        "position": statement.position,
        "sentence": statement.text,
        "start": statement.start,
        "end": statement.end,
        "topics": list(statement.topics),
        "stance": statement.stance,
        "commitment": statement.commitment,
        "confidence": statement.confidence,
        "names": searchable_names(statement),
        "body": statement.model_dump(mode="json"),
        "stored_at": now,
    }


def searchable_names(statement: Statement) -> list[str]:
    """Return the folded ids and names of what a statement mentions, as `kind:name`."""
    pairs = [("actor", mention.id, mention.name) for mention in statement.actors]
    pairs += [("route", mention.id, mention.name) for mention in statement.routes]
    if statement.speaker:
        pairs.append(("actor", statement.speaker.actor_id, statement.speaker.name))
    names = [f"{kind}:{fold(name)}" for kind, *both in pairs for name in both if name]
    return list(dict.fromkeys(names))


def _alert(
    message: StatementMessage,
    statement: Statement,
    subscription: Subscription,
    reasons: tuple[str, ...],
    now: datetime,
) -> Alert:
    return Alert(
        id=alert_id(subscription.id, message.article.id, statement.text),
        subscription_id=subscription.id,
        subscription_name=subscription.name,
        created_at=now,
        matched=reasons,
        article=message.article,
        statement=statement,
    )


def alert_row(alert: Alert, replay_id: str | None = None) -> dict[str, Any]:
    """Return an alert as a row of the table, with the replay that it came of, if any."""
    return {
        "id": alert.id,
        "subscription_id": alert.subscription_id,
        "statement_id": alert.statement.id,
        "article_id": alert.article.id,
        "body": alert.model_dump(mode="json"),
        "created_at": alert.created_at,
        "replay_id": replay_id,
    }


async def _insert_new(
    connection: AsyncConnection, table: Any, rows: Sequence[dict[str, Any]]
) -> set[str]:
    """Insert rows, leaving those that exist; return the ids of the new ones."""
    statement = insert(table).on_conflict_do_nothing().returning(table.c.id)
    ordered = sorted(rows, key=lambda row: row["id"])
    return set((await connection.execute(statement, ordered)).scalars())


async def store_deliveries(
    connection: AsyncConnection, new: Iterable[tuple[Alert, Subscription]], now: datetime
) -> int:
    """Store the deliveries of alerts, due at once; return how many were new."""
    rows = [
        new_delivery(channel, subscription.id, now, alert_id=alert.id)
        for alert, subscription in new
        for channel in subscription.channels
    ]
    if not rows:
        return 0
    added = await _insert_new(connection, deliveries, rows)
    await connection.execute(text("SELECT pg_notify(:c, '')"), {"c": DELIVERIES_CHANNEL})
    return len(added)


def alert_message(alert: Alert, topic: str) -> OutboxMessage:
    """Return the message that publishes an alert."""
    headers = Headers(
        id=alert.id,
        type=EventType.ALERT,
        source=SOURCE,
        time=alert.created_at,
        correlation_id=alert.article.id,
    )
    return OutboxMessage(topic, alert.id, headers, alert)


def _reason(error: DBAPIError) -> str:
    return str(error.orig).splitlines()[0]
