"""Topic names, keys, owners, sizes and retention."""

from typing import NamedTuple

MIB = 1024 * 1024
DAY_MS = 24 * 60 * 60 * 1000


class TopicSpec(NamedTuple):
    """One topic as it is to be created."""

    name: str
    key: str
    """What the record key is."""
    owner: str
    """The service that writes to it."""
    retention_ms: int
    max_message_bytes: int
    cleanup_policy: str = "delete"


class Topics:
    """The topics under one namespace (default `accesswatch`)."""

    def __init__(self, namespace: str = "accesswatch") -> None:
        self.articles = f"{namespace}.articles.v1"
        self.statements = f"{namespace}.statements.v1"
        self.alerts = f"{namespace}.alerts.v1"
        self.articles_dead = f"{self.articles}.dlq"
        self.statements_dead = f"{self.statements}.dlq"

    @property
    def dead(self) -> tuple[str, ...]:
        """The dead-letter topics."""
        return (self.articles_dead, self.statements_dead)

    def specs(self) -> tuple[TopicSpec, ...]:
        """Every topic that accesswatch needs.

        Sizes follow from the poller's limit on an article's text (256,000 characters, up to 1 MB
        encoded) and from what statements add to each sentence; a dead letter carries the original
        record and its provenance. Dead letters are kept for 90 days and compacted, so that the
        tombstone that a retry leaves removes what it retried.
        """
        month, quarter = 30 * DAY_MS, 90 * DAY_MS
        return (
            TopicSpec(self.articles, "article id", "poller", month, 2 * MIB),
            TopicSpec(self.statements, "article id", "extractor", month, 4 * MIB),
            TopicSpec(self.alerts, "alert id", "alerting", month, MIB),
            TopicSpec(
                self.articles_dead,
                "dead-letter id",
                "extractor",
                quarter,
                5 * MIB,
                "compact,delete",
            ),
            TopicSpec(
                self.statements_dead,
                "dead-letter id",
                "alerting",
                quarter,
                5 * MIB,
                "compact,delete",
            ),
        )
