"""A feed: what an operator says of it, and what polling found out."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from services.poller.domain.entry import Document, Fetched
from services.poller.domain.failure import FailureReason, PollError
from services.poller.domain.identity import feed_id
from services.poller.domain.language import language_code
from services.poller.domain.text import one_line
from services.poller.domain.urls import canonical_url, host_of, masked
from services.runtime.errors import UsageError

MAX_TITLE_CHARS = 300
"""As long as `Article.outlet` may be."""
MAX_MESSAGE_CHARS = 500
"""A failure's message is for a line in a table."""
MAX_INTERVAL = 86_400.0
"""Seconds: every feed is polled once a day at the least."""


@dataclass(frozen=True, slots=True)
class FeedSpec:
    """What an operator says of a feed. Make it with `feed_spec`, which checks."""

    url: str
    """Canonical."""
    title: str | None = None
    """Name of the outlet, instead of what the feed calls itself."""
    language: str | None = None
    """ISO 639 code for entries that state none."""
    interval: float | None = None
    """Seconds between polls, instead of the setting and of what the feed asks for."""
    tags: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """The feed's id."""
        return feed_id(self.url)


def feed_spec(
    url: str,
    title: str | None = None,
    language: str | None = None,
    interval: float | None = None,
    tags: tuple[str, ...] = (),
) -> FeedSpec:
    """Check and normalise what an operator says of a feed.

    Raises:
        UsageError: address, language or interval cannot be right.
    """
    try:
        canonical = canonical_url(url)
    except ValueError as error:
        raise UsageError(
            f"{masked(url)!r} is not the address of a feed: {error}",
            "Write it as https://host/path.",
        ) from error
    code = language_code(language)
    if language and code is None:
        raise UsageError(
            f"language {language!r} of feed {masked(url)} is not an ISO 639 code",
            "Write two or three letters, such as 'en'.",
        )
    if interval is not None and not 0 < interval <= MAX_INTERVAL:
        raise UsageError(
            f"interval {interval:g} of feed {masked(url)} is out of range",
            f"Give seconds, more than 0 and up to {MAX_INTERVAL:g}.",
        )
    cleaned = (one_line(tag, MAX_TITLE_CHARS) for tag in tags)
    return FeedSpec(
        url=canonical,
        title=one_line(title or "", MAX_TITLE_CHARS) or None,
        language=code,
        interval=interval,
        tags=tuple(dict.fromkeys(tag for tag in cleaned if tag)),
    )


@dataclass(frozen=True, slots=True)
class FeedState:
    """What polling found out about a feed so far."""

    next_poll_at: datetime | None = None
    """None: at once."""
    last_polled_at: datetime | None = None
    last_success_at: datetime | None = None
    last_new_at: datetime | None = None
    """When a poll last brought a new article or revision."""
    last_status: int | None = None
    """HTTP status of the last answer, or None where there was none."""
    failure_reason: FailureReason | None = None
    """Of the last poll; None where it went well."""
    failure_message: str | None = None
    consecutive_failures: int = 0
    articles: int = 0
    """Articles found so far; revisions of an article count once."""
    etag: str | None = None
    last_modified: str | None = None
    moved_to: str | None = None
    """Where permanent redirects led; polled instead of the feed's address while that works."""
    stated_title: str | None = None
    """What the feed calls itself."""
    stated_interval: float | None = None
    """Seconds between polls that the feed asks for."""

    def succeeded(self, at: datetime, answer: Fetched) -> "FeedState":
        """Return the state after an answer that could be read."""
        return replace(
            self,
            last_polled_at=at,
            last_success_at=at,
            last_status=answer.status,
            failure_reason=None,
            failure_message=None,
            consecutive_failures=0,
            etag=answer.etag or (self.etag if answer.not_modified else None),
            last_modified=answer.last_modified
            or (self.last_modified if answer.not_modified else None),
            moved_to=answer.moved_to or self.moved_to,
        )

    def read(self, at: datetime, document: Document, new: int, revised: int) -> "FeedState":
        """Return the state after a document with `new` articles and `revised` revisions."""
        return replace(
            self,
            last_new_at=at if new or revised else self.last_new_at,
            articles=self.articles + new,
            stated_title=one_line(document.title, MAX_TITLE_CHARS) or None,
            stated_interval=document.stated_interval,
        )

    def failed(self, at: datetime, failure: PollError) -> "FeedState":
        """Return the state after a failure.

        Where a feed moved to is forgotten: the next poll asks at the address that the operator
        gave, which redirects again if the move still holds.
        """
        return replace(
            self,
            last_polled_at=at,
            last_status=failure.status,
            failure_reason=failure.reason,
            failure_message=one_line(failure.message, MAX_MESSAGE_CHARS),
            consecutive_failures=self.consecutive_failures + 1,
            moved_to=None,
        )


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed that is polled."""

    id: str
    """Hash of the canonical address."""
    url: str
    added_at: datetime
    title: str | None = None
    language: str | None = None
    interval: float | None = None
    tags: tuple[str, ...] = ()
    state: FeedState = field(default_factory=FeedState)

    @property
    def outlet(self) -> str:
        """Who publishes the feed: as the operator says, else as the feed says, else the host."""
        return self.title or self.state.stated_title or host_of(self.url)

    @property
    def poll_url(self) -> str:
        """Where to ask."""
        return self.state.moved_to or self.url


@dataclass(frozen=True, slots=True)
class Lease:
    """The right of one process to poll one feed until a moment."""

    feed: Feed
    owner: str
    until: datetime
