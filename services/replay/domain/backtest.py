"""What a subscription would have sent, by day, outlet, route, actor, stance and topic."""

from collections import Counter, deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from schemas import ArticleReference, Statement
from services.replay.domain.comparison import route_labels
from services.replay.domain.tally import MOST_LABELS, OTHERS, most_first
from services.replay.domain.would_alert import WouldAlert

NEWEST = 5
"""Sentences that are shown."""


@dataclass(frozen=True, slots=True)
class ArticleStatements:
    """An article and its current statements, in order."""

    article: ArticleReference
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """Some of the articles of a range, with what of them may be an alert."""

    articles: int
    statements: int
    """Current ones, of those articles."""
    last: datetime
    """When the last of them was fetched."""
    found: Sequence[ArticleStatements]
    """Those with statements that may be met; what certainly is not may be missing."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence that would have been sent."""

    id: str
    """Of the alert."""
    reasons: tuple[str, ...]
    article: ArticleReference
    statement: Statement


@dataclass(frozen=True, slots=True)
class Backtest:
    """What would have been sent for the articles fetched in a range."""

    since: datetime
    until: datetime
    """Articles fetched before."""
    articles: int
    statements: int
    """Current ones, of those articles."""
    alerts: int
    """One for each sentence of an article, however often the article was edited."""
    alerted: int | None
    """How many of them there are; None where nobody is subscribed."""
    sent: int | None
    """How many of them have reached a channel at least."""
    days: Mapping[date, int]
    """Alerts by the day, in UTC, on which the article was fetched; days without any are there."""
    outlets: Mapping[str, int]
    stances: Mapping[str, int]
    topics: Mapping[str, int]
    routes: Mapping[str, int]
    """By gazetteer id, or name where there is none."""
    actors: Mapping[str, int]
    """Likewise; whoever speaks is counted too."""
    newest: tuple[Sentence, ...]
    """The last ones, the newest first."""


@dataclass(slots=True)
class Counting:
    """Adds up what pages of articles bring."""

    articles: int = 0
    statements: int = 0
    alerts: int = 0
    alerted: int = 0
    sent: int = 0
    _days: Counter[date] = field(default_factory=Counter)
    _outlets: Counter[str] = field(default_factory=Counter)
    _stances: Counter[str] = field(default_factory=Counter)
    _topics: Counter[str] = field(default_factory=Counter)
    _routes: Counter[str] = field(default_factory=Counter)
    _actors: Counter[str] = field(default_factory=Counter)
    _newest: deque[Sentence] = field(default_factory=lambda: deque(maxlen=NEWEST))

    def count(self, page: Page, alerts: Collection[WouldAlert]) -> None:
        """Count articles and the alerts that they would give; pages come in order of time."""
        self.articles += page.articles
        self.statements += page.statements
        for alert in alerts:
            self._count(alert)

    def count_stored(self, sent: Mapping[str, bool]) -> None:
        """Count those of the alerts that there are, each with whether it was sent."""
        self.alerted += len(sent)
        self.sent += sum(sent.values())

    def _count(self, alert: WouldAlert) -> None:
        article, statement = alert.article, alert.statement
        self.alerts += 1
        self._days[article.fetched_at.astimezone(UTC).date()] += 1
        self._stances[statement.stance.value] += 1
        _add(self._outlets, [article.outlet])
        _add(self._topics, [topic.value for topic in statement.topics])
        _add(self._routes, route_labels(statement.routes))
        _add(self._actors, actor_labels(statement))
        self._newest.append(Sentence(alert.id, alert.reasons, article, statement))

    def backtest(self, since: datetime, until: datetime, *, is_subscribed: bool) -> Backtest:
        """Return what was added up."""
        return Backtest(
            since=since,
            until=until,
            articles=self.articles,
            statements=self.statements,
            alerts=self.alerts,
            alerted=self.alerted if is_subscribed else None,
            sent=self.sent if is_subscribed else None,
            days={day: self._days[day] for day in days_between(since, until)},
            outlets=most_first(self._outlets),
            stances=most_first(self._stances),
            topics=most_first(self._topics),
            routes=most_first(self._routes),
            actors=most_first(self._actors),
            newest=tuple(reversed(self._newest)),
        )


def _add(counts: Counter[str], labels: Iterable[str]) -> None:
    """Count labels, each once; where there are too many to tell apart, as others."""
    for label in set(labels):
        counts[label if label in counts or len(counts) < MOST_LABELS else OTHERS] += 1


def actor_labels(statement: Statement) -> set[str]:
    """Return what a statement's actors are counted under: gazetteer ids, or names."""
    labels = {actor.id or actor.name for actor in statement.actors}
    if statement.speaker and statement.speaker.actor_id:
        labels.add(statement.speaker.actor_id)
    return labels


def days_between(since: datetime, until: datetime) -> list[date]:
    """Return the days, in UTC, that a range touches; `until` is not part of it."""
    first = since.astimezone(UTC).date()
    last = (until - timedelta(microseconds=1)).astimezone(UTC).date()
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def spans(days: Mapping[date, int], most: int) -> list[tuple[date, int]]:
    """Return counts by spans of as many days as it takes for at most `most` of them.

    Args:
        days: counts by day, in order.
        most: spans at the most.

    Returns:
        The first day of each span with its count.
    """
    size = -(-len(days) // most) if days else 1
    # Weeks and months are what people think in.
    size = next((whole for whole in (1, 7, 28) if whole >= size), size)
    pairs = list(days.items())
    starts = range(0, len(pairs), size)
    return [(pairs[at][0], sum(n for _, n in pairs[at : at + size])) for at in starts]
