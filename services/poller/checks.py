"""Tries a feed without storing anything, for a person who wants to know whether it works."""

from dataclasses import dataclass
from datetime import datetime

from services.poller.domain.entry import Document
from services.poller.domain.failure import PollError
from services.poller.domain.feed import Feed, FeedState, feed_spec
from services.poller.domain.schedule import Limits, after_success
from services.poller.domain.urls import masked
from services.poller.ports import FeedParser, Fetcher
from services.runtime.clock import Clock
from services.runtime.errors import GapsError
from services.runtime.settings import PollerSettings


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What a feed turned out to be."""

    url: str
    """Canonical address, without user, password and query."""
    format: str
    title: str
    entries: int
    languages: tuple[str, ...]
    """ISO 639 codes of the entries, most frequent first."""
    newest: datetime | None
    """Date of the newest entry."""
    next_poll: datetime
    """When the poller would ask again."""
    moved_to: str | None
    """Where permanent redirects led."""
    problems: tuple[str, ...]
    """What is wrong with the feed, though it can be read."""


class FeedCheck:
    """Fetches and parses a feed, and says what came of it."""

    def __init__(
        self, fetcher: Fetcher, parser: FeedParser, clock: Clock, settings: PollerSettings
    ) -> None:
        self._fetcher = fetcher
        self._parser = parser
        self._clock = clock
        self._limits = Limits(settings.interval, settings.min_interval)

    async def check(self, url: str) -> CheckReport:
        """Try a feed.

        Raises:
            UsageError: the address cannot be right.
            GapsError: the feed cannot be fetched or read.
        """
        spec = feed_spec(url)
        now = self._clock.now()
        try:
            answer = await self._fetcher.fetch(spec.url)
            document = await self._parser.parse(answer)
        except PollError as failure:
            raise GapsError(
                f"feed {masked(spec.url)} cannot be read: {failure.message}", failure.remedy
            ) from failure
        state = FeedState().succeeded(now, answer).read(now, document, 0, 0)
        feed = Feed(spec.id, spec.url, added_at=now, state=state)
        dates = [entry.date for entry in document.entries if entry.date]
        return CheckReport(
            url=masked(spec.url),
            format=document.format,
            title=document.title,
            entries=len(document.entries),
            languages=_languages(document),
            newest=max(dates, default=None),
            next_poll=after_success(feed, now, self._limits, answer.max_age),
            moved_to=masked(answer.moved_to) if answer.moved_to else None,
            problems=(*document.problems, *_lacks(document)),
        )


def _languages(document: Document) -> tuple[str, ...]:
    stated = [entry.language for entry in document.entries if entry.language]
    return tuple(sorted(set(stated), key=lambda code: (-stated.count(code), code)))


def _lacks(document: Document) -> list[str]:
    """Return what a reader would miss."""
    entries = document.entries
    if not entries:
        return ["the feed has no entries"]
    lacks = {
        "text": sum(not entry.text for entry in entries),
        "date": sum(entry.date is None for entry in entries),
        "id or link": sum(not (entry.guid or entry.link) for entry in entries),
    }
    problems = [f"entries without {what}: {count}" for what, count in lacks.items() if count]
    if not any(entry.language for entry in entries):
        problems.append("no language is stated; give one with --language")
    return problems
