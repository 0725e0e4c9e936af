"""The poller's metrics, by name."""

from prometheus_client import Counter, Gauge, Histogram

POLLS = Counter(
    # Polls that ended; reason is empty unless outcome is failed (see domain/failure.py).
    "accesswatch_poller_polls_total",
    "Polls of feeds",
    ["outcome", "reason"],
)
POLL_SECONDS = Histogram(
    # From a feed's turn to its result being stored, waiting for its host included.
    "accesswatch_poller_poll_seconds",
    "Seconds that one poll took",
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120),
)
ARTICLES = Counter(
    # Revisions stored and put into the outbox; kind is new or revised.
    "accesswatch_poller_articles_total",
    "Article revisions published",
    ["kind"],
)
IN_FLIGHT = Gauge(
    # Feeds that this process polls at the moment.
    "accesswatch_poller_polls_in_flight",
    "Polls going on",
)
LATE_SECONDS = Histogram(
    # From the moment when a feed was due to its turn: high where concurrency is too low.
    "accesswatch_poller_late_seconds",
    "Seconds that a feed waited for its turn",
    buckets=(0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800, 7200),
)
LOST_LEASES = Counter(
    # Results thrown away because the lease had run out and another process took the feed.
    "accesswatch_poller_lost_leases_total",
    "Poll results that came too late",
)
STORE_ERRORS = Counter(
    # Times the database did not take a result or tell what is due.
    "accesswatch_poller_store_errors_total",
    "Database errors of the poller",
)
