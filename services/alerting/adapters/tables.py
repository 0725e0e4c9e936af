"""Alerting's tables."""

from pathlib import Path

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Computed,
    DateTime,
    Double,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TSVECTOR

from services.runtime.migrations import Migrations
from services.runtime.outbox import outbox_table

SCHEMA = "alerting"
DELIVERIES_CHANNEL = "alerting_deliveries"
"""PostgreSQL notification channel: new deliveries are due."""

metadata = MetaData(schema=SCHEMA)

inbox = Table(
    "inbox",
    metadata,
    Column("message_id", Text, primary_key=True),
    Column("received_at", DateTime(timezone=True), nullable=False),
    Index("inbox_received_at", "received_at"),
)
"""Messages whose effects are stored: a message that comes again has none."""

articles = Table(
    "articles",
    metadata,
    Column("id", Text, primary_key=True),
    Column("revision", Text, nullable=False),
    Column("revision_number", Integer, nullable=False),
    Column("extractor_version", Text, nullable=False),
    Column("extracted_at", DateTime(timezone=True), nullable=False),
    Column("feed_id", Text, nullable=False),
    Column("outlet", Text, nullable=False),
    Column("url", Text),
    Column("title", Text, nullable=False),
    Column("language", Text),
    Column("published_at", DateTime(timezone=True)),
    Column("fetched_at", DateTime(timezone=True), nullable=False),
    Index("articles_fetched_at", "fetched_at", "id"),
)
"""The newest revision of each article that was extracted, with or without statements."""

statements = Table(
    "statements",
    metadata,
    Column("id", Text, primary_key=True),
    Column("article_id", Text, nullable=False),
    Column("revision", Text, nullable=False),
    Column("revision_number", Integer, nullable=False),
    Column("extractor_version", Text, nullable=False),
    Column("position", Integer, nullable=False),
    Column("sentence", Text, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("topics", ARRAY(Text), nullable=False),
    Column("stance", Text, nullable=False),
    Column("commitment", Boolean, nullable=False),
    Column("confidence", Double, nullable=False),
    Column("names", ARRAY(Text), nullable=False),
    Column("body", JSONB, nullable=False),
    Column("stored_at", DateTime(timezone=True), nullable=False),
    Column("superseded_at", DateTime(timezone=True)),
    Column(
        "search",
        TSVECTOR,
        Computed("to_tsvector('simple'::regconfig, sentence)", persisted=True),
        nullable=False,
    ),
    Column("replay_id", Text),
    Index("statements_article_id", "article_id"),
    Index("statements_stored_at", "stored_at", "id"),
    Index("statements_names", "names", postgresql_using="gin"),
    Index("statements_topics", "topics", postgresql_using="gin"),
    Index("statements_search", "search", postgresql_using="gin"),
)
"""Every statement ever extracted; those of an older revision or extractor are superseded.

`names` holds `actor:…` and `route:…` with the folded ids and names of what the statement mentions;
`body` the whole statement as published; `replay_id` the replay that stored it, null on the live
path."""

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("watch", JSONB, nullable=False),
    Column("channels", JSONB, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("origin", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("watching_since", DateTime(timezone=True), nullable=False),
)
"""`channels` holds addresses and webhook secrets: never show it but masked."""

subscriptions_version = Table(
    "subscriptions_version",
    metadata,
    Column("single", Boolean, primary_key=True, server_default=text("true")),
    Column("version", BigInteger, nullable=False),
)
"""One row, counted up with every change, so that a process sees when its index is out of date."""

alerts = Table(
    "alerts",
    metadata,
    Column("id", Text, primary_key=True),
    Column("subscription_id", Text, nullable=False),
    Column("statement_id", Text, nullable=False),
    Column("article_id", Text, nullable=False),
    Column("body", JSONB, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("replay_id", Text),
    Index("alerts_created_at", "created_at", "id"),
    Index("alerts_subscription_id", "subscription_id", "created_at"),
    Index(
        "alerts_replay_id",
        "replay_id",
        "subscription_id",
        postgresql_where=text("replay_id IS NOT NULL"),
    ),
)
"""`body` is the alert as published. Alerts that came of a replay have its id; they are neither
published nor delivered one by one."""

digests = Table(
    "digests",
    metadata,
    Column("id", Text, primary_key=True),
    Column("subscription_id", Text, nullable=False),
    Column("replay_id", Text, nullable=False),
    Column("body", JSONB, nullable=False),
    Column("alerts", Integer, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Index("digests_created_at", "created_at", "id"),
)
"""What a replay found for a subscription, in one message; `body` is the digest as sent."""

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Text, primary_key=True),
    Column("alert_id", Text),
    Column("digest_id", Text),
    Column("subscription_id", Text, nullable=False),
    Column("channel_id", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("due_at", DateTime(timezone=True)),
    Column("lease_owner", Text),
    Column("lease_until", DateTime(timezone=True)),
    Column("reason", Text),
    Column("detail", Text),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("ended_at", DateTime(timezone=True)),
    Index("deliveries_alert_id", "alert_id"),
    Index("deliveries_digest_id", "digest_id", postgresql_where=text("digest_id IS NOT NULL")),
    Index("deliveries_due_at", "due_at", postgresql_where=text("state = 'pending'")),
    CheckConstraint("num_nonnulls(alert_id, digest_id) = 1", name="deliveries_one_thing"),
)
"""An alert or a digest on its way through one channel. `channel` is the kind; the address stays
with the subscription."""

outbox = outbox_table(metadata)

MIGRATIONS = Migrations(SCHEMA, Path(__file__).parents[1] / "migrations", metadata)
"""How the schema came to be."""
