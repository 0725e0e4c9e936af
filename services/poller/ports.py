"""What the poller needs from outside, as protocols."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from services.poller.domain.articles import Findings, KnownArticle
from services.poller.domain.entry import Document, Fetched
from services.poller.domain.feed import Feed, FeedSpec, FeedState, Lease


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a list of feeds."""

    added: tuple[Feed, ...]
    """Feeds that were not known."""
    updated: tuple[Feed, ...]
    """Feeds that were known; they took over what the list says of them."""


class FeedRegistry(Protocol):
    """The feeds that are polled, and who polls which just now."""

    async def add(
        self,
        url: str,
        title: str | None = None,
        language: str | None = None,
        interval: float | None = None,
        tags: tuple[str, ...] = (),
    ) -> Feed:
        """Add a feed, due at once.

        Raises:
            UsageError: address, language or interval cannot be right.
            ConflictError: the feed is known.
        """
        ...

    async def add_all(self, specs: Iterable[FeedSpec]) -> Imported:
        """Add the feeds of a list; those that are known take over what the list says of them."""
        ...

    async def remove(self, id_or_url: str) -> Feed:
        """Stop polling a feed and return it; its articles stay in the archive.

        Raises:
            NotFoundError: there is no such feed.
        """
        ...

    async def get(self, id_or_url: str) -> Feed:
        """Return a feed.

        Raises:
            NotFoundError: there is no such feed.
        """
        ...

    async def list(self) -> tuple[Feed, ...]:
        """Return all feeds, by address."""
        ...

    async def lease(
        self, owner: str, now: datetime, limit: int, seconds: float
    ) -> tuple[Lease, ...]:
        """Take feeds that are due and that nobody holds, those overdue longest first.

        Args:
            owner: who takes them.
            now: the present.
            limit: how many at the most.
            seconds: how long the right to poll them lasts.
        """
        ...

    async def release(self, owner: str) -> None:
        """Give back whatever an owner holds, so that others can take it at once."""
        ...

    async def next_due(self) -> datetime | None:
        """Return when the next feed can be taken, or None where there is none."""
        ...

    async def record(self, lease: Lease, state: FeedState) -> bool:
        """Store a feed's state and end the lease.

        Returns:
            False, with nothing stored, where the lease was lost: the feed was taken by another
            or removed.
        """
        ...


class Archive(Protocol):
    """Every revision of every article that was ever seen."""

    async def known(self, article_ids: Collection[str]) -> Mapping[str, KnownArticle]:
        """Return what is stored of some articles; those not stored are left out."""
        ...

    async def store(self, lease: Lease, state: FeedState, findings: Findings) -> bool:
        """Store new revisions, their messages and the feed's state together, or nothing.

        Returns:
            False, with nothing stored, where the lease was lost.
        """
        ...


class Fetcher(Protocol):
    """Gets feeds from web servers."""

    async def fetch(
        self, url: str, etag: str | None = None, last_modified: str | None = None
    ) -> Fetched:
        """Get a feed, if it changed since the answer that had these validators.

        Raises:
            PollError: there was no answer, or one that is no feed's.
        """
        ...


class FeedParser(Protocol):
    """Reads feeds."""

    async def parse(self, answer: Fetched) -> Document:
        """Read a feed's document.

        Raises:
            PollError: it is no feed, or one that cannot be read.
        """
        ...
