"""What has to be in the database before services run: schemas, feeds, sample subscriptions."""

from pathlib import Path

from services import alerting, poller
from services.alerting.adapters import tables as alerting_tables
from services.poller.adapters import tables as poller_tables
from services.runtime.migrations import Migrations

MIGRATIONS = (
    Migrations("poller", Path(poller.__file__).parent / "migrations", poller_tables.metadata),
    Migrations("alerting", Path(alerting.__file__).parent / "migrations", alerting_tables.metadata),
)
"""The migrations of every service that has a database schema."""
