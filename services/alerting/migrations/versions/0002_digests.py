"""What replays stored, and the digests that tell of it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # With the id behind it, a page of a replay or a backtest begins where the last one ended.
    op.drop_index("articles_fetched_at", table_name="articles", schema="alerting")
    op.create_index(
        "articles_fetched_at", "articles", ["fetched_at", "id"], unique=False, schema="alerting"
    )
    op.add_column("statements", sa.Column("replay_id", sa.Text(), nullable=True), schema="alerting")
    op.add_column("alerts", sa.Column("replay_id", sa.Text(), nullable=True), schema="alerting")
    op.create_index(
        "alerts_replay_id",
        "alerts",
        ["replay_id", "subscription_id"],
        unique=False,
        schema="alerting",
        postgresql_where=sa.text("replay_id IS NOT NULL"),
    )
    op.create_table(
        "digests",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("subscription_id", sa.Text(), nullable=False),
        sa.Column("replay_id", sa.Text(), nullable=False),
        sa.Column("body", postgresql.JSONB(), nullable=False),
        sa.Column("alerts", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        schema="alerting",
    )
    op.create_index(
        "digests_created_at", "digests", ["created_at", "id"], unique=False, schema="alerting"
    )
    op.alter_column("deliveries", "alert_id", nullable=True, schema="alerting")
    op.add_column("deliveries", sa.Column("digest_id", sa.Text(), nullable=True), schema="alerting")
    op.create_index(
        "deliveries_digest_id",
        "deliveries",
        ["digest_id"],
        unique=False,
        schema="alerting",
        postgresql_where=sa.text("digest_id IS NOT NULL"),
    )
    op.create_check_constraint(
        "deliveries_one_thing",
        "deliveries",
        "num_nonnulls(alert_id, digest_id) = 1",
        schema="alerting",
    )
