"""The poller's ports without a database or a network."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from schemas import Article
from services.poller.adapters.parser import parse_document
from services.poller.adapters.registry import known_already, not_known, possible_feed_ids
from services.poller.domain.articles import Findings, KnownArticle
from services.poller.domain.entry import Document, Fetched
from services.poller.domain.feed import Feed, FeedSpec, FeedState, Lease, feed_spec
from services.poller.ports import Imported
from services.runtime.clock import Clock


class FakeFeedRegistry:
    """Feeds in a dictionary."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.feeds: dict[str, Feed] = {}
        self.leases: dict[str, Lease] = {}
        self.breaks: Exception | None = None
        """Raised by the next calls of `lease`, as if the database were away."""

    async def add(
        self,
        url: str,
        title: str | None = None,
        language: str | None = None,
        interval: float | None = None,
        tags: tuple[str, ...] = (),
    ) -> Feed:
        spec = feed_spec(url, title, language, interval, tags)
        if spec.id in self.feeds:
            raise known_already(spec)
        return self._put(spec)

    def _put(self, spec: FeedSpec) -> Feed:
        now = self._clock.now()
        state = FeedState(next_poll_at=now)
        feed = Feed(
            spec.id, spec.url, now, spec.title, spec.language, spec.interval, spec.tags, state
        )
        self.feeds[feed.id] = feed
        return feed

    async def add_all(self, specs: Iterable[FeedSpec]) -> Imported:
        added, updated = [], []
        for spec in {spec.id: spec for spec in specs}.values():
            known = self.feeds.get(spec.id)
            if known is None:
                added.append(self._put(spec))
                continue
            feed = replace(
                known,
                title=spec.title or known.title,
                language=spec.language or known.language,
                interval=spec.interval or known.interval,
                tags=spec.tags or known.tags,
            )
            self.feeds[feed.id] = feed
            updated.append(feed)
        return Imported(tuple(added), tuple(updated))

    async def remove(self, id_or_url: str) -> Feed:
        feed = await self.get(id_or_url)
        self.leases.pop(feed.id, None)
        return self.feeds.pop(feed.id)

    async def get(self, id_or_url: str) -> Feed:
        for feed_id in possible_feed_ids(id_or_url):
            if feed_id in self.feeds:
                return self.feeds[feed_id]
        raise not_known(id_or_url)

    async def list(self) -> tuple[Feed, ...]:
        return tuple(sorted(self.feeds.values(), key=lambda feed: feed.url))

    def _free_at(self, feed: Feed) -> datetime:
        due = feed.state.next_poll_at
        assert due is not None
        lease = self.leases.get(feed.id)
        return max(due, lease.until) if lease else due

    async def lease(
        self, owner: str, now: datetime, limit: int, seconds: float
    ) -> tuple[Lease, ...]:
        if self.breaks:
            raise self.breaks
        due = [feed for feed in self.feeds.values() if self._free_at(feed) <= now]
        due.sort(key=lambda feed: (feed.state.next_poll_at, feed.id))
        until = now + timedelta(seconds=seconds)
        taken = tuple(Lease(feed, owner, until) for feed in due[:limit])
        self.leases.update({lease.feed.id: lease for lease in taken})
        return taken

    async def release(self, owner: str) -> None:
        self.leases = {key: each for key, each in self.leases.items() if each.owner != owner}

    async def next_due(self) -> datetime | None:
        return min((self._free_at(feed) for feed in self.feeds.values()), default=None)

    async def record(self, lease: Lease, state: FeedState) -> bool:
        held = self.leases.get(lease.feed.id)
        if held is None or (held.owner, held.until) != (lease.owner, lease.until):
            return False
        del self.leases[lease.feed.id]
        feed = self.feeds[lease.feed.id]
        due = state.next_poll_at or feed.state.next_poll_at
        self.feeds[feed.id] = replace(feed, state=replace(state, next_poll_at=due))
        return True


class FakeArchive:
    """Revisions in a list, in the order in which they are published."""

    def __init__(self, registry: FakeFeedRegistry) -> None:
        self._registry = registry
        self.published: list[Article] = []

    async def known(self, article_ids: Collection[str]) -> Mapping[str, KnownArticle]:
        revisions: dict[str, list[Article]] = defaultdict(list)
        for article in self.published:
            if article.id in article_ids:
                revisions[article.id].append(article)
        return {
            article_id: KnownArticle(
                found[-1].url,
                frozenset(article.revision for article in found),
                found[-1].revision_number,
            )
            for article_id, found in revisions.items()
        }

    async def store(self, lease: Lease, state: FeedState, findings: Findings) -> bool:
        if not await self._registry.record(lease, state):
            return False
        self.published.extend(findings.new)
        return True


class ScriptedFetcher:
    """Answers as it was told, by address."""

    def __init__(self) -> None:
        self.answers: dict[str, Fetched | Exception] = {}
        self.requests: list[tuple[str, str | None, str | None]] = []

    def serve(self, url: str, body: bytes, **fields: str | float | None) -> None:
        """Answer with a document from now on."""
        answer = Fetched(status=200, url=url, body=body, content_type="application/xml")
        self.answers[url] = replace(answer, **fields)  # type: ignore[arg-type] # by field name

    async def fetch(
        self, url: str, etag: str | None = None, last_modified: str | None = None
    ) -> Fetched:
        self.requests.append((url, etag, last_modified))
        answer = self.answers[url]
        if isinstance(answer, Exception):
            raise answer
        return answer


class InlineParser:
    """The real parser without its worker processes."""

    async def parse(self, answer: Fetched) -> Document:
        return parse_document(answer, 256_000)
