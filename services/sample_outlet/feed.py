"""The outlet's feed as RSS 2.0, and an article as a page. Pure."""

from collections.abc import Sequence
from datetime import datetime
from email.utils import format_datetime
from html import escape
from xml.etree import ElementTree as ET

from services.sample_outlet.articles import SampleArticle

CONTENT = "http://purl.org/rss/1.0/modules/content/"
DUBLIN_CORE = "http://purl.org/dc/elements/1.1/"
OUTLET = "Sample Outlet"


def render_feed(
    published: Sequence[tuple[SampleArticle, datetime]], edition: str, base_url: str
) -> bytes:
    """Return the feed with the articles published so far, newest first.

    Args:
        published: articles with the moment of their publication, oldest first.
        edition: makes the entries' ids new with every run.
        base_url: where articles can be read, without a slash at its end.
    """
    ET.register_namespace("content", CONTENT)
    ET.register_namespace("dc", DUBLIN_CORE)
    rss = ET.Element("rss", version="2.0")
    channel = ET.SubElement(rss, "channel")
    ET.SubElement(channel, "title").text = OUTLET
    ET.SubElement(channel, "link").text = f"{base_url}/"
    ET.SubElement(channel, "description").text = "Made-up articles that show accesswatch at work"
    for article, at in reversed(published):
        entry = ET.SubElement(channel, "item")
        ET.SubElement(entry, "title").text = article.title
        ET.SubElement(entry, "link").text = f"{base_url}/articles/{article.slug}"
        guid = ET.SubElement(entry, "guid", isPermaLink="false")
        guid.text = f"{edition}/{article.slug}"
        ET.SubElement(entry, "pubDate").text = format_datetime(at)
        ET.SubElement(entry, f"{{{DUBLIN_CORE}}}language").text = article.language
        for author in article.authors:
            ET.SubElement(entry, f"{{{DUBLIN_CORE}}}creator").text = author
        ET.SubElement(entry, f"{{{CONTENT}}}encoded").text = _paragraphs(article)
    document: bytes = ET.tostring(rss, encoding="utf-8", xml_declaration=True)
    return document


def render_page(article: SampleArticle) -> str:
    """Return an article as an HTML page."""
    return (
        f"<!doctype html><html lang='{escape(article.language)}'><meta charset='utf-8'>"
        f"<title>{escape(article.title)}</title><main><p><em>Made up, by {OUTLET}.</em></p>"
        f"<h1>{escape(article.title)}</h1>{_paragraphs(article)}</main></html>"
    )


def _paragraphs(article: SampleArticle) -> str:
    return "".join(f"<p>{escape(each)}</p>" for each in article.paragraphs)
