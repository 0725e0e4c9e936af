"""Reads the SQL archive: revisions as the poller stored them, statements as alerting did."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Text as SqlText
from sqlalchemy import any_, func, literal, select, tuple_
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncEngine

from schemas import Article, Topics
from services.alerting.adapters.stored_messages import read_message, stored_messages
from services.alerting.adapters.tables import articles as stored
from services.poller.adapters.archive import article_message
from services.poller.adapters.tables import articles as archived
from services.poller.adapters.tables import outbox
from services.poller.domain.identity import IMPORT_PREFIX
from services.replay.domain.job import Job, Key, Part, Problem, Source
from services.replay.domain.planning import ARCHIVE_ROWS, MOST_SLICES, Slice
from services.replay.domain.request import Kind, Request
from services.replay.ports import Passage, Stretch


class ArchiveReader:
    """Reads one part of the archive.

    Args:
        engine: the database.
        topics: as messages name them.
        job: whose part it is.
        part: what to read.
        dead: article messages that are dead letters, and stay with the live path.
    """

    def __init__(
        self,
        engine: AsyncEngine,
        topics: Topics,
        job: Job,
        part: Part,
        dead: Collection[str] = (),
    ) -> None:
        self._engine = engine
        self._topics = topics
        self._request = job.request
        self._part = part
        self._dead = dead
        self._after = part.after

    async def read(self, limit: int) -> Stretch:
        """Return the next rows of the part, at most `limit`."""
        articles = self._request.kind is Kind.ARTICLES
        query = self._revisions(limit) if articles else self._messages(limit)
        async with self._engine.connect() as connection:
            rows = (await connection.execute(query)).all()
        if rows:
            last = rows[-1]
            identifier = last.article_id if articles else last.id
            self._after = Key(last.fetched_at, identifier, last.revision)
        outcomes = [_outcome(self._revision if articles else _message, row) for row in rows]
        passages = [each for each in outcomes if isinstance(each, Passage)]
        return Stretch(
            passages=[each for each in passages if self._wants(each)],
            read=len(rows),
            problems=[each for each in outcomes if isinstance(each, Problem)],
            next=None,
            after=self._after,
            finished=len(rows) < limit,
        )

    def _wants(self, passage: Passage) -> bool:
        if passage.article_message in self._dead:
            return False
        return self._request.wants(passage.article.feed_id, passage.language)

    def _revisions(self, limit: int) -> Any:
        c = archived.c
        conditions = span(c, self._part, self._request)
        if self._after:
            key = self._after
            place = tuple_(c.fetched_at, c.article_id, c.revision)
            conditions.append(place > tuple_(key.fetched_at, key.id, key.revision))
        return (
            select(archived)
            .where(*conditions)
            .order_by(c.fetched_at, c.article_id, c.revision)
            .limit(limit)
        )

    def _messages(self, limit: int) -> Any:
        c = stored.c
        conditions = span(c, self._part, self._request)
        if self._after:
            key = self._after
            conditions.append(tuple_(c.fetched_at, c.id) > tuple_(key.fetched_at, key.id))
        return stored_messages(conditions, limit)

    def _revision(self, row: Any) -> Passage:
        fields = {name: getattr(row, name) for name in Article.model_fields if name != "id"}
        article = Article(id=row.article_id, **fields)
        message = article_message(article, self._topics)
        return Passage(message.headers, article)


def _outcome(read: Callable[[Any], Passage], row: Any) -> Passage | Problem:
    """Return a row as a message, or why it is none any more."""
    try:
        return read(row)
    except ValidationError as error:
        identifier = row._mapping.get("article_id") or row._mapping["id"]  # noqa: SLF001 - SQLAlchemy's public name for it
        return Problem(identifier, str(error).splitlines()[0])


def _message(row: Any) -> Passage:
    headers, body = read_message(row)
    return Passage(headers, body)


def span(c: Any, part: Part, request: Request) -> list[Any]:
    """Return what a part's rows fulfil; languages are judged row by row."""
    conditions = []
    if part.since:
        conditions.append(c.fetched_at >= part.since)
    if part.until:
        conditions.append(c.fetched_at < part.until)
    if part.source is Source.IMPORTS:
        conditions.append(c.feed_id.startswith(IMPORT_PREFIX, autoescape=True))
    if request.feeds:
        conditions.append(c.feed_id == any_(literal(list(request.feeds), ARRAY(SqlText))))
    return conditions


class Archive:
    """The archive as a whole: how much it holds, and in which slices to read it."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def slices(
        self, request: Request, source: Source, since: datetime | None, until: datetime
    ) -> list[Slice]:
        """Return spans of time with about as many rows each.

        Args:
            request: which feeds are wanted, and whether articles or statements.
            source: the archive, or its imports only.
            since: begin.
            until: end.
        """
        c = archived.c if request.kind is Kind.ARTICLES else stored.c
        conditions = span(c, Part(0, source, 0, since=since, until=until), request)
        async with self._engine.connect() as connection:
            count = await connection.scalar(select(func.count()).where(*conditions)) or 0
            if not count:
                return []
            number = min(MOST_SLICES, -(-count // ARCHIVE_ROWS))
            tile = func.ntile(number).over(order_by=c.fetched_at).label("tile")
            tiles = select(c.fetched_at, tile).where(*conditions).subquery()
            rows = await connection.execute(
                select(func.min(tiles.c.fetched_at).label("first"), func.count().label("rows"))
                .group_by(tiles.c.tile)
                .order_by(tiles.c.tile)
            )
            return _joined([(row.first, row.rows) for row in rows], until)

    async def waiting_since(self) -> datetime | None:
        """Return when the oldest message was put into the outbox that is still there, or None.

        What Kafka refused for its size waits there for ever, and keeps nothing else waiting.
        """
        query = select(func.min(outbox.c.created_at)).where(outbox.c.refused_at.is_(None))
        async with self._engine.connect() as connection:
            found: datetime | None = await connection.scalar(query)
        return found


def _joined(tiles: Sequence[tuple[datetime, int]], until: datetime) -> list[Slice]:
    """Return slices that touch without overlapping; those of one moment become one."""
    slices: list[Slice] = []
    ends = [first for first, _ in tiles[1:]] + [until]
    for (first, rows), end in zip(tiles, ends, strict=True):
        earlier = slices.pop().rows if slices and slices[-1].since == first else 0
        slices.append(Slice(first, end, earlier + rows))
    return slices
