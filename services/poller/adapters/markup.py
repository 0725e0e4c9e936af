"""HTML to plain text.

lxml feeds start tags, end tags and characters to a target as it reads: no tree is built, so that
time is linear and depth does not matter, whatever the markup. (Inscriptis was tried: it recurses
with the tree's depth and lays text out for a terminal, with bullets, indents and padded cells.)
"""

import html
import re

from lxml import etree

from services.poller.domain.text import clean, lay_out

PARAGRAPHS = frozenset(
    {
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "caption",
        "center",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hgroup",
        "hr",
        "legend",
        "main",
        "menu",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "tfoot",
        "thead",
        "ul",
    }
)
"""Elements that begin and end a paragraph (HTML, section 15.3.2 to 15.3.10)."""
LINES = frozenset({"li", "option", "td", "th", "tr"})
"""Elements that begin and end a line, besides `br`."""
HIDDEN = frozenset(
    {
        "audio",
        "button",
        "canvas",
        "head",
        "iframe",
        "noscript",
        "object",
        "script",
        "select",
        "style",
        "svg",
        "template",
        "textarea",
        "title",
        "video",
    }
)
"""Elements whose content is not for reading."""
VOID = frozenset({"br", "hr"})
"""Elements without an end: they count once."""
TAG = re.compile(r"</?[a-zA-Z!?]")
SPACES = re.compile(r"\s+")


class _Text:
    """Collects the text of a document as the parser comes by."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._hidden = 0
        self._line_ended = False
        self._preformatted = 0

    def start(self, tag: str, _: object) -> None:
        """Take an element's beginning."""
        self._count(tag, 1)
        self._break(tag)

    def end(self, tag: str) -> None:
        """Take an element's end."""
        self._count(tag, -1)
        if tag not in VOID:
            self._break(tag)

    def data(self, characters: str) -> None:
        """Take characters."""
        if self._hidden or (self._line_ended and not characters.strip()):
            return
        if self._line_ended:
            self._parts.append("\n")
            self._line_ended = False
        self._parts.append(characters if self._preformatted else SPACES.sub(" ", characters))

    def close(self) -> str:
        """Return the text."""
        return lay_out("".join(self._parts))

    def _count(self, tag: str, by: int) -> None:
        if tag in HIDDEN:
            self._hidden = max(self._hidden + by, 0)
        elif tag == "pre":
            self._preformatted = max(self._preformatted + by, 0)

    def _break(self, tag: str) -> None:
        if tag in PARAGRAPHS:
            self._parts.append("\n\n")
        elif tag == "br":
            self._parts.append("\n")
        elif tag in LINES:
            # One line end between two list items, though one ends and the next begins.
            self._line_ended = True


def has_markup(text: str) -> bool:
    """Tell whether text has tags."""
    return TAG.search(text) is not None


def text_of(markup: str) -> str:
    """Return the readable text of HTML, paragraphs separated by one blank line.

    Text without any tag keeps its own blank lines; its entities are resolved.
    """
    if not has_markup(markup):
        return lay_out(html.unescape(markup))
    # lxml takes no lone surrogates, and would end the text at a NUL.
    parser = etree.HTMLParser(target=_Text(), huge_tree=True, remove_comments=True, remove_pis=True)
    parser.feed(clean(markup))
    return str(parser.close())
