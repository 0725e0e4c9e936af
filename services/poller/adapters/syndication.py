"""RSS, RDF, Atom and CDF, through feedparser."""

import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from xml.sax import SAXException

import feedparser

from services.poller.adapters.base import Base
from services.poller.adapters.content import (
    MAX_AUTHOR_CHARS,
    MAX_AUTHORS,
    MAX_ENTRIES,
    entry_text,
    guid_of,
    published,
    title_line,
)
from services.poller.domain.entry import Document, Entry
from services.poller.domain.language import language_code
from services.poller.domain.text import clean, one_line

MINUTE = 60.0
UPDATE_PERIODS = {
    "hourly": 3600.0,
    "daily": 86_400.0,
    "weekly": 604_800.0,
    "monthly": 2_592_000.0,
    "yearly": 31_536_000.0,
}
"""Seconds of `sy:updatePeriod` (RSS 1.0 module Syndication)."""
HTML_TYPES = frozenset({"text/html", "application/xhtml+xml"})
IMPOSSIBLE_REFERENCE = re.compile(rb"&#(?:\d{7,}|[xX][0-9a-fA-F]{6,}|[xX]0*[dD][89a-fA-F]..);?")
"""Character references beyond Unicode, or to surrogates: feedparser raises on them."""
CDF_ROOT = re.compile(rb"<channel\b[^>]*>", re.IGNORECASE)
"""Root of Microsoft's Channel Definition Format, for which feedparser reports no version."""
SNIFFED_BYTES = 2000
ENTRY_TAG = re.compile(rb"<(/?)(?:\w+:)?(?:item|entry)[\s>]", re.IGNORECASE)


def parse_syndication(
    body: bytes, url: str, content_type: str | None, max_text_chars: int
) -> Document | None:
    """Read a feed in XML, well-formed or not.

    Args:
        body: the document.
        url: where it came from, for relative addresses.
        content_type: as the server stated it; its charset counts (RFC 7303, section 3.2).
        max_text_chars: characters of an entry's text that are kept.

    Returns:
        What it holds, or None where there is no trace of a feed.

    Raises:
        Exception: whatever feedparser trips over; the caller decides.
    """
    base = Base(url)
    headers = {
        "content-location": base.stand_in,
        "content-type": content_type or "application/xml",
    }
    parsed = _parse(body, headers)
    format_name = parsed.version or ("cdf" if CDF_ROOT.search(body[:SNIFFED_BYTES]) else "")
    if not format_name and not parsed.entries:
        return None
    entries = parsed.entries
    problems = []
    if parsed.bozo:
        problems.append(_reason(parsed))
        if entries and _ends_within_entry(body):
            # Half an entry would be published as a revision of its own.
            entries = entries[:-1]
            problems.append("the document ends within an entry, which is left out")
    if len(entries) > MAX_ENTRIES:
        problems.append(
            f"entries after the first {MAX_ENTRIES}, left out: {len(entries) - MAX_ENTRIES}"
        )
    language = language_code(_string(parsed.feed.get("language")))
    return Document(
        format=format_name or "unknown",
        title=_title(parsed.feed),
        entries=tuple(
            _entry(each, base, language, max_text_chars) for each in entries[:MAX_ENTRIES]
        ),
        stated_interval=_stated_interval(parsed.feed),
        problems=tuple(problems),
    )


def _parse(body: bytes, headers: dict[str, str]) -> Any:
    """Run feedparser; a second time without the character references that it trips over."""
    try:
        return _run(body, headers)
    except (OverflowError, ValueError):
        return _run(IMPOSSIBLE_REFERENCE.sub(b"\xef\xbf\xbd", body), headers)


def _run(body: bytes, headers: dict[str, str]) -> Any:
    # A stream is only read; a string would be opened as an address or a file. Markup is turned
    # into text here, so feedparser need neither sanitise it nor resolve addresses in it.
    return feedparser.parse(
        io.BytesIO(body),
        response_headers=headers,
        resolve_relative_uris=False,
        sanitize_html=False,
    )


def _reason(parsed: Any) -> str:
    error = parsed.get("bozo_exception")
    reason = one_line(str(error), 200)
    return f"not well-formed: {reason}" if isinstance(error, SAXException) else reason


def _ends_within_entry(body: bytes) -> bool:
    slashes = [tag[1] for tag in ENTRY_TAG.finditer(body)]
    return bool(slashes) and not slashes[-1]


def _string(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _title(holder: Any) -> str:
    kind = (holder.get("title_detail") or {}).get("type")
    return title_line(_string(holder.get("title")), html=kind in HTML_TYPES)


def _entry(entry: Any, base: Base, feed_language: str | None, max_text_chars: int) -> Entry:
    contents = [*(entry.get("content") or ()), entry.get("summary_detail") or {}]
    candidates = [(_string(each.get("value")), each.get("type") in HTML_TYPES) for each in contents]
    if entry.get("summary") and not entry.get("summary_detail"):
        candidates.append((_string(entry.summary), True))
    text, truncated = entry_text(candidates, max_text_chars)
    return Entry(
        guid=guid_of(base.relative(_string(entry.get("id")))),
        link=_link(entry, base),
        title=_title(entry),
        text=text,
        truncated=truncated,
        language=_language(entry, contents) or feed_language,
        authors=tuple(dict.fromkeys(_authors(entry)))[:MAX_AUTHORS],
        # feedparser's own `get` would answer the one with the other.
        published_at=_date(dict.get(entry, "published_parsed")),
        updated_at=_date(dict.get(entry, "updated_parsed")),
    )


def _link(entry: Any, base: Base) -> str | None:
    link = clean(_string(entry.get("link"))).strip()
    # A guid that is no address is none by being called a permanent link.
    if not link or (entry.get("guidislink") and base.is_relative(link)):
        return None
    return base.absolute(link)


def _language(entry: Any, contents: list[Any]) -> str | None:
    """Return what the entry states: `dc:language`, else `xml:lang` of content or title."""
    holders = [*contents, entry.get("title_detail") or {}]
    stated = (language_code(_string(each.get("language"))) for each in (entry, *holders))
    return next((code for code in stated if code), None)


def _authors(entry: Any) -> Iterator[str]:
    for author in entry.get("authors") or ():
        name = _string(author.get("name")) or _string(author.get("email"))
        if name.strip():
            yield one_line(name, MAX_AUTHOR_CHARS)


def _date(parsed: Any) -> datetime | None:
    """Return a date that feedparser has read, in UTC; None for one that no calendar has."""
    if parsed is None:
        return None
    try:
        year, month, day, hour, minute, second = parsed[:6]
        return published(datetime(year, month, day, hour, minute, second, tzinfo=UTC))
    except (ValueError, OverflowError, TypeError):
        return None


def _stated_interval(feed: Any) -> float | None:
    """Return the seconds between polls that the feed asks for, the longest where it says two."""
    stated = []
    ttl = _number(feed.get("ttl"))
    if ttl:
        stated.append(ttl * MINUTE)
    period = UPDATE_PERIODS.get(_string(feed.get("sy_updateperiod")).strip().lower())
    if period:
        stated.append(period / max(_number(feed.get("sy_updatefrequency")) or 1, 1))
    return max(stated, default=None)


def _number(value: Any) -> float | None:
    text = _string(value).strip()
    return float(text) if re.fullmatch(r"\d{1,9}", text, re.ASCII) else None
