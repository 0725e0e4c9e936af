"""The archive's order as an index, for whoever reads it page by page."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("articles_fetched_at", table_name="articles", schema="poller")
    op.create_index(
        "articles_fetched_at",
        "articles",
        ["fetched_at", "article_id", "revision"],
        unique=False,
        schema="poller",
    )
