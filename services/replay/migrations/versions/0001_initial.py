"""Replays, their parts, and imports."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "jobs",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("request", postgresql.JSONB(), nullable=False),
        sa.Column("plan", postgresql.JSONB(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column(
            "problems",
            postgresql.JSONB(),
            server_default=sa.text("'[]'::jsonb"),
            nullable=False,
        ),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        schema="replay",
    )
    op.create_index(
        "jobs_name_of_unfinished",
        "jobs",
        ["name"],
        unique=True,
        schema="replay",
        postgresql_where=sa.text("state IN ('running', 'paused')"),
    )
    op.create_index("jobs_created_at", "jobs", ["created_at"], unique=False, schema="replay")
    zero = sa.text("0")
    op.create_table(
        "parts",
        sa.Column("job_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=True),
        sa.Column("partition", sa.Integer(), nullable=True),
        sa.Column("first", sa.BigInteger(), nullable=True),
        sa.Column("last", sa.BigInteger(), nullable=True),
        sa.Column("next", sa.BigInteger(), nullable=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("after", postgresql.JSONB(), nullable=True),
        sa.Column("expected", sa.BigInteger(), nullable=False),
        sa.Column("read", sa.BigInteger(), server_default=zero, nullable=False),
        sa.Column("left_out", sa.BigInteger(), server_default=zero, nullable=False),
        sa.Column("failed", sa.BigInteger(), server_default=zero, nullable=False),
        sa.Column("statements", sa.BigInteger(), server_default=zero, nullable=False),
        sa.Column("alerts", sa.BigInteger(), server_default=zero, nullable=False),
        sa.Column("lease_owner", sa.Text(), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("job_id", "number"),
        schema="replay",
    )
    op.create_table(
        "imports",
        sa.Column("feed_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("outlet", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=True),
        sa.Column("position", sa.BigInteger(), server_default=zero, nullable=False),
        sa.Column("read", sa.BigInteger(), server_default=zero, nullable=False),
        sa.Column("archived", sa.BigInteger(), server_default=zero, nullable=False),
        sa.Column("known", sa.BigInteger(), server_default=zero, nullable=False),
        sa.Column("refused", sa.BigInteger(), server_default=zero, nullable=False),
        sa.Column("left_out", sa.BigInteger(), server_default=zero, nullable=False),
        sa.Column("undated", sa.BigInteger(), server_default=zero, nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("feed_id"),
        sa.UniqueConstraint("name"),
        schema="replay",
    )
