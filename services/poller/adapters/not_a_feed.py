"""Says what a document is that is no feed, and which feeds it offers."""

import re
from collections.abc import Mapping
from urllib.parse import urljoin

from lxml import etree

from services.poller.domain.text import clean, one_line

SNIFFED_BYTES = 1000
MAX_PAGE_BYTES = 500_000
"""Pages announce their feeds in the head."""
MAX_OFFERED = 5
FEED_TYPES = frozenset(
    {
        "application/rss+xml",
        "application/atom+xml",
        "application/rdf+xml",
        "application/feed+json",
    }
)
"""What `<link rel="alternate" type="…">` says of a feed (RSS Board, Atom and JSON Feed
autodiscovery)."""
ROOT = re.compile(rb"<([A-Za-z][\w:.-]*)")


class _Head:
    """Collects the title of a page and the feeds that it announces."""

    def __init__(self) -> None:
        self.title: list[str] = []
        self.feeds: list[str] = []
        self._in_title = False

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Take an element's beginning."""
        self._in_title = tag == "title" and not self.title
        if (
            tag == "link"
            and "alternate" in attributes.get("rel", "").lower().split()
            and attributes.get("type", "").lower().split(";")[0].strip() in FEED_TYPES
            and attributes.get("href")
        ):
            self.feeds.append(attributes["href"])

    def end(self, _: str) -> None:
        """Take an element's end."""
        self._in_title = False

    def data(self, characters: str) -> None:
        """Take characters."""
        if self._in_title:
            self.title.append(characters)

    def close(self) -> "_Head":
        """Return what was found."""
        return self


def looks_like_html(body: bytes) -> bool:
    """Tell whether a document says at once that it is a web page."""
    start = body[:SNIFFED_BYTES].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return start.startswith((b"<!doctype html", b"<html"))


def describe(body: bytes, url: str, content_type: str | None) -> str:
    """Return what a document looks like, in a few words, for a person who expected a feed."""
    if not body.strip():
        return "an empty document"
    stated = (content_type or "").split(";")[0].strip().lower()
    if looks_like_html(body) or stated == "text/html":
        return _describe_page(body, url)
    root = ROOT.search(body[:SNIFFED_BYTES])
    if root and body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return f"XML with root element <{root[1].decode('utf-8', 'replace')}>"
    return f"a document of type {one_line(stated, 100)}" if stated else "neither XML nor JSON"


def _describe_page(body: bytes, url: str) -> str:
    head = _read_head(body)
    title = one_line("".join(head.title), 80)
    page = f"a web page ({title})" if title else "a web page"
    offered = list(dict.fromkeys(filter(None, (_join(url, href) for href in head.feeds))))
    if not offered:
        return page
    return f"{page}, which offers: {', '.join(offered[:MAX_OFFERED])}"


def _read_head(body: bytes) -> _Head:
    parser = etree.HTMLParser(target=_Head(), huge_tree=True)
    try:
        parser.feed(body[:MAX_PAGE_BYTES])
        found = parser.close()
    except (etree.LxmlError, ValueError):
        return _Head()
    return found if isinstance(found, _Head) else _Head()


def _join(url: str, href: str) -> str | None:
    try:
        return one_line(urljoin(url, clean(href).strip()), 300)
    except ValueError:
        return None
