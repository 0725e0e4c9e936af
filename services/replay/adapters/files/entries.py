"""The values of a record to the entry of a feed: cleaned, laid out and cut as entries are."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from services.poller.adapters import page
from services.poller.adapters.content import (
    MAX_AUTHOR_CHARS,
    MAX_AUTHORS,
    entry_text,
    guid_of,
    title_line,
)
from services.poller.domain.entry import Entry
from services.poller.domain.language import language_code
from services.poller.domain.text import clean, one_line
from services.replay.adapters.files.options import Options
from services.replay.domain.imports_dates import read_date

MAX_OUTLET_CHARS = 300
"""As long as `Article.outlet` may be."""
WEB = frozenset({"http", "https"})
NO_TEXT = "it has neither title nor text"


@dataclass(frozen=True, slots=True)
class Read:
    """An entry, and what goes with it."""

    entry: Entry
    outlet: str | None
    undated: str | None
    """Why its date is of no use."""


def read_entry(values: Mapping[str, object], now: datetime, options: Options) -> Read:
    """Return the entry that a record holds.

    Args:
        values: by field, as in `columns.SYNONYMS`.
        now: dates after it are wrong.
        options: how dates are written, and how much of a text is kept.

    Raises:
        ValueError: it is no article; says why.
    """
    title, whole, html = _title_and_text(values)
    text, truncated = entry_text([(whole, html)], options.max_text_chars)
    if not title and not text:
        raise ValueError(NO_TEXT)
    undated = None
    try:
        published_at = read_date(values.get("published_at"), now, options.date_format)
    except ValueError as error:
        published_at, undated = None, str(error)
    url = clean(_text(values, "url")).strip() or None
    link = url if url and _is_address(url) else None
    entry = Entry(
        # An address that no browser opens still tells articles apart.
        guid=guid_of(_text(values, "id")) or (None if link else guid_of(url)),
        link=link,
        title=title,
        text=text,
        truncated=truncated,
        language=language_code(_text(values, "language")),
        authors=_authors(values.get("authors")),
        published_at=published_at,
    )
    return Read(entry, one_line(_text(values, "outlet"), MAX_OUTLET_CHARS) or None, undated)


def _title_and_text(values: Mapping[str, object]) -> tuple[str, str, bool]:
    """Return title and text, and whether the text is HTML."""
    title, text = title_line(_text(values, "title"), html=False), _text(values, "text")
    if page.is_page(text):
        try:
            shown = page.read_page(text)
        except Exception as error:  # the libraries raise many things on hostile pages
            raise ValueError(f"its page cannot be parsed ({type(error).__name__})") from error
        return title or shown.title, shown.text, False
    return title, text, page.is_fragment(text)


def _text(values: Mapping[str, object], field: str) -> str:
    value = values.get(field)
    if isinstance(value, Mapping):
        value = value.get("name")
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    kind = {list: "a list", bool: "true or false"}.get(type(value), "an object")
    raise ValueError(f"its {field} is {kind}, not a text")


def _authors(value: object) -> tuple[str, ...]:
    """Return names: a list, or a text with semicolons between them."""
    names = value if isinstance(value, list) else _text({"authors": value}, "authors").split(";")
    lines = (one_line(_text({"authors": each}, "authors"), MAX_AUTHOR_CHARS) for each in names)
    return tuple(dict.fromkeys(line for line in lines if line))[:MAX_AUTHORS]


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme.lower() in WEB and bool(parts.netloc)
