"""The migrations of every service that has a database schema."""

from services.alerting.adapters.tables import MIGRATIONS as ALERTING
from services.poller.adapters.tables import MIGRATIONS as POLLER
from services.replay.adapters.tables import MIGRATIONS as REPLAY

MIGRATIONS = (POLLER, ALERTING, REPLAY)
"""Independent of each other: each service owns its schema."""
