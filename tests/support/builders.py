"""Articles, statements and records with sensible defaults."""

import hashlib
from datetime import UTC, datetime
from typing import Any

from aiokafka import ConsumerRecord

from schemas import (
    Article,
    ArticleReference,
    EventType,
    Headers,
    Stance,
    Statement,
    StatementMessage,
    Topic,
)

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def hexadecimal(text: str, digits: int) -> str:
    """Return a made-up but stable identifier."""
    return hashlib.sha256(text.encode()).hexdigest()[:digits]


def article(name: str = "one", **fields: Any) -> Article:
    """Return an article."""
    defaults: dict[str, Any] = {
        "id": hexadecimal(name, 32),
        "revision": hexadecimal(f"{name} text", 16),
        "revision_number": 1,
        "feed_id": "feed",
        "outlet": "Outlet",
        "title": f"Article {name}",
        "text": f"Text of {name}.",
        "language": "en",
        "fetched_at": NOON,
    }
    return Article.model_validate(defaults | fields)


def article_headers(body: Article) -> Headers:
    """Return the headers under which a poller sends an article."""
    return Headers(
        id=f"{body.id}.{body.revision}",
        type=EventType.ARTICLE,
        source="accesswatch/poller",
        time=NOON,
        correlation_id=body.id,
    )


def statement(text: str = "The road is open to aid convoys.", **fields: Any) -> Statement:
    """Return a statement."""
    defaults: dict[str, Any] = {
        "id": hexadecimal(text, 32),
        "position": 0,
        "text": text,
        "start": 0,
        "end": len(text),
        "topics": [Topic.ROUTE_STATUS],
        "stance": Stance.ENABLING,
        "confidence": 0.9,
    }
    return Statement.model_validate(defaults | fields)


def statement_message(body: Article, *statements: Statement) -> StatementMessage:
    """Return the message that carries an article's statements."""
    reference = ArticleReference.model_validate(body.model_dump())
    return StatementMessage(article=reference, extractor_version="test", statements=statements)


def record(
    value: bytes | None,
    headers: tuple[tuple[str, bytes | None], ...] = (),
    *,
    topic: str = "topic",
    offset: int = 0,
    key: bytes | None = b"key",
) -> "ConsumerRecord[bytes, bytes]":
    """Return a record as aiokafka delivers it."""
    return ConsumerRecord(
        topic=topic,
        partition=0,
        offset=offset,
        timestamp=int(NOON.timestamp() * 1000),
        timestamp_type=0,
        key=key,
        value=value,
        checksum=None,
        serialized_key_size=0,
        serialized_value_size=0,
        headers=headers,
    )
