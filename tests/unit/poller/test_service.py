"""The poller over fakes: what it does with each outcome, and that nothing stops it."""

import asyncio
import random
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from services.poller import service
from services.poller.domain.entry import Fetched
from services.poller.domain.failure import FailureReason, PollError
from services.poller.domain.feed import FeedState, Lease
from services.poller.service import Poller
from services.runtime.clock import FakeClock
from services.runtime.settings import PollerSettings
from tests.unit.poller.fakes import (
    FakeArchive,
    FakeFeedRegistry,
    InlineParser,
    ScriptedFetcher,
)

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
A, B = "https://a.example/feed", "https://b.example/feed"


def rss(*titles: str, text: str = "Text.") -> bytes:
    items = "".join(
        f"<item><title>{title}</title><guid>{title}</guid><description>{text}</description></item>"
        for title in titles
    )
    channel = f"<title>The Outlet</title><language>en</language>{items}"
    return f'<rss version="2.0"><channel>{channel}</channel></rss>'.encode()


class Bench:
    """A poller and everything around it."""

    def __init__(self, settings: PollerSettings | None = None) -> None:
        self.clock = FakeClock(NOON)
        self.registry = FakeFeedRegistry(self.clock)
        self.archive = FakeArchive(self.registry)
        self.fetcher = ScriptedFetcher()
        self.poller = Poller(
            self.registry,
            self.archive,
            self.fetcher,
            InlineParser(),
            self.clock,
            settings or PollerSettings(),
            jitter=random.Random(1),
        )

    async def state(self, url: str) -> FeedState:
        return (await self.registry.get(url)).state

    async def poll(self) -> list[Any]:
        """Poll what is due, and return what was logged."""
        with capture_logs() as logged:
            await self.poller.poll_due()
        return list(logged)


@pytest.fixture
def bench() -> Bench:
    return Bench()


def events(logged: Iterable[Any]) -> list[str]:
    return [line["event"] for line in logged]


async def test_new_entries_are_archived_and_the_feed_is_due_later(bench: Bench) -> None:
    await bench.registry.add(A)
    bench.fetcher.serve(A, rss("two", "one"), etag="e1", last_modified="m1")
    logged = await bench.poll()
    assert [each.title for each in bench.archive.published] == ["one", "two"]
    assert {each.outlet for each in bench.archive.published} == {"The Outlet"}
    state = await bench.state(A)
    assert (state.articles, state.last_new_at, state.etag) == (2, NOON, "e1")
    assert state.next_poll_at == NOON + timedelta(seconds=600)
    assert events(logged) == ["feed.polled", "article.archived", "article.archived"]
    assert (logged[0]["outcome"], logged[0]["new"], logged[0]["status"]) == ("changed", 2, 200)
    assert logged[1]["title"] == "one"


async def test_second_poll_sends_validators_and_takes_no_for_an_answer(bench: Bench) -> None:
    await bench.registry.add(A)
    bench.fetcher.serve(A, rss("one"), etag="e1", last_modified="m1")
    await bench.poll()
    bench.clock.at += timedelta(seconds=600)
    bench.fetcher.answers[A] = Fetched(304, A)
    [line] = await bench.poll()
    assert bench.fetcher.requests == [(A, None, None), (A, "e1", "m1")]
    assert (line["outcome"], line["new"]) == ("not_modified", 0)
    state = await bench.state(A)
    assert (state.etag, state.last_success_at, state.articles) == ("e1", bench.clock.at, 1)


async def test_unchanged_document_publishes_nothing(bench: Bench) -> None:
    await bench.registry.add(A)
    bench.fetcher.serve(A, rss("one"))
    await bench.poll()
    bench.clock.at += timedelta(seconds=600)
    [line] = await bench.poll()
    assert line["outcome"] == "unchanged"
    assert len(bench.archive.published) == 1


async def test_changed_text_is_a_revision(bench: Bench) -> None:
    await bench.registry.add(A)
    bench.fetcher.serve(A, rss("one"))
    await bench.poll()
    bench.clock.at += timedelta(seconds=600)
    bench.fetcher.serve(A, rss("one", text="Changed."))
    line, archived = await bench.poll()
    assert (line["new"], line["revised"], archived["revision_number"]) == (0, 1, 2)
    assert (await bench.state(A)).articles == 1


async def test_feed_that_is_not_due_is_left_alone(bench: Bench) -> None:
    await bench.registry.add(A)
    bench.fetcher.serve(A, rss("one"))
    assert await bench.poller.poll_due() == 1
    assert await bench.poller.poll_due() == 0


async def test_failure_is_kept_logged_without_secrets_and_repeated_later(bench: Bench) -> None:
    url = "https://user:pw@a.example/feed?key=secret"
    await bench.registry.add(url)
    bench.fetcher.answers[url] = PollError(
        FailureReason.RATE_LIMITED, "too many", status=429, retry_after=3600
    )
    [line] = await bench.poll()
    assert line["event"] == "feed.failed"
    assert (line["reason"], line["message"]) == ("rate_limited", "too many")
    assert line["url"] == "https://a.example/feed?…"
    assert line["next_poll"] == (NOON + timedelta(hours=1)).isoformat()
    state = await bench.state(url)
    assert (state.last_status, state.consecutive_failures) == (429, 1)
    assert state.next_poll_at == NOON + timedelta(hours=1)


async def test_document_that_is_no_feed_is_a_failure(bench: Bench) -> None:
    await bench.registry.add(A)
    bench.fetcher.serve(A, b"<html><title>Home</title></html>")
    [line] = await bench.poll()
    assert (line["reason"], line["message"]) == (
        "not_a_feed",
        "not a feed but a web page (Home)",
    )


async def test_one_bad_feed_does_not_stop_the_rest(bench: Bench) -> None:
    bench.fetcher.serve(A, rss("one"))
    bench.fetcher.answers[B] = RuntimeError("a defect")
    await bench.registry.add(B)
    await bench.registry.add(A)
    assert await bench.poller.poll_due() == 2
    assert len(bench.archive.published) == 1
    assert (await bench.state(B)).failure_reason is FailureReason.INTERNAL


async def test_moved_feed_is_polled_where_it_moved(bench: Bench) -> None:
    feed = await bench.registry.add(A)
    bench.fetcher.serve(A, rss("one"), moved_to=B)
    bench.fetcher.serve(B, rss("two", "one"))
    await bench.poll()
    bench.clock.at += timedelta(seconds=600)
    await bench.poll()
    assert [url for url, _, _ in bench.fetcher.requests] == [A, B]
    assert {each.feed_id for each in bench.archive.published} == {feed.id}
    assert len(bench.archive.published) == 2


async def test_result_that_comes_too_late_is_not_written(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    await bench.registry.add(A)
    bench.fetcher.serve(A, rss("one"))
    known = bench.archive.known

    async def lose_the_lease(ids: Any) -> Any:
        await bench.registry.release(bench.poller._owner)
        return await known(ids)

    monkeypatch.setattr(bench.archive, "known", lose_the_lease)  # at the worst moment
    [line] = await bench.poll()
    assert line["event"] == "feed.lease_lost"
    assert bench.archive.published == []


async def test_failure_that_comes_too_late_is_not_written(bench: Bench) -> None:
    feed = await bench.registry.add(A)
    lost = Lease(feed, "another", NOON)
    with capture_logs() as logged:
        await bench.poller._store_failure(lost, PollError(FailureReason.DNS, "x"))
    assert events(logged) == ["feed.lease_lost"]
    assert (await bench.state(A)).consecutive_failures == 0


async def test_database_that_is_away_is_no_failure_of_the_feed(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    await bench.registry.add(A)
    bench.fetcher.serve(A, rss("one"))

    async def away(*_: object) -> bool:
        raise OSError("connection refused")

    monkeypatch.setattr(bench.archive, "store", away)  # the database is away
    [line] = await bench.poll()
    assert line["event"] == "poller.database_failed"
    assert (await bench.state(A)).consecutive_failures == 0


async def test_poll_that_takes_as_long_as_its_lease_is_put_off(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bench = Bench(PollerSettings(lease=5))
    await bench.registry.add(A)
    started = asyncio.Event()

    async def hang(*_: object) -> Fetched:
        started.set()
        # The loop's own clock runs on: what the lease allows is over at once.
        loop = asyncio.get_running_loop()
        moment = loop.time() + 10
        loop.time = lambda: moment  # type: ignore[method-assign] # time flies
        await asyncio.Event().wait()
        raise AssertionError

    monkeypatch.setattr(bench.fetcher, "fetch", hang)  # a server that never answers
    with capture_logs() as logged:
        await bench.poller.poll_due()
    assert started.is_set()
    assert events(logged) == ["feed.postponed"]
    assert (await bench.state(A)).consecutive_failures == 0


def stopping_after(polls: int, stop: asyncio.Event, bench: Bench) -> Callable[..., Any]:
    """Return a `fetch` that sets `stop` with the given poll."""
    fetch = bench.fetcher.fetch

    async def counted(*arguments: Any) -> Fetched:
        if len(bench.fetcher.requests) + 1 >= polls:
            stop.set()
        return await fetch(*arguments)

    return counted


async def test_loop_polls_until_it_is_told_to_stop_and_gives_its_leases_back(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "SHORTEST_SLEEP", 0)
    stop = asyncio.Event()
    next_due = bench.registry.next_due

    async def at_once() -> datetime | None:
        due = await next_due()
        bench.clock.at = max(due or NOON, bench.clock.at)
        return due

    monkeypatch.setattr(bench.registry, "next_due", at_once)  # time flies
    await bench.registry.add(A)
    bench.fetcher.serve(A, rss("one"))
    monkeypatch.setattr(bench.fetcher, "fetch", stopping_after(3, stop, bench))
    before = bench.poller.progress
    await bench.poller.run(stop)
    assert len(bench.fetcher.requests) == 3
    assert bench.poller.progress > before
    assert bench.registry.leases == {}


async def test_loop_polls_no_more_feeds_at_a_time_than_allowed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bench, stop = Bench(PollerSettings(concurrency=2)), asyncio.Event()
    for number in range(6):
        url = f"https://{number}.example/"
        bench.fetcher.serve(url, rss("one"))
        await bench.registry.add(url)
    fetch, at_once, most = bench.fetcher.fetch, 0, 0

    async def counted(*arguments: Any) -> Fetched:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        await asyncio.sleep(0)
        at_once -= 1
        if len(bench.fetcher.requests) == 5:
            stop.set()
        return await fetch(*arguments)

    monkeypatch.setattr(bench.fetcher, "fetch", counted)
    await bench.poller.run(stop)
    assert (len(bench.fetcher.requests), most) == (6, 2)


async def test_loop_outlives_a_database_that_is_away(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "LONGEST_SLEEP", 0.001)
    stop = asyncio.Event()
    await bench.registry.add(A)
    bench.fetcher.serve(A, rss("one"))
    monkeypatch.setattr(bench.fetcher, "fetch", stopping_after(1, stop, bench))
    bench.registry.breaks = OSError("connection refused")
    lease, tries = bench.registry.lease, 0

    async def back_after_three(*arguments: Any) -> Any:
        nonlocal tries
        tries += 1
        if tries > 3:
            bench.registry.breaks = None
        return await lease(*arguments)

    monkeypatch.setattr(bench.registry, "lease", back_after_three)
    with capture_logs() as logged:
        await bench.poller.run(stop)
    assert events(logged).count("poller.database_failed") == 3
    assert len(bench.archive.published) == 1


async def test_loop_with_nothing_to_do_stops_at_once(bench: Bench) -> None:
    stop = asyncio.Event()
    running = asyncio.create_task(bench.poller.run(stop))
    await asyncio.sleep(0)
    stop.set()
    await running
    assert bench.fetcher.requests == []


async def test_poll_that_does_not_end_is_cancelled_when_the_service_stops(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "DRAIN_SECONDS", 0.001)
    stop = asyncio.Event()
    await bench.registry.add(A)

    async def hang(*_: object) -> Fetched:
        stop.set()
        await asyncio.Event().wait()
        raise AssertionError

    monkeypatch.setattr(bench.fetcher, "fetch", hang)  # a server that never answers
    await bench.poller.run(stop)
    assert bench.registry.leases == {}
    assert (await bench.state(A)).consecutive_failures == 0


async def test_release_that_fails_does_not_fail_the_stop(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop = asyncio.Event()
    stop.set()

    async def away(_: str) -> None:
        raise OSError("connection refused")

    monkeypatch.setattr(bench.registry, "release", away)  # the database is away
    with capture_logs() as logged:
        await bench.poller.run(stop)
    assert events(logged) == ["poller.database_failed"]


def test_two_processes_have_two_names() -> None:
    assert service.owner_name() != service.owner_name()


async def test_slow_database_is_told_from_a_slow_feed(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    await bench.registry.add(A)
    bench.fetcher.serve(A, rss("one"))

    async def slow(*_: object) -> bool:
        raise TimeoutError

    monkeypatch.setattr(bench.archive, "store", slow)
    assert events(await bench.poll()) == ["poller.database_failed"]
