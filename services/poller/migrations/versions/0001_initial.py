"""Feeds, the archive of articles and the outbox."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

SCHEMA = "poller"


def _time(name: str, *, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    _create_feeds()
    _create_articles()
    _create_outbox()


def _create_feeds() -> None:
    op.create_table(
        "feeds",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("url", sa.Text(), nullable=False, unique=True),
        sa.Column("title", sa.Text()),
        sa.Column("language", sa.Text()),
        sa.Column("interval_seconds", sa.Double()),
        sa.Column("tags", postgresql.ARRAY(sa.Text()), nullable=False),
        _time("added_at", nullable=False),
        _time("next_poll_at", nullable=False),
        _time("last_polled_at"),
        _time("last_success_at"),
        _time("last_new_at"),
        sa.Column("last_status", sa.Integer()),
        sa.Column("failure_reason", sa.Text()),
        sa.Column("failure_message", sa.Text()),
        sa.Column(
            "consecutive_failures", sa.Integer(), nullable=False, server_default=sa.text("0")
        ),
        sa.Column("articles", sa.BigInteger(), nullable=False, server_default=sa.text("0")),
        sa.Column("etag", sa.Text()),
        sa.Column("last_modified", sa.Text()),
        sa.Column("moved_to", sa.Text()),
        sa.Column("stated_title", sa.Text()),
        sa.Column("stated_interval", sa.Double()),
        sa.Column("lease_owner", sa.Text()),
        _time("lease_until"),
        schema=SCHEMA,
    )
    op.create_index("feeds_next_poll_at", "feeds", ["next_poll_at"], schema=SCHEMA)


def _create_articles() -> None:
    op.create_table(
        "articles",
        sa.Column("article_id", sa.Text(), primary_key=True),
        sa.Column("revision", sa.Text(), primary_key=True),
        sa.Column("revision_number", sa.Integer(), nullable=False),
        sa.Column("feed_id", sa.Text(), nullable=False),
        sa.Column("outlet", sa.Text(), nullable=False),
        sa.Column("url", sa.Text()),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.Text()),
        sa.Column("authors", postgresql.ARRAY(sa.Text()), nullable=False),
        _time("published_at"),
        _time("fetched_at", nullable=False),
        _time("last_seen_at", nullable=False),
        sa.Column("truncated", sa.Boolean(), nullable=False),
        sa.UniqueConstraint("article_id", "revision_number", name="articles_revision_number"),
        schema=SCHEMA,
    )
    op.create_index("articles_fetched_at", "articles", ["fetched_at"], schema=SCHEMA)
    op.create_index(
        "articles_feed_id_fetched_at", "articles", ["feed_id", "fetched_at"], schema=SCHEMA
    )


def _create_outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), primary_key=True),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("headers", postgresql.JSONB(), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            nullable=False,
            server_default=sa.func.now(),
        ),
        _time("refused_at"),
        sa.Column("refusal", sa.Text()),
        schema=SCHEMA,
    )
