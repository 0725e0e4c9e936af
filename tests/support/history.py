"""A past to replay: articles that were archived, published, extracted and stored."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from sqlalchemy import insert, text
from sqlalchemy.ext.asyncio import AsyncEngine

from schemas import (
    ActorMention,
    Article,
    EventType,
    Headers,
    Statement,
    StatementMessage,
    Topics,
)
from services.alerting.adapters.store import SqlStore
from services.extractor.ports import Extracted, NotExtracted
from services.poller.adapters.archive import article_message
from services.poller.adapters.tables import articles as archived
from services.runtime.clock import FakeClock
from services.runtime.kafka.connection import client_options
from services.runtime.kafka.dead_letters import dead_letter
from services.runtime.kafka.decode import Reason, Refused
from services.runtime.kafka.producer import Outgoing, Producer
from services.runtime.settings import KafkaSettings
from tests.support.builders import (
    NOON,
    article,
    hexadecimal,
    record,
    statement,
    statement_message,
)

LIVE_VERSION = "old"


def told(number: int, fetched_at: datetime = NOON, **fields: Any) -> Article:
    """Return an article whose every sentence but the last is a statement."""
    lines = [f"Road {number}.{n} is open to aid." for n in range(number % 3)]
    body = " ".join([*lines, "Nothing else was said."])
    return article(f"article {number}", text=body, fetched_at=fetched_at, **fields)


def extracted(body: Article, version: str) -> StatementMessage:
    """Return what the made-up extractor finds: every sentence that says "open"."""
    found: list[Statement] = []
    at = 0
    for sentence in body.text.split(". "):
        whole = f"{sentence.rstrip('.')}."
        if "open" in whole:
            found.append(
                statement(
                    whole,
                    id=hexadecimal(f"{body.id} {body.revision} {version} {at}", 32),
                    position=len(found),
                    start=at,
                    end=at + len(whole),
                    actors=[ActorMention(name="ICRC", id="icrc")],
                )
            )
        at += len(whole) + 1
    message = statement_message(body, *found)
    return message.model_copy(update={"extractor_version": version, "language": body.language})


class MadeUpExtraction:
    """Extracts as `extracted` does."""

    def __init__(self, version: str = LIVE_VERSION) -> None:
        self.version = version

    async def extract(self, articles: Sequence[bytes]) -> list[Extracted | NotExtracted]:
        answers: list[Extracted | NotExtracted] = []
        for value in articles:
            found = extracted(Article.model_validate_json(value), self.version)
            answers.append(Extracted(found.model_dump_json().encode(), len(found.statements)))
        return answers


class History:
    """Makes a past, step by step, as the live path would have."""

    def __init__(self, engine: AsyncEngine, kafka: KafkaSettings) -> None:
        self.engine = engine
        self.kafka = kafka
        self.topics = Topics(kafka.namespace)

    async def archive(self, articles: Iterable[Article]) -> None:
        """Put articles into the archive."""
        rows = [
            {
                **each.model_dump(exclude={"id", "authors"}),
                "article_id": each.id,
                "authors": list(each.authors),
                "last_seen_at": each.fetched_at,
            }
            for each in articles
        ]
        async with self.engine.begin() as connection:
            await connection.execute(insert(archived), rows)

    async def publish(self, articles: Iterable[Article]) -> None:
        """Send articles to their topic."""
        messages = [article_message(each, self.topics) for each in articles]
        await self._send(self.topics.articles, [(m.key, m.headers, m.body) for m in messages])

    async def tell(self, articles: Iterable[Article], version: str = LIVE_VERSION) -> None:
        """Send the statements of articles to their topic."""
        await self._send(
            self.topics.statements,
            [(each.id, headers_of(each, version), extracted(each, version)) for each in articles],
        )

    async def _send(self, topic: str, messages: Iterable[tuple[str, Headers, Any]]) -> None:
        async with Producer(self.kafka) as producer:
            await producer.send_all(
                [
                    Outgoing(
                        topic, key.encode(), body.model_dump_json().encode(), tuple(h.encode())
                    )
                    for key, h, body in messages
                ]
            )

    async def send_raw(self, topic: str, value: bytes) -> None:
        """Send a record that no reader of ours understands."""
        async with Producer(self.kafka) as producer:
            await producer.send_all([Outgoing(topic, b"key", value)])

    async def bury(self, body: Article) -> None:
        """Make an article a dead letter of the extractor."""
        message = article_message(body, self.topics)
        headers = tuple(message.headers.encode())
        lost = record(body.model_dump_json().encode(), headers, topic=self.topics.articles)
        refused = Refused(lost, Reason.FAILED, "a defect")
        letter = dead_letter(refused, "extractor", self.topics.articles_dead, NOON)
        async with Producer(self.kafka) as producer:
            await producer.send_all([letter])

    async def store(self, articles: Iterable[Article], version: str = LIVE_VERSION) -> None:
        """Store the statements of articles as the live path does."""
        store = SqlStore(self.engine, FakeClock(NOON), self.topics)
        found = [(headers_of(each, version), extracted(each, version)) for each in articles]
        await store.store(found)

    async def commit(self) -> None:
        """Say for the live consumers that they have dealt with all that is on their topics."""
        for topic, group in (
            (self.topics.articles, f"{self.kafka.namespace}.extractor"),
            (self.topics.statements, f"{self.kafka.namespace}.alerting"),
        ):
            consumer = AIOKafkaConsumer(
                **client_options(self.kafka), group_id=group, enable_auto_commit=False
            )
            await consumer.start()
            try:
                parts = [TopicPartition(topic, n) for n in range(self.kafka.partitions)]
                consumer.assign(parts)
                await consumer.commit(await consumer.end_offsets(parts))
            finally:
                await consumer.stop()

    async def live(self, articles: Sequence[Article]) -> None:
        """Let articles go the whole live path."""
        await self.archive(articles)
        await self.publish(articles)
        await self.tell(articles)
        await self.store(articles)
        await self.commit()

    async def dump(self) -> dict[str, list[str]]:
        """Return every row of every table but those of replays, by table."""
        found: dict[str, list[str]] = {}
        async with self.engine.connect() as connection:
            names = await connection.execute(
                text(
                    "SELECT schemaname, tablename FROM pg_tables "
                    "WHERE schemaname IN ('poller', 'alerting') ORDER BY 1, 2"
                )
            )
            for schema, table in names.all():
                rows = await connection.execute(
                    text(f'SELECT t::text FROM "{schema}"."{table}" AS t ORDER BY 1')  # noqa: S608 - names from the catalogue
                )
                found[f"{schema}.{table}"] = list(rows.scalars())
        return found


def headers_of(body: Article, version: str = LIVE_VERSION) -> Headers:
    """Return the headers of an article's statement message."""
    return Headers(
        id=f"{body.id}.{body.revision}.{version}",
        type=EventType.STATEMENTS,
        source="accesswatch/extractor",
        time=body.fetched_at + timedelta(seconds=1),
        correlation_id=body.id,
    )
