"""Message headers: CloudEvents 1.0 in Kafka's binary content mode, plus our own.

Binary mode puts each CloudEvents attribute into a header named `ce_…` and leaves the record's
value to the event's data (CloudEvents Kafka Protocol Binding 1.0, section 3.2).
"""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from schemas.alert import Alert
from schemas.article import Article
from schemas.message import Message
from schemas.statement import StatementMessage

SPEC_VERSION = "1.0"
CONTENT_TYPE = "application/json"


class EventType(StrEnum):
    """`ce_type`: what a message is, and in which version."""

    ARTICLE = "accesswatch.article.v1"
    STATEMENTS = "accesswatch.statements.v1"
    ALERT = "accesswatch.alert.v1"


BODIES: dict[EventType, type[Message]] = {
    EventType.ARTICLE: Article,
    EventType.STATEMENTS: StatementMessage,
    EventType.ALERT: Alert,
}
"""The body that each event type carries."""


def article_message_id(identifier: str) -> str:
    """Return the id of an article's message for it or for the statements that answer it.

    An article's message is named `article id.revision`, one of statements
    `article id.revision.extractor version`.
    """
    return ".".join(identifier.split(".")[:2])


class Headers(NamedTuple):
    """The headers of one message."""

    id: str
    """`ce_id`: the same whenever the same message is sent again."""
    type: EventType
    source: str
    """`ce_source`: the service that made the message, for example `accesswatch/poller`."""
    time: datetime
    """`ce_time`: when it was made."""
    correlation_id: str
    """The article's id: the same on everything that follows from one article."""
    replay_id: str | None = None
    """The replay that sent the message, or None on the live path."""

    def encode(self) -> list[tuple[str, bytes]]:
        """Return the headers as Kafka carries them."""
        pairs = {
            "ce_specversion": SPEC_VERSION,
            "ce_id": self.id,
            "ce_type": self.type.value,
            "ce_source": self.source,
            "ce_time": self.time.isoformat(),
            "content-type": CONTENT_TYPE,
            "correlation_id": self.correlation_id,
        }
        if self.replay_id is not None:
            pairs["replay_id"] = self.replay_id
        return [(name, value.encode()) for name, value in pairs.items()]
