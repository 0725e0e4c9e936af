"""What every feed format has in common: titles, texts, dates, and limits on them."""

from collections.abc import Iterable
from datetime import UTC, datetime

from services.poller.adapters.markup import text_of
from services.poller.domain.text import clean, cut, lay_out, one_line

MAX_ENTRIES = 2000
"""Entries of a document that are read. Feeds have 10 to 100, sitemap-like ones some hundred."""
MAX_TITLE_CHARS = 2000
"""As long as `Article.title` may be."""
MAX_AUTHORS = 20
MAX_AUTHOR_CHARS = 200
MAX_GUID_CHARS = 4096
EARLIEST = datetime(1971, 1, 1, tzinfo=UTC)
"""Dates before are what programs write for "none": the years 1, 1900 and 1970."""


def published(moment: datetime) -> datetime | None:
    """Return a date, unless it stands for "none"."""
    return moment if moment >= EARLIEST else None


def title_line(title: str, *, html: bool) -> str:
    """Return a title as plain text on one line."""
    return one_line(text_of(title) if html else title, MAX_TITLE_CHARS)


def entry_text(candidates: Iterable[tuple[str, bool]], limit: int) -> tuple[str, bool]:
    """Return the fullest of an entry's texts, and whether it was cut at `limit` characters.

    Args:
        candidates: contents and summaries, each with whether it is HTML.
        limit: characters that are kept.
    """
    texts = (text_of(value) if html else lay_out(value) for value, html in candidates if value)
    return cut(max(texts, key=len, default=""), limit)


def guid_of(value: str | None) -> str | None:
    """Return a guid without what no store holds, or None where there is none."""
    return clean(value or "").strip()[:MAX_GUID_CHARS] or None
