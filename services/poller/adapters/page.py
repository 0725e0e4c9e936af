"""A web page to the title and the text of its article."""

import logging
import re
from dataclasses import dataclass
from typing import Any

import trafilatura

from services.poller.adapters.content import title_line
from services.poller.adapters.markup import text_of
from services.poller.domain.text import lay_out

SNIFFED = 1000
PAGE = re.compile(r"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
FEED = re.compile(r"<(?:rss|feed|rdf:rdf)\b", re.IGNORECASE)
FRAGMENT = re.compile(r"<(?:p|div|br|h[1-6]|article|section|ul|ol)\b[^<>]*>", re.IGNORECASE)

LONGEST_TITLE = 200
"""Characters. Headlines of the annotated set have 128 at the most."""
STOPS = (".", "。", "।", "۔", "։", ".”", '."', ".»")


@dataclass(frozen=True, slots=True)
class Page:
    """The article that a page shows."""

    title: str
    """Empty where the page states none."""
    text: str
    """Plain text; paragraphs separated by a blank line."""
    date: str | None = None
    """Day of publication that the page states, as ISO 8601."""
    author: str | None = None
    """Names, separated by semicolons."""


def is_page(text: str) -> bool:
    """Tell whether text is a whole web page."""
    return PAGE.search(text[:SNIFFED]) is not None


def is_feed(text: str) -> bool:
    """Tell whether text is a feed, which holds many articles."""
    start = text[:SNIFFED].lstrip()
    return start.startswith("<") and not is_page(start) and FEED.search(start) is not None


def is_fragment(text: str) -> bool:
    """Tell whether text is a part of a page."""
    return FRAGMENT.search(text) is not None


def read_page(markup: str) -> Page:
    """Return the article that a page shows.

    trafilatura tells the article from menus, teasers and footers; where it finds none, all that
    can be read is the text.
    """
    for library in ("trafilatura", "htmldate"):
        logging.getLogger(library).setLevel(logging.CRITICAL)  # they log what they do not find
    # Not extensive: only dates that the page states as its own, none that its text mentions.
    metadata: Any = trafilatura.extract_metadata(markup, extensive=False)
    title = title_line(metadata.title or "" if metadata else "", html=False)
    # As HTML, so that paragraphs and list items are laid out as those of feeds are.
    main = trafilatura.extract(markup, output_format="html", include_comments=False)
    text = text_of(main or markup)
    first, _, rest = text.partition("\n\n")
    return Page(
        title=title,
        text=rest if title and first == title else text,
        date=metadata.date if metadata else None,
        author=metadata.author if metadata else None,
    )


def article_of_fragment(markup: str) -> tuple[str, str]:
    """Return the title and the text of a part of a page, all of which is the article's."""
    return article_of_text(text_of(markup))


def article_of_text(text: str) -> tuple[str, str]:
    """Return the title and the text of an article that is plain text.

    The first line is the title where a blank line follows it and it does not look like a
    paragraph: headlines are short and end without a full stop.
    """
    laid_out = lay_out(text)
    first, _, rest = laid_out.partition("\n\n")
    if rest and "\n" not in first and len(first) <= LONGEST_TITLE and not first.endswith(STOPS):
        return first, rest
    return "", laid_out
