"""Pages that a person opens from a file: what holds of all of them."""

import re
from html.parser import HTMLParser

VOID = {"meta", "input"}
FORBIDDEN = {"script", "link", "img", "iframe", "form", "object"}


class Nesting(HTMLParser):
    """Checks that elements end in the order in which they began."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, _: object) -> None:
        self.tags.add(tag)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def check_page(html: str) -> None:
    """Check that a page is well formed and asks for nothing from elsewhere."""
    checker = Nesting()
    checker.feed(html)
    assert checker.open == []
    assert not checker.tags & FORBIDDEN
    assert not re.search(r"url\(|@import|\ssrc=", html)
    assert "prefers-color-scheme: dark" in html
    assert 'name="viewport"' in html
