"""The state of a run, as told by events: what the terminal view draws. Pure."""

from collections import deque
from dataclasses import dataclass, field

from services.cli.run.events import Event

KEPT = 50
"""Articles, alerts and troubles that are remembered."""


@dataclass
class Picture:
    """What has happened since the start."""

    services: dict[str, str] = field(default_factory=dict)
    """Name → state: starting, running, restarting, stopped."""
    feeds_reached: set[str] = field(default_factory=set)
    feeds_failing: dict[str, str] = field(default_factory=dict)
    """Outlet → reason, for feeds whose last poll failed."""
    polls: int = 0
    articles: int = 0
    read: int = 0
    statements: int = 0
    alerts: int = 0
    delivered: int = 0
    recent_articles: deque[Event] = field(default_factory=lambda: deque(maxlen=KEPT))
    recent_alerts: deque[Event] = field(default_factory=lambda: deque(maxlen=KEPT))
    troubles: deque[Event] = field(default_factory=lambda: deque(maxlen=KEPT))

    def tell(self, event: Event) -> None:
        """Take one event into the picture."""
        match event.name:
            case "feed.polled":
                self.polls += 1
                self.feeds_reached.add(event.text("outlet"))
                self.feeds_failing.pop(event.text("outlet"), None)
            case "feed.failed":
                self.polls += 1
                self.feeds_failing[event.text("outlet")] = event.text("reason")
            case "article.archived":
                self.articles += 1
                self.recent_articles.appendleft(event)
            case "article.extracted":
                self.read += 1
            case "statement.stored":
                self.statements += 1
            case "alert.created":
                self.alerts += 1
                self.recent_alerts.appendleft(event)
            case "delivery.sent":
                self.delivered += 1
            case "service.started":
                self.services[event.service] = "running"
            case "service.restarting" | "service.stopping":
                self.services[event.service] = event.name.partition(".")[2]
        if event.is_trouble and event.name != "feed.failed":
            self.troubles.appendleft(event)
