"""A feed's state from poll to poll."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from services.poller.domain.entry import Document, Fetched
from services.poller.domain.failure import REMEDIES, FailureReason, PollError
from services.poller.domain.feed import Feed, FeedState, feed_spec
from services.runtime.errors import UsageError

NOW = datetime(2026, 11, 24, tzinfo=UTC)
FEED = Feed("id", "https://a.example/feed", NOW)
ANSWER = Fetched(200, "https://a.example/feed", b"x", etag="e", last_modified="m")


def test_outlet_is_what_the_operator_says_else_what_the_feed_says_else_its_host() -> None:
    assert FEED.outlet == "a.example"
    named = replace(FEED, state=FeedState(stated_title="The A"))
    assert named.outlet == "The A"
    assert replace(named, title="A!").outlet == "A!"


def test_success_forgets_the_failures_before_it() -> None:
    failed = FeedState().failed(NOW, PollError(FailureReason.DNS, "no such host"))
    assert (failed.consecutive_failures, failed.failure_message) == (1, "no such host")
    state = failed.succeeded(NOW, ANSWER)
    assert (state.consecutive_failures, state.failure_reason, state.etag) == (0, None, "e")


def test_not_modified_answer_keeps_the_validators() -> None:
    state = FeedState().succeeded(NOW, ANSWER)
    kept = state.succeeded(NOW, Fetched(304, ANSWER.url))
    assert (kept.etag, kept.last_modified, kept.last_status) == ("e", "m", 304)
    assert state.succeeded(NOW, Fetched(200, ANSWER.url)).etag is None


def test_moved_feed_is_polled_where_it_moved_until_that_fails() -> None:
    state = FeedState().succeeded(NOW, replace(ANSWER, moved_to="https://new.example/"))
    moved = replace(FEED, state=state)
    assert moved.poll_url == "https://new.example/"
    assert state.succeeded(NOW, ANSWER).moved_to == "https://new.example/"
    failed = replace(FEED, state=state.failed(NOW, PollError(FailureReason.NOT_FOUND, "x")))
    assert failed.poll_url == FEED.url


def test_articles_are_counted_and_what_the_feed_says_is_kept() -> None:
    document = Document("rss20", title="The A", stated_interval=1800)
    state = FeedState(articles=3).read(NOW, document, new=2, revised=1)
    assert (state.articles, state.last_new_at, state.stated_title) == (5, NOW, "The A")
    later = state.read(NOW + timedelta(days=1), document, new=0, revised=0)
    assert (later.articles, later.last_new_at, later.stated_interval) == (5, NOW, 1800)


def test_every_failure_has_a_remedy() -> None:
    assert REMEDIES.keys() == set(FailureReason)
    failure = PollError(FailureReason.DNS, "no such host", status=None)
    assert (str(failure), failure.remedy) == ("no such host", "Check the host's name.")


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"url": "nonsense"}, "is not the address of a feed"),
        ({"language": "english"}, "is not an ISO 639 code"),
        ({"interval": 0.0}, "is out of range"),
        ({"interval": 90_000.0}, "is out of range"),
        ({"interval": float("nan")}, "is out of range"),
    ],
)
def test_wrong_feeds_are_refused_in_one_line(fields: dict[str, object], message: str) -> None:
    given = {"url": "https://a.example/?key=secret"} | fields
    with pytest.raises(UsageError, match=message) as caught:
        feed_spec(**given)  # type: ignore[arg-type] # wrong on purpose
    assert "secret" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_feed_is_normalised() -> None:
    spec = feed_spec("HTTP://A.example", " T\nitle ", "EN-gb", 60, ("a", " a ", "", "b"))
    assert (spec.url, spec.title, spec.language) == ("http://a.example/", "T itle", "en")
    assert spec.tags == ("a", "b")
