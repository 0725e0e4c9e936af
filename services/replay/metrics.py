"""Metrics of replays, by name."""

from prometheus_client import Counter, Gauge

MESSAGES = Counter(
    # Messages of topic or archive that replays have dealt with.
    "accesswatch_replayed_messages_total",
    "Messages replayed",
    ["kind"],
)
PROBLEMS = Counter(
    # Messages that could not be read, or that extraction failed on.
    "accesswatch_replay_problems_total",
    "Messages that could not be replayed",
    ["kind"],
)
YIELDING = Gauge(
    # 1 while a replay waits because the live path lags.
    "accesswatch_replay_yielding",
    "Whether a replay gives way to the live path",
)
