"""The state of a run, as told by events: what the terminal view draws. Pure."""

from collections import deque
from dataclasses import dataclass, field

from services.cli.run.events import Event

KEPT = 50
"""Articles, alerts and troubles that are remembered."""

COUNTERS = {
    "article.archived": "articles",
    "statement.stored": "statements",
    "alert.created": "alerts",
    "delivery.sent": "delivered",
}
"""Event → what it adds one to."""


@dataclass
class Picture:
    """What has happened since the start."""

    services: dict[str, str] = field(default_factory=dict)
    """Name → state: starting, running, restarting, stopped."""
    feeds_reached: set[str] = field(default_factory=set)
    feeds_failing: dict[str, str] = field(default_factory=dict)
    """Outlet → reason, for feeds whose last poll failed."""
    articles: int = 0
    statements: int = 0
    alerts: int = 0
    delivered: int = 0
    recent_articles: deque[Event] = field(default_factory=lambda: deque(maxlen=KEPT))
    recent_alerts: deque[Event] = field(default_factory=lambda: deque(maxlen=KEPT))
    troubles: deque[Event] = field(default_factory=lambda: deque(maxlen=KEPT))

    def tell(self, event: Event) -> None:
        """Take one event into the picture."""
        counter = COUNTERS.get(event.name)
        if counter:
            setattr(self, counter, getattr(self, counter) + 1)
        match event.name:
            case "feed.polled":
                self.feeds_reached.add(event.text("outlet"))
                self.feeds_failing.pop(event.text("outlet"), None)
            case "feed.failed":
                self.feeds_failing[event.text("outlet")] = event.text("reason")
            case "article.archived":
                self.recent_articles.appendleft(event)
            case "alert.created":
                self.recent_alerts.appendleft(event)
            case "service.started":
                self.services[event.service] = "running"
            case "service.restarting" | "service.stopping":
                self.services[event.service] = event.name.partition(".")[2]
        if event.is_trouble and event.name != "feed.failed":
            self.troubles.appendleft(event)
