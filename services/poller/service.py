"""Polls feeds: takes those that are due, fetches, parses and stores what is new."""

import asyncio
import os
import random
import socket
import time
import uuid
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

import structlog

from services.poller import metrics
from services.poller.domain.articles import Findings, compare, possible_ids
from services.poller.domain.entry import Document, Fetched
from services.poller.domain.failure import FailureReason, PollError
from services.poller.domain.feed import Feed, Lease
from services.poller.domain.schedule import Limits, after_failure, after_success
from services.poller.domain.urls import masked
from services.poller.ports import Archive, FeedParser, FeedRegistry, Fetcher
from services.runtime.clock import Clock
from services.runtime.settings import PollerSettings

log = structlog.get_logger()

LONGEST_SLEEP = 1.0
"""Seconds after which the loop looks again: feeds may have been added by someone else."""
SHORTEST_SLEEP = 0.05
"""Seconds; what is due may be in the hands of a replica that is just taking it."""
LEASE_SHARE = 0.9
"""Share of the lease that a poll may use; the rest is for storing its result."""
DRAIN_SECONDS = 4.0
"""Time that polls under way have to end when the service stops."""


class Outcome(StrEnum):
    """How a poll ended."""

    CHANGED = "changed"
    """It brought new articles or revisions."""
    UNCHANGED = "unchanged"
    """The document had nothing new."""
    NOT_MODIFIED = "not_modified"
    """The server said that the document is the same (304)."""
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class _Reading:
    """What a poll got from the feed's server."""

    at: datetime
    answer: Fetched
    document: Document | None
    """None where the document was not modified."""


def owner_name() -> str:
    """Return a name for this process that no other has."""
    return f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"


class Poller:
    """Polls the registry's feeds into the archive."""

    def __init__(
        self,
        registry: FeedRegistry,
        archive: Archive,
        fetcher: Fetcher,
        parser: FeedParser,
        clock: Clock,
        settings: PollerSettings,
        *,
        jitter: random.Random | None = None,
    ) -> None:
        self._registry = registry
        self._archive = archive
        self._fetcher = fetcher
        self._parser = parser
        self._clock = clock
        self._settings = settings
        self._limits = Limits(settings.interval, settings.min_interval)
        self._jitter = jitter or random.Random()  # noqa: S311 - spreads load, keeps no secret
        self._owner = owner_name()
        self.progress = clock.now()
        """When the loop last came round."""

    async def poll_due(self) -> int:
        """Poll what is due, at most as many feeds as may be polled at a time; return how many."""
        leases = await self._lease(self._settings.concurrency)
        await asyncio.gather(*(self._poll(lease) for lease in leases))
        return len(leases)

    async def run(self, stop: asyncio.Event) -> None:
        """Poll until `stop` is set, then let polls under way end and give the rest back."""
        polls: set[asyncio.Task[None]] = set()
        stopping = asyncio.ensure_future(stop.wait())
        try:
            while not stop.is_set():
                self.progress = self._clock.now()
                pause = await self._start_due(polls)
                await asyncio.wait(
                    {stopping, *polls}, timeout=pause, return_when=asyncio.FIRST_COMPLETED
                )
        finally:
            stopping.cancel()
            await self._drain(polls)

    async def _start_due(self, polls: set[asyncio.Task[None]]) -> float:
        """Start polls of what is due; return the seconds until it is worth to look again."""
        polls -= {poll for poll in polls if poll.done()}
        try:
            for lease in await self._lease(self._settings.concurrency - len(polls)):
                polls.add(asyncio.create_task(self._poll(lease)))
            due = await self._registry.next_due()
        except Exception as error:  # noqa: BLE001 - the database comes back, the loop goes on
            _database_failed(error)
            return LONGEST_SLEEP
        if due is None or len(polls) >= self._settings.concurrency:
            return LONGEST_SLEEP
        until_due = (due - self._clock.now()).total_seconds()
        return min(max(until_due, SHORTEST_SLEEP), LONGEST_SLEEP)

    async def _lease(self, limit: int) -> tuple[Lease, ...]:
        if limit < 1:
            return ()
        now = self._clock.now()
        leases = await self._registry.lease(self._owner, now, limit, self._settings.lease)
        for lease in leases:
            due = lease.feed.state.next_poll_at or now
            metrics.LATE_SECONDS.observe(max((now - due).total_seconds(), 0))
        return leases

    async def _drain(self, polls: set[asyncio.Task[None]]) -> None:
        if polls:
            _, late = await asyncio.wait(polls, timeout=DRAIN_SECONDS)
            for poll in late:
                poll.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        try:
            await self._registry.release(self._owner)
        except Exception as error:  # noqa: BLE001 - leases run out by themselves
            _database_failed(error)

    async def _poll(self, lease: Lease) -> None:
        """Poll one feed; whatever happens stays within."""
        with metrics.IN_FLIGHT.track_inprogress(), metrics.POLL_SECONDS.time():
            try:
                # Later than this, another process may have taken the feed.
                async with asyncio.timeout(self._settings.lease * LEASE_SHARE) as limit:
                    await self._read_and_store(lease)
            except Exception as error:  # noqa: BLE001 - the lease runs out, then it is tried again
                if limit.expired():
                    log.warning("feed.postponed", feed_id=lease.feed.id, outlet=lease.feed.outlet)
                else:
                    _database_failed(error)

    async def _read_and_store(self, lease: Lease) -> None:
        started = time.perf_counter()
        try:
            reading = await self._read(lease.feed)
        except PollError as failure:
            await self._store_failure(lease, failure)
        else:
            await self._store(lease, reading, started)

    async def _read(self, feed: Feed) -> _Reading:
        try:
            answer = await self._fetcher.fetch(
                feed.poll_url, feed.state.etag, feed.state.last_modified
            )
            at = self._clock.now()
            document = None if answer.not_modified else await self._parser.parse(answer)
        except PollError:
            raise
        except Exception as error:
            log.exception("feed.defect", feed_id=feed.id, url=masked(feed.poll_url))
            raise PollError(
                FailureReason.INTERNAL, f"{type(error).__name__} while reading the feed"
            ) from error
        return _Reading(at, answer, document)

    async def _store(self, lease: Lease, reading: _Reading, started: float) -> None:
        feed, document = lease.feed, reading.document
        state = feed.state.succeeded(reading.at, reading.answer)
        findings = Findings()
        if document is not None:
            # The outlet's name comes with the document, for the first poll too.
            named = replace(feed, state=state.read(reading.at, document, 0, 0))
            known = await self._archive.known(possible_ids(feed.id, document.entries))
            findings = compare(named, document, known, reading.at)
            state = state.read(reading.at, document, findings.articles, findings.revised)
        feed = replace(feed, state=state)
        due = after_success(feed, reading.at, self._limits, reading.answer.max_age)
        state = replace(state, next_poll_at=due)
        if document is None:
            stored = await self._registry.record(lease, state)
        else:
            stored = await self._archive.store(lease, state, findings)
        if stored:
            _report(feed, reading, findings, time.perf_counter() - started)
        else:
            _lost(feed)

    async def _store_failure(self, lease: Lease, failure: PollError) -> None:
        now = self._clock.now()
        feed = replace(lease.feed, state=lease.feed.state.failed(now, failure))
        due = after_failure(feed, now, self._limits, failure, self._jitter.random())
        if not await self._registry.record(lease, replace(feed.state, next_poll_at=due)):
            _lost(feed)
            return
        metrics.POLLS.labels(Outcome.FAILED, failure.reason).inc()
        log.warning(
            "feed.failed",
            feed_id=feed.id,
            outlet=feed.outlet,
            url=masked(lease.feed.poll_url),
            reason=failure.reason,
            message=failure.message,
            next_poll=due.isoformat(),
        )


def _report(feed: Feed, reading: _Reading, findings: Findings, seconds: float) -> None:
    """Log and count a poll whose result is stored."""
    outcome = Outcome.CHANGED if findings.new else Outcome.UNCHANGED
    if reading.document is None:
        outcome = Outcome.NOT_MODIFIED
    metrics.POLLS.labels(outcome, "").inc()
    metrics.ARTICLES.labels("new").inc(findings.articles)
    metrics.ARTICLES.labels("revised").inc(findings.revised)
    log.info(
        "feed.polled",
        feed_id=feed.id,
        outlet=feed.outlet,
        outcome=outcome,
        new=findings.articles,
        revised=findings.revised,
        status=reading.answer.status,
        seconds=round(seconds, 3),
    )
    for article in findings.new:
        log.info(
            "article.archived",
            article_id=article.id,
            correlation_id=article.id,
            title=article.title,
            outlet=article.outlet,
            language=article.language,
            revision_number=article.revision_number,
        )


def _lost(feed: Feed) -> None:
    metrics.LOST_LEASES.inc()
    log.warning("feed.lease_lost", feed_id=feed.id, outlet=feed.outlet)


def _database_failed(error: Exception) -> None:
    metrics.STORE_ERRORS.inc()
    reason = str(getattr(error, "orig", None) or error).split("\n", 1)[0]
    log.error("poller.database_failed", error=f"{type(error).__name__}: {reason}")
