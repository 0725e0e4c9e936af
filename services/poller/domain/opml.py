"""OPML 2.0, the exchange format of feed readers (http://opml.org/spec2.opml).

It has addresses, titles and tags; language and interval of a feed are kept in YAML only.
"""

from collections.abc import Iterable
from xml.etree import ElementTree as ET

import listparser

from services.poller.domain.feed import Feed, FeedSpec, feed_spec
from services.poller.domain.text import clean
from services.poller.domain.urls import host_of
from services.runtime.errors import UsageError

SNIFFED_CHARS = 2000


def looks_like_opml(content: str) -> bool:
    """Tell whether a file's text is XML with an OPML root."""
    start = content.lstrip("\ufeff \t\r\n")[:SNIFFED_CHARS].lower()
    return start.startswith("<") and "<opml" in start


def read_opml(content: str, source: str) -> tuple[FeedSpec, ...]:
    """Read the feeds of an OPML document; folders and categories become tags.

    Raises:
        UsageError: there is no feed in it, or a feed's address is wrong.
    """
    # A string could name a file or an address for listparser to open; bytes are only parsed.
    parsed = listparser.parse(content.encode("utf-8", "replace"))
    if not parsed.feeds:
        raise UsageError(
            f"{source} is OPML without feeds", "Export it again, with an xmlUrl for each feed."
        )
    specs = []
    for at, outline in enumerate(parsed.feeds, 1):
        tags = [part for path in outline.get("categories", ()) for part in path if part]
        try:
            specs.append(feed_spec(outline.url, outline.title, tags=tuple(tags)))
        except UsageError as error:
            raise UsageError(f"feed {at} of {source}: {error.what}", error.remedy) from error
    return tuple(specs)


def write_opml(feeds: Iterable[Feed | FeedSpec], title: str = "accesswatch") -> str:
    """Return feeds as OPML, one outline each, with tags as categories."""
    root = ET.Element("opml", version="2.0")
    ET.SubElement(ET.SubElement(root, "head"), "title").text = clean(title)
    body = ET.SubElement(root, "body")
    for feed in feeds:
        name = feed.title or (feed.outlet if isinstance(feed, Feed) else host_of(feed.url))
        attributes = {"type": "rss", "text": name, "title": name, "xmlUrl": feed.url}
        if feed.tags:
            # In a category, a comma separates and a slash builds a path.
            attributes["category"] = ",".join(
                tag.replace(",", " ").replace("/", " ") for tag in feed.tags
            )
        ET.SubElement(body, "outline", attributes)
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=True) + "\n"
