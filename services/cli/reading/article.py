"""What a user gives as an article, as the extractor takes it."""

from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlsplit

from schemas import Article
from services.cli.reading.encoding import decode
from services.cli.reading.source import Source, fetch, is_url, read_file
from services.poller.adapters import page
from services.poller.adapters.content import MAX_TITLE_CHARS
from services.poller.domain.identity import article_id, revision
from services.poller.domain.text import clean, cut, one_line
from services.runtime.clock import SystemClock
from services.runtime.errors import UsageError
from services.runtime.settings import Settings

FEED_ID = "command-line"
MAX_OUTLET_CHARS = 300
MAX_URL_CHARS = 4096

Tell = Callable[[str], None]
"""Told what a user should know of how the article was read."""


async def read_article(given: str, language: str | None, settings: Settings, tell: Tell) -> Article:
    """Return the article in a file (plain text or HTML), at an address, or on standard input.

    Args:
        given: a path, an address, or `-`.
        language: ISO 639 code where the user states it.
        settings: which addresses may be reached, and how long texts may be.
        tell: given a sentence where an encoding was guessed, or a text was cut.

    Raises:
        AccesswatchError: there is no article; says what is there instead.
    """
    source = await fetch(given, settings.http) if is_url(given) else read_file(given)
    title, whole = _title_and_text(source, tell)
    text, was_cut = cut(whole, settings.poller.max_text_chars)
    if was_cut:
        tell(f"{source.name} is long: only its first {len(text):,} characters were read.")
    outlet = urlsplit(source.url).hostname if source.url else None
    return make_article(
        source.url or source.name, title, text, language, outlet=outlet or "", url=source.url
    )


def _title_and_text(source: Source, tell: Tell) -> tuple[str, str]:
    text, note = decode(source)
    if note:
        tell(note)
    if page.is_feed(text):
        raise UsageError(
            f"{source.name} is a feed of many articles",
            "Name one of its articles, or watch all of them: accesswatch feeds add URL.",
        )
    if page.is_page(text):
        shown = page.read_page(text)
        title, found = shown.title, shown.text
    elif page.is_fragment(text):
        title, found = page.article_of_fragment(text)
    else:
        title, found = page.article_of_text(text)
    if not found:
        raise UsageError(
            f"{source.name} has no text to read",
            "If a browser shows one, its scripts write it: copy it into a file.",
        )
    return title, found


def make_article(
    identity: str,
    title: str,
    text: str,
    language: str | None,
    *,
    outlet: str = "",
    url: str | None = None,
    now: datetime | None = None,
) -> Article:
    """Return an article as a poller would send it.

    Args:
        identity: what tells it from others.
        title: of any length.
        text: as it is; statements' offsets count into it.
        language: ISO 639 code, or null where the extractor shall tell.
        outlet: who publishes it.
        url: where it is.
        now: when it was read.
    """
    headline = one_line(title, MAX_TITLE_CHARS)
    return Article(
        id=article_id(FEED_ID, clean(identity)),
        revision=revision(headline, text, url, language),
        revision_number=1,
        feed_id=FEED_ID,
        outlet=outlet[:MAX_OUTLET_CHARS],
        url=url if url and len(url) <= MAX_URL_CHARS else None,
        title=headline,
        text=text,
        language=language,
        fetched_at=now or SystemClock().now(),
    )
