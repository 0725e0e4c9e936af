"""The outbox: messages stored in the transaction that causes them, sent to Kafka afterwards.

One table per service schema. A message is sent at least once and rows are deleted after the
broker acknowledged them, so that a crash in between sends the same message, with the same
`ce_id`, again.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Identity,
    LargeBinary,
    MetaData,
    Table,
    Text,
    func,
    insert,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from schemas.envelope import Headers
from schemas.message import Message


@dataclass(frozen=True)
class OutboxMessage:
    """A message to be sent."""

    topic: str
    key: str
    headers: Headers
    body: Message


def outbox_table(metadata: MetaData) -> Table:
    """Add the outbox table to a service's metadata."""
    return Table(
        "outbox",
        metadata,
        Column("id", BigInteger, Identity(always=True), primary_key=True),
        Column("topic", Text, nullable=False),
        Column("key", Text, nullable=False),
        Column("headers", JSONB, nullable=False),
        Column("value", LargeBinary, nullable=False),
        Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
        Column("refused_at", DateTime(timezone=True)),
        Column("refusal", Text),
    )


def channel(table: Table) -> str:
    """Return the name of the PostgreSQL notification channel that announces new rows."""
    return f"{table.schema}_outbox"


async def enqueue(
    connection: AsyncConnection, table: Table, messages: Sequence[OutboxMessage]
) -> None:
    """Store messages for sending, in the caller's transaction, in order."""
    if not messages:
        return
    rows = [
        {
            "topic": message.topic,
            "key": message.key,
            "headers": [[name, value.decode()] for name, value in message.headers.encode()],
            "value": message.body.model_dump_json().encode(),
        }
        for message in messages
    ]
    await connection.execute(insert(table), rows)
    await connection.execute(text("SELECT pg_notify(:channel, '')"), {"channel": channel(table)})
