"""JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/), which feedparser does not read."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urljoin

from services.poller.adapters.content import MAX_ENTRIES, entry_text, published, title_line
from services.poller.domain.entry import Document, Entry
from services.poller.domain.failure import FailureReason, PollError
from services.poller.domain.language import language_code
from services.poller.domain.text import clean

VERSIONS = ("https://jsonfeed.org/version/", "http://jsonfeed.org/version/")


def looks_like_json(body: bytes) -> bool:
    """Tell whether a document is a JSON object."""
    return body[:200].lstrip(b"\xef\xbb\xbf\xff\xfe\xfe\xff\0 \t\r\n").startswith(b"{")


def parse_json_feed(body: bytes, url: str, max_text_chars: int) -> Document:
    """Read a JSON Feed.

    Args:
        body: the document.
        url: where it came from, for relative addresses.
        max_text_chars: characters of an entry's text that are kept.

    Raises:
        PollError: it is broken JSON, or JSON of another kind.
    """
    feed = _load(body)
    version = _text(feed.get("version")) or ""
    items = feed.get("items")
    if not version.startswith(VERSIONS) or not isinstance(items, list):
        raise PollError(FailureReason.NOT_A_FEED, "a JSON document that is not JSON Feed")
    objects = [item for item in items if isinstance(item, dict)]
    problems = []
    if len(objects) < len(items):
        problems.append(f"items that are no objects: {len(items) - len(objects)}")
    if len(objects) > MAX_ENTRIES:
        problems.append(
            f"items after the first {MAX_ENTRIES}, left out: {len(objects) - MAX_ENTRIES}"
        )
    return Document(
        format="json11" if version.rstrip("/").endswith("1.1") else "json10",
        title=title_line(_text(feed.get("title")) or "", html=False),
        entries=tuple(_entry(item, feed, url, max_text_chars) for item in objects[:MAX_ENTRIES]),
        problems=tuple(problems),
    )


def _load(body: bytes) -> dict[str, Any]:
    try:
        loaded = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise PollError(FailureReason.UNREADABLE, f"broken JSON: {error}") from error
    return loaded if isinstance(loaded, dict) else {}


def _entry(item: dict[str, Any], feed: dict[str, Any], url: str, max_text_chars: int) -> Entry:
    candidates = [
        (_text(item.get(key)) or "", key == "content_html")
        for key in ("content_html", "content_text", "summary")
    ]
    text, truncated = entry_text(candidates, max_text_chars)
    link = _text(item.get("url")) or _text(item.get("external_url"))
    return Entry(
        guid=_text(item.get("id")),
        link=_absolute(url, link),
        title=title_line(_text(item.get("title")) or "", html=False),
        text=text,
        truncated=truncated,
        language=language_code(_text(item.get("language")))
        or language_code(_text(feed.get("language"))),
        authors=tuple(dict.fromkeys(_authors(item) or _authors(feed))),
        published_at=_date(item.get("date_published")),
        updated_at=_date(item.get("date_modified")),
    )


def _text(value: Any) -> str | None:
    """Return a string; numbers count, for publishers write ids so."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)
    return (clean(value).strip() or None) if isinstance(value, str) else None


def _absolute(base: str, link: str | None) -> str | None:
    try:
        return urljoin(base, link) if link else None
    except ValueError:
        return None


def _authors(holder: dict[str, Any]) -> list[str]:
    return list(_names(holder.get("authors"))) or list(_names([holder.get("author")]))


def _names(authors: Any) -> Iterator[str]:
    for author in authors if isinstance(authors, list) else []:
        name = _text(author.get("name")) if isinstance(author, dict) else None
        if name:
            yield title_line(name, html=False)


def _date(value: Any) -> datetime | None:
    """Return a date of RFC 3339; without an offset it counts as UTC."""
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
        if moment is None:
            return None
        return published(moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        return None
