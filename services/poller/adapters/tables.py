"""The poller's tables.

No history of polls is kept: a feed's row has the outcome of the last one, the log every one, and
metrics their sums.
"""

from pathlib import Path

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Double,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY

from services.runtime.migrations import Migrations
from services.runtime.outbox import outbox_table

SCHEMA = "poller"

metadata = MetaData(schema=SCHEMA)

feeds = Table(
    "feeds",
    metadata,
    Column("id", Text, primary_key=True),
    Column("url", Text, nullable=False, unique=True),
    Column("title", Text),
    Column("language", Text),
    Column("interval_seconds", Double),
    Column("tags", ARRAY(Text), nullable=False),
    Column("added_at", DateTime(timezone=True), nullable=False),
    Column("next_poll_at", DateTime(timezone=True), nullable=False),
    Column("last_polled_at", DateTime(timezone=True)),
    Column("last_success_at", DateTime(timezone=True)),
    Column("last_new_at", DateTime(timezone=True)),
    Column("last_status", Integer),
    Column("failure_reason", Text),
    Column("failure_message", Text),
    Column("consecutive_failures", Integer, nullable=False, server_default=text("0")),
    Column("articles", BigInteger, nullable=False, server_default=text("0")),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("moved_to", Text),
    Column("stated_title", Text),
    Column("stated_interval", Double),
    Column("lease_owner", Text),
    Column("lease_until", DateTime(timezone=True)),
    Index("feeds_next_poll_at", "next_poll_at"),
)
"""One row for each feed. `lease_owner` polls it until `lease_until`; others leave it alone."""

articles = Table(
    "articles",
    metadata,
    Column("article_id", Text, primary_key=True),
    Column("revision", Text, primary_key=True),
    Column("revision_number", Integer, nullable=False),
    Column("feed_id", Text, nullable=False),
    Column("outlet", Text, nullable=False),
    Column("url", Text),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("language", Text),
    Column("authors", ARRAY(Text), nullable=False),
    Column("published_at", DateTime(timezone=True)),
    Column("fetched_at", DateTime(timezone=True), nullable=False),
    Column("last_seen_at", DateTime(timezone=True), nullable=False),
    Column("truncated", Boolean, nullable=False),
    UniqueConstraint("article_id", "revision_number", name="articles_revision_number"),
    Index("articles_fetched_at", "fetched_at", "article_id", "revision"),
    Index("articles_feed_id_fetched_at", "feed_id", "fetched_at"),
)
"""The archive: one row for each revision of an article, as published. `fetched_at` is when the
revision was first seen, `last_seen_at` (to the hour) when the feed last carried it. `feed_id`
refers to no row on purpose: articles outlive the removal of their feed."""

outbox = outbox_table(metadata)

MIGRATIONS = Migrations(SCHEMA, Path(__file__).parents[1] / "migrations", metadata)
"""How the schema came to be."""
