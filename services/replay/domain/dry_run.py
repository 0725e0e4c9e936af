"""What a dry run reports, and how it adds up: counters and a few examples, never all statements."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from schemas import ArticleReference, Statement
from services.replay.domain.comparison import Fate, Pair
from services.replay.domain.sampling import Sample
from services.replay.domain.tally import Changes, Tally, most_first
from services.replay.domain.would_alert import WouldAlert

EXAMPLES = 8
"""Examples of each kind."""


@dataclass(frozen=True, slots=True)
class Articles:
    """What became of the articles of the stretch: `read` is the sum of all others."""

    read: int
    """Articles that came, whatever became of them."""
    compared: int
    """Those whose statements were compared, or matched anew."""
    unsupported: int
    """Those of `compared` in a language that is not read: they have no statements."""
    left_out: Mapping[str, int]
    """By `reading.LeftOut`."""
    failed: Mapping[str, int]
    """By reason: `unreadable`, `timed_out`, `crashed`, `failed`. What is stored of them stays."""
    is_all: bool
    """False where the dry run ended at its limit."""


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence with its article."""

    article: ArticleReference
    fields: tuple[str, ...]
    """In what it changes."""
    old: Statement | None
    new: Statement | None


@dataclass(frozen=True, slots=True)
class SubscriptionAlerts:
    """What a subscription would get."""

    id: str
    name: str
    new: int
    """Alerts that it has not had."""
    had: int
    """Alerts that it would get but has had: nobody gets one twice."""


@dataclass(frozen=True, slots=True)
class AlertExample:
    """An alert that somebody has not had."""

    subscription: str
    """Its name."""
    reasons: tuple[str, ...]
    article: ArticleReference
    statement: Statement


@dataclass(frozen=True, slots=True)
class Report:
    """What a replay would change. Nothing of it is written."""

    extracts: bool
    """Whether articles were read anew; else statements were matched anew, as they are."""
    articles: Articles
    old_versions: Mapping[str, int]
    """Articles by the extractor version whose statements are stored."""
    new_versions: Mapping[str, int]
    """Articles by the extractor version that read them anew; empty where none did."""
    total: Tally
    fields: Mapping[str, int]
    """Changed statements by the field that differs; one may differ in several."""
    topics: Mapping[str, Tally]
    stances: Mapping[str, Tally]
    routes: Mapping[str, Tally]
    """By gazetteer id, or name where there is none."""
    examples: Mapping[str, tuple[Example, ...]]
    """By `Fate`; of what is unchanged there are none."""
    alerts: tuple[SubscriptionAlerts, ...]
    """Of the active subscriptions that would get or have had any, most new ones first."""
    alert_examples: tuple[AlertExample, ...]

    @property
    def new_alerts(self) -> int:
        """Alerts that nobody has had."""
        return sum(each.new for each in self.alerts)


@dataclass(slots=True)
class DryRun:
    """Adds up what batches of articles bring."""

    extracts: bool
    seed: int = 0
    read: int = 0
    compared: int = 0
    unsupported: int = 0
    is_all: bool = True
    left_out: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    old_versions: Counter[str] = field(default_factory=Counter)
    new_versions: Counter[str] = field(default_factory=Counter)
    _changes: Changes = field(default_factory=Changes)
    _names: dict[str, str] = field(default_factory=dict)
    _new: Counter[str] = field(default_factory=Counter)
    _had: Counter[str] = field(default_factory=Counter)
    _examples: dict[str, Sample[Example]] = field(default_factory=dict)
    _alert_examples: Sample[AlertExample] | None = None

    def count_pairs(self, article: ArticleReference, pairs: Iterable[Pair]) -> None:
        """Count what becomes of an article's statements."""
        for pair in pairs:
            self._changes.count(pair)
            if pair.fate is not Fate.UNCHANGED:
                sample = self._examples.setdefault(pair.fate, Sample(EXAMPLES, self.seed))
                example = Example(article, pair.fields, pair.old, pair.new)
                sample.offer(article.outlet, pair.statement.id, example)

    def count_alerts(self, alerts: Sequence[WouldAlert], had: Collection[str]) -> None:
        """Count alerts, each once.

        Args:
            alerts: that there would be.
            had: ids of those that there are already.
        """
        if self._alert_examples is None:
            self._alert_examples = Sample(EXAMPLES, self.seed)
        for each in alerts:
            self._names[each.subscription.id] = each.subscription.name
            if each.id in had:
                self._had[each.subscription.id] += 1
                continue
            self._new[each.subscription.id] += 1
            example = AlertExample(
                each.subscription.name, each.reasons, each.article, each.statement
            )
            self._alert_examples.offer(each.article.outlet, each.id, example)

    def report(self) -> Report:
        """Return what was added up."""
        changes = self._changes
        return Report(
            extracts=self.extracts,
            articles=Articles(
                read=self.read,
                compared=self.compared,
                unsupported=self.unsupported,
                left_out=most_first(self.left_out),
                failed=most_first(self.failed),
                is_all=self.is_all,
            ),
            old_versions=most_first(self.old_versions),
            new_versions=most_first(self.new_versions),
            total=changes.total,
            fields=most_first(changes.fields),
            topics=changes.topics.sorted(),
            stances=changes.stances.sorted(),
            routes=changes.routes.sorted(),
            examples={fate: sample.chosen() for fate, sample in sorted(self._examples.items())},
            alerts=self._alerts(),
            alert_examples=self._alert_examples.chosen() if self._alert_examples else (),
        )

    def _alerts(self) -> tuple[SubscriptionAlerts, ...]:
        found = [
            SubscriptionAlerts(identifier, name, self._new[identifier], self._had[identifier])
            for identifier, name in self._names.items()
        ]
        return tuple(sorted(found, key=lambda each: (-each.new, -each.had, each.name)))
