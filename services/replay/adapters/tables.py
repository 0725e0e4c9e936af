"""The tables of replays."""

from pathlib import Path

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from services.runtime.migrations import Migrations

SCHEMA = "replay"

metadata = MetaData(schema=SCHEMA)

jobs = Table(
    "jobs",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("request", JSONB, nullable=False),
    Column("plan", JSONB, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("state", Text, nullable=False),
    Column("note", Text),
    Column("problems", JSONB, nullable=False, server_default=text("'[]'::jsonb")),
    Column("ended_at", DateTime(timezone=True)),
    Index(
        "jobs_name_of_unfinished",
        "name",
        unique=True,
        postgresql_where=text("state IN ('running', 'paused')"),
    ),
    Index("jobs_created_at", "created_at"),
)
"""One row for each replay. `request` is what was asked for, `plan` what that came to (sentences
for people), `note` why a replay failed, `problems` the first articles that could not be read."""

parts = Table(
    "parts",
    metadata,
    Column("job_id", Text, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("source", Text, nullable=False),
    Column("topic", Text),
    Column("partition", Integer),
    Column("first", BigInteger),
    Column("last", BigInteger),
    Column("next", BigInteger),
    Column("since", DateTime(timezone=True)),
    Column("until", DateTime(timezone=True)),
    Column("after", JSONB),
    Column("expected", BigInteger, nullable=False),
    Column("read", BigInteger, nullable=False, server_default=text("0")),
    Column("left_out", BigInteger, nullable=False, server_default=text("0")),
    Column("failed", BigInteger, nullable=False, server_default=text("0")),
    Column("statements", BigInteger, nullable=False, server_default=text("0")),
    Column("alerts", BigInteger, nullable=False, server_default=text("0")),
    Column("lease_owner", Text),
    Column("lease_until", DateTime(timezone=True)),
    Column("finished_at", DateTime(timezone=True)),
)
"""What one worker reads at a time. Of a topic: a partition from offset `first` up to but not
including `last`, both frozen when the replay was made, with `next` to be read. Of the archive:
what was fetched from `since` until before `until`, with `after` the key of the last row read.
Counters are written together with the checkpoint."""

imports = Table(
    "imports",
    metadata,
    Column("feed_id", Text, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("outlet", Text, nullable=False),
    Column("language", Text),
    Column("file", Text, nullable=False),
    Column("fingerprint", Text),
    Column("position", BigInteger, nullable=False, server_default=text("0")),
    Column("read", BigInteger, nullable=False, server_default=text("0")),
    Column("archived", BigInteger, nullable=False, server_default=text("0")),
    Column("known", BigInteger, nullable=False, server_default=text("0")),
    Column("refused", BigInteger, nullable=False, server_default=text("0")),
    Column("left_out", BigInteger, nullable=False, server_default=text("0")),
    Column("undated", BigInteger, nullable=False, server_default=text("0")),
    Column("created_by", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("finished_at", DateTime(timezone=True)),
)
"""One row for each imported file: a feed that nobody polls. `position` is how many records of the
file are dealt with; `fingerprint` tells whether the file is still the same and read the same way
(none for standard input). `read` is the sum of archived, known, refused and left out."""

MIGRATIONS = Migrations(SCHEMA, Path(__file__).parents[1] / "migrations", metadata)
"""How the schema came to be."""
