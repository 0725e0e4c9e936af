"""Trying a feed without storing anything."""

from datetime import UTC, datetime, timedelta

import pytest

from services.poller.checks import FeedCheck
from services.poller.domain.failure import FailureReason, PollError
from services.runtime.clock import FakeClock
from services.runtime.errors import GapsError, UsageError
from services.runtime.settings import PollerSettings
from tests.unit.poller.fakes import InlineParser, ScriptedFetcher

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
URL = "https://a.example/feed?key=secret"
FEED = b"""<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>A</title>
<ttl>20</ttl>
<item><guid>1</guid><title>x</title><description>t</description><dc:language>fr</dc:language>
<pubDate>Tue, 24 Nov 2026 09:00:00 GMT</pubDate></item>
<item><guid>2</guid><title>y</title><dc:language>en</dc:language></item>
<item><title>z</title><dc:language>fr</dc:language></item></channel></rss>"""


@pytest.fixture
def fetcher() -> ScriptedFetcher:
    return ScriptedFetcher()


@pytest.fixture
def feed_check(fetcher: ScriptedFetcher) -> FeedCheck:
    return FeedCheck(fetcher, InlineParser(), FakeClock(NOON), PollerSettings())


async def test_report_says_what_the_feed_is_and_what_it_lacks(
    fetcher: ScriptedFetcher, feed_check: FeedCheck
) -> None:
    fetcher.serve(URL, FEED, moved_to="https://b.example/feed?key=secret")
    report = await feed_check.check(URL)
    assert (report.format, report.title, report.entries) == ("rss20", "A", 3)
    assert report.languages == ("fr", "en")
    assert report.newest == datetime(2026, 11, 24, 9, tzinfo=UTC)
    assert report.next_poll == NOON + timedelta(minutes=20)
    assert report.problems == (
        "entries without text: 2",
        "entries without date: 2",
        "entries without id or link: 1",
    )
    assert "secret" not in f"{report.url} {report.moved_to}"


async def test_empty_feed_and_missing_language_are_told(
    fetcher: ScriptedFetcher, feed_check: FeedCheck
) -> None:
    fetcher.serve(URL, b'<rss version="2.0"><channel><title>A</title></channel></rss>')
    assert (await feed_check.check(URL)).problems == ("the feed has no entries",)
    fetcher.serve(URL, b'<rss version="2.0"><channel><item><title>x</title></item></channel></rss>')
    assert (
        "no language is stated; give one with --language" in (await feed_check.check(URL)).problems
    )


async def test_feed_that_cannot_be_read_is_told_with_a_remedy(
    fetcher: ScriptedFetcher, feed_check: FeedCheck
) -> None:
    fetcher.answers[URL] = PollError(FailureReason.GONE, "the server says that it is gone")
    with pytest.raises(GapsError) as caught:
        await feed_check.check(URL)
    assert str(caught.value) == (
        "feed https://a.example/feed?… cannot be read: the server says that it is gone. "
        "The feed was taken down: remove it, or look for its successor."
    )


async def test_wrong_address_is_refused(feed_check: FeedCheck) -> None:
    with pytest.raises(UsageError):
        await feed_check.check("nonsense")
