"""Metrics of alerting, by name."""

from prometheus_client import Counter, Gauge, Histogram

STATEMENTS = Counter(
    # Statements stored for the first time.
    "accesswatch_stored_statements_total",
    "Statements stored",
)
ALERTS = Counter(
    # Alerts stored for the first time.
    "accesswatch_alerts_total",
    "Alerts created",
)
ATTEMPTS = Counter(
    # Attempts to deliver, by kind of channel and outcome (sent, or a bounded reason).
    "accesswatch_delivery_attempts_total",
    "Attempts to deliver alerts",
    ["channel", "outcome"],
)
SEND_SECONDS = Histogram(
    # From the first byte of an attempt until its outcome.
    "accesswatch_delivery_seconds",
    "Seconds that one attempt takes",
    ["channel"],
)
ALERT_TO_SENT_SECONDS = Histogram(
    # From an alert's creation until a receiver had it, retries included.
    "accesswatch_alert_to_sent_seconds",
    "Seconds from alert to successful delivery",
    ["channel"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60, 600, 3600),
)
IN_FLIGHT = Gauge(
    # Attempts under way in this process.
    "accesswatch_deliveries_in_flight",
    "Attempts under way",
)
