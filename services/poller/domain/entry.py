"""What a feed's document holds."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a feed, as far as it matters to us."""

    guid: str | None = None
    """`guid` (RSS), `id` (Atom, JSON Feed), `rdf:about` (RSS 1.0)."""
    link: str | None = None
    """Absolute address of the page."""
    title: str = ""
    """Plain text on one line."""
    text: str = ""
    """Plain text; paragraphs separated by a blank line."""
    truncated: bool = False
    """True where the text was cut at the limit."""
    language: str | None = None
    """ISO 639 code, or None where neither entry nor feed states one."""
    authors: tuple[str, ...] = ()
    published_at: datetime | None = None
    """Aware, UTC."""
    updated_at: datetime | None = None
    """Aware, UTC."""

    @property
    def date(self) -> datetime | None:
        """When it was last touched, else when it was published."""
        return self.updated_at or self.published_at


@dataclass(frozen=True, slots=True)
class Document:
    """A feed's document after parsing."""

    format: str
    """`rss20`, `atom10`, `rss10`, `cdf`, `json11`, …; `unknown` for entries without a frame."""
    title: str = ""
    entries: tuple[Entry, ...] = ()
    """As ordered in the document."""
    stated_interval: float | None = None
    """Seconds between polls that the feed asks for (`ttl`, `sy:updatePeriod`)."""
    problems: tuple[str, ...] = ()
    """What is wrong with the document, for people."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a web server answered to a request for a feed."""

    status: int
    """200 to 299, or 304."""
    url: str
    """Where the answer came from, after redirects."""
    body: bytes = b""
    content_type: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    max_age: float | None = None
    """Seconds that the answer stays fresh (`Cache-Control: max-age`)."""
    moved_to: str | None = None
    """Where permanent redirects point, if there were any."""

    @property
    def not_modified(self) -> bool:
        """True where nothing changed since the last poll."""
        return self.status == 304  # noqa: PLR2004 - Not Modified, RFC 9110, section 15.4.5
