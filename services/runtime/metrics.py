"""Metrics of the plumbing, by name."""

from prometheus_client import Counter, Gauge, Histogram

CONSUMED = Counter(
    # Records taken from a topic and worked on, dead letters included.
    "accesswatch_consumed_records_total",
    "Records worked on",
    ["topic"],
)
DEAD_LETTERS = Counter(
    # Records that became dead letters, by the bounded reasons of kafka/decode.py.
    "accesswatch_dead_letters_total",
    "Records that became dead letters",
    ["topic", "reason"],
)
BATCH_SECONDS = Histogram(
    # From the first look at a batch of records until their offsets may be committed.
    "accesswatch_batch_seconds",
    "Seconds spent on one batch of records",
    ["topic"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120),
)
BATCH_RETRIES = Counter(
    # Batches that were tried again because a server did not answer.
    "accesswatch_batch_retries_total",
    "Batches tried again",
    ["topic"],
)
CONSUMER_LAG = Gauge(
    # Records that are in the topic and not yet taken, over the partitions of this process.
    "accesswatch_consumer_lag_records",
    "Records waiting in the partitions of this process",
    ["topic"],
)
OUTBOX_SENT = Counter(
    # Outbox rows that Kafka acknowledged.
    "accesswatch_outbox_sent_total",
    "Outbox messages sent",
    ["outbox"],
)
OUTBOX_REFUSED = Counter(
    # Outbox rows that can never be sent (too large); they stay in the table with the reason.
    "accesswatch_outbox_refused_total",
    "Outbox messages that cannot be sent",
    ["outbox"],
)
END_TO_END_SECONDS = Histogram(
    # From a message's ce_time at the poller to the moment a service has finished with it.
    "accesswatch_end_to_end_seconds",
    "Seconds from an article's publication on Kafka to this service having finished with it",
    ["service"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 3600),
)
