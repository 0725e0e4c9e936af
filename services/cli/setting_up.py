"""What has to be in the database before services run: schemas, feeds, sample subscriptions."""

from services.alerting.app import MIGRATIONS as ALERTING
from services.poller.app import MIGRATIONS as POLLER

MIGRATIONS = (POLLER, ALERTING)
"""The migrations of every service that has a database schema."""
