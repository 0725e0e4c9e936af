"""The fetcher against a web server on loopback."""

import asyncio
import gzip
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from services.poller.adapters.fetcher import HttpFetcher
from services.poller.domain.failure import FailureReason, PollError
from services.runtime.clock import FakeClock
from services.runtime.http import GuardedClient, HttpFailure
from services.runtime.settings import HttpSettings
from tests.integration.poller.outlet import Outlet, serve_outlet

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
FEED = b'<rss version="2.0"><channel><title>x</title></channel></rss>'


@pytest.fixture
async def outlet() -> AsyncIterator[Outlet]:
    async with serve_outlet() as found:
        yield found


@pytest.fixture
async def fetcher() -> AsyncIterator[HttpFetcher]:
    settings = HttpSettings(allowed_private=("127.0.0.1",), max_bytes=10_000, timeout=2)
    async with GuardedClient(settings) as client:
        yield HttpFetcher(client, FakeClock(NOON), per_host=2)


async def refusal(fetcher: HttpFetcher, url: str) -> PollError:
    with pytest.raises(PollError) as caught:
        await fetcher.fetch(url)
    return caught.value


async def test_feed_comes_with_what_the_next_poll_needs(
    outlet: Outlet, fetcher: HttpFetcher
) -> None:
    headers = {
        "ETag": 'W/"1"',
        "Last-Modified": "Tue, 24 Nov 2026 11:00:00 GMT",
        "Cache-Control": "public, s-maxage=9, max-age=300",
        "Content-Type": "application/rss+xml",
    }
    url = outlet.answer("/feed", "200 OK", FEED, headers)
    got = await fetcher.fetch(url)
    assert (got.status, got.url, got.body, got.moved_to) == (200, url, FEED, None)
    assert (got.etag, got.last_modified) == ('W/"1"', "Tue, 24 Nov 2026 11:00:00 GMT")
    assert (got.max_age, got.content_type) == (300, "application/rss+xml")
    [(_, sent)] = outlet.requests
    assert "application/rss+xml" in sent["accept"]
    assert "if-none-match" not in sent


async def test_validators_are_sent_and_304_is_an_answer(
    outlet: Outlet, fetcher: HttpFetcher
) -> None:
    url = outlet.answer("/feed", "304 Not Modified", headers={"Cache-Control": "max-age=60"})
    got = await fetcher.fetch(url, 'W/"1"', "Tue, 24 Nov 2026 11:00:00 GMT")
    assert (got.status, got.not_modified, got.body, got.max_age) == (304, True, b"", 60)
    [(_, sent)] = outlet.requests
    assert sent["if-none-match"] == 'W/"1"'
    assert sent["if-modified-since"] == "Tue, 24 Nov 2026 11:00:00 GMT"


async def test_304_that_nobody_asked_for_is_a_failure(outlet: Outlet, fetcher: HttpFetcher) -> None:
    failure = await refusal(fetcher, outlet.answer("/feed", "304 Not Modified"))
    assert failure.reason is FailureReason.HTTP_ERROR


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ("401 Unauthorized", FailureReason.FORBIDDEN),
        ("403 Forbidden", FailureReason.FORBIDDEN),
        ("404 Not Found", FailureReason.NOT_FOUND),
        ("410 Gone", FailureReason.GONE),
        ("418 Teapot", FailureReason.HTTP_ERROR),
        ("429 Too Many Requests", FailureReason.RATE_LIMITED),
        ("500 Internal Server Error", FailureReason.SERVER_ERROR),
        ("503 Service Unavailable", FailureReason.SERVER_ERROR),
    ],
)
async def test_status_is_told_as_a_reason(
    outlet: Outlet, fetcher: HttpFetcher, status: str, reason: FailureReason
) -> None:
    failure = await refusal(fetcher, outlet.answer("/feed?key=secret", status))
    assert (failure.reason, failure.status) == (reason, int(status[:3]))
    assert f"HTTP {status[:3]}" in failure.message
    assert "secret" not in failure.message


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120),
        ("Tue, 24 Nov 2026 12:05:00 GMT", 300),
        ("Tue, 24 Nov 2026 12:05:00", 300),
        ("Tue, 24 Nov 2026 11:00:00 GMT", 0),
        ("-5", None),
        ("soon", None),
    ],
)
async def test_retry_after_is_read_as_seconds_or_date(
    outlet: Outlet, fetcher: HttpFetcher, header: str, seconds: float | None
) -> None:
    url = outlet.answer("/feed", "429 Too Many Requests", headers={"Retry-After": header})
    assert (await refusal(fetcher, url)).retry_after == seconds


async def test_permanent_redirects_tell_where_the_feed_moved(
    outlet: Outlet, fetcher: HttpFetcher
) -> None:
    end = outlet.answer("/end", "200 OK", FEED)
    moved = outlet.answer("/moved", "301 Moved Permanently", headers={"Location": "/end"})
    for_now = outlet.answer("/now", "302 Found", headers={"Location": "/end"})
    got = await fetcher.fetch(moved)
    assert (got.url, got.moved_to, got.body) == (end, end, FEED)
    got = await fetcher.fetch(for_now)
    assert (got.url, got.moved_to, got.body) == (end, None, FEED)


async def test_redirects_without_end_are_given_up(outlet: Outlet, fetcher: HttpFetcher) -> None:
    url = outlet.answer("/a", "302 Found", headers={"Location": "/a"})
    assert (await refusal(fetcher, url)).reason is FailureReason.TOO_MANY_REDIRECTS


async def test_gzip_is_unpacked(outlet: Outlet, fetcher: HttpFetcher) -> None:
    packed = gzip.compress(FEED)
    url = outlet.answer("/feed", "200 OK", packed, {"Content-Encoding": "gzip"})
    assert (await fetcher.fetch(url)).body == FEED


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
async def test_huge_document_is_refused(outlet: Outlet, fetcher: HttpFetcher, packed: bool) -> None:
    body = b"x" * 1_000_000
    headers = {"Content-Encoding": "gzip"} if packed else {}
    url = outlet.answer("/feed", "200 OK", gzip.compress(body) if packed else body, headers)
    assert (await refusal(fetcher, url)).reason is FailureReason.TOO_LARGE


async def test_slow_server_is_given_up(outlet: Outlet) -> None:
    settings = HttpSettings(allowed_private=("127.0.0.1",), timeout=0.1)
    async with GuardedClient(settings) as client:
        fetcher = HttpFetcher(client, FakeClock(NOON), per_host=2)
        failure = await refusal(fetcher, f"{outlet.url}/never")
    assert failure.reason is FailureReason.TIMEOUT


async def test_closed_port_and_private_address_are_told_apart(
    fetcher: HttpFetcher, closed_port: int
) -> None:
    refused = await refusal(fetcher, f"http://127.0.0.1:{closed_port}/")
    assert refused.reason is FailureReason.REFUSED
    private = await refusal(fetcher, "http://10.0.0.1/feed")
    assert private.reason is FailureReason.PRIVATE_ADDRESS


async def test_validators_that_cannot_be_sent_back_are_not_kept(
    outlet: Outlet, fetcher: HttpFetcher
) -> None:
    url = outlet.answer("/feed", "200 OK", FEED, {"ETag": '"é"', "Last-Modified": "x" * 2000})
    got = await fetcher.fetch(url)
    assert (got.etag, got.last_modified) == (None, None)


async def test_one_host_is_asked_for_few_feeds_at_a_time(
    outlet: Outlet, fetcher: HttpFetcher
) -> None:
    urls = [outlet.answer(f"/{n}", "200 OK", FEED) for n in range(8)]
    await asyncio.gather(*(fetcher.fetch(url) for url in urls))
    assert (len(outlet.requests), outlet.most_at_once) == (8, 2)


def test_every_failure_of_the_client_has_a_reason_here() -> None:
    assert {failure.value for failure in HttpFailure} <= {reason.value for reason in FailureReason}
