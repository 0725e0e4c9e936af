"""Which subscriptions a statement meets, at a cost that grows with hits, not subscriptions."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from schemas import ActorMention, RouteMention, Statement
from services.alerting.domain.folding import fold, words
from services.alerting.domain.subscription import Subscription


@dataclass(frozen=True)
class Match:
    """A statement met a subscription."""

    subscription: Subscription
    reasons: tuple[str, ...]
    """What it asked for and the statement has, such as `route:lachin-road` or `stance:denial`."""


class SubscriptionIndex:
    """Active subscriptions, by what they watch."""

    def __init__(self, subscriptions: Iterable[Subscription]) -> None:
        self._names: dict[tuple[str, str], list[tuple[Subscription, str]]] = defaultdict(list)
        self._texts: dict[str, list[tuple[tuple[str, ...], Subscription, str]]] = defaultdict(list)
        self._everything: list[Subscription] = []
        for subscription in subscriptions:
            if subscription.active:
                self._add(subscription)

    def _add(self, subscription: Subscription) -> None:
        watch = subscription.watch
        if not (watch.actors or watch.routes or watch.texts):
            self._everything.append(subscription)
        for kind, names in (("actor", watch.actors), ("route", watch.routes)):
            for name in names:
                self._names[kind, fold(name)].append((subscription, name))
        for phrase in watch.texts:
            terms = words(phrase)
            if terms:
                self._texts[terms[0]].append((terms, subscription, phrase))

    def match(self, statement: Statement, language: str | None) -> list[Match]:
        """Return the subscriptions that a statement meets, ordered by their ids."""
        reasons: dict[str, list[str]] = {}
        found: dict[str, Subscription] = {}

        def hit(subscription: Subscription, reason: str | None) -> None:
            found[subscription.id] = subscription
            told = reasons.setdefault(subscription.id, [])
            if reason and reason not in told:
                told.append(reason)

        for subscription in self._everything:
            hit(subscription, None)
        for kind, keys in (("actor", _actor_keys(statement)), ("route", _keys(statement.routes))):
            for key in keys:
                for subscription, name in self._names.get((kind, key), ()):
                    hit(subscription, f"{kind}:{name}")
        for phrase, subscription in self._phrases(statement.text):
            hit(subscription, f"text:{phrase}")
        matches = []
        for identifier in sorted(found):
            filters = _filters(found[identifier], statement, language)
            if filters is not None:
                told = tuple(reasons[identifier] + filters)
                matches.append(Match(found[identifier], told or ("everything",)))
        return matches

    def _phrases(self, text: str) -> Iterable[tuple[str, Subscription]]:
        if not self._texts:
            return
        terms = words(text)
        for at, term in enumerate(terms):
            for phrase, subscription, written in self._texts.get(term, ()):
                if terms[at : at + len(phrase)] == phrase:
                    yield written, subscription


def _keys(mentions: Sequence[ActorMention | RouteMention]) -> list[str]:
    """Return the folded ids and names of mentions, each once, in order."""
    keys = (fold(name) for mention in mentions for name in (mention.id, mention.name) if name)
    return list(dict.fromkeys(keys))


def _actor_keys(statement: Statement) -> list[str]:
    """Return the keys of the actors that are mentioned, and of the one that speaks."""
    speaker = statement.speaker
    keys = _keys(statement.actors)
    if speaker:
        keys += [fold(name) for name in (speaker.actor_id, speaker.name) if name]
    return list(dict.fromkeys(keys))


def _filters(
    subscription: Subscription, statement: Statement, language: str | None
) -> list[str] | None:
    """Return how the statement meets the filters, or None where it does not."""
    watch = subscription.watch
    reasons: list[str] = []
    if watch.topics:
        topics = [topic for topic in statement.topics if topic in watch.topics]
        if not topics:
            return None
        reasons += [f"topic:{topic}" for topic in topics]
    if watch.stances:
        if statement.stance not in watch.stances:
            return None
        reasons.append(f"stance:{statement.stance}")
    if watch.languages:
        if language not in watch.languages:
            return None
        reasons.append(f"language:{language}")
    return reasons
