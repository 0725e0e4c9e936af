"""An article: what the poller publishes for each revision of a feed's entry."""

from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, Field

from schemas.message import Message

ARTICLE_ID_PATTERN = r"^[0-9a-f]{32}$"
REVISION_PATTERN = r"^[0-9a-f]{16}$"


def _whole(text: str) -> str:
    """Return a text, or refuse one that no JSON can hold; Pydantic does where lengths are limited.

    Raises:
        ValueError: it has half a character (a lone surrogate).
    """
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValueError(f"half a character at {error.start}") from error
    return text


class Article(Message):
    """One revision of an article, on topic `articles`, keyed by `id`."""

    id: str = Field(pattern=ARTICLE_ID_PATTERN)
    """Hash of what identifies the entry within its feed, not of its text: 32 hex digits."""

    revision: str = Field(pattern=REVISION_PATTERN)
    """Hash of the content (title, text, url, language): 16 hex digits."""

    revision_number: int = Field(ge=1)
    """1 for the first revision seen of this article, then 2, 3, …"""

    feed_id: str = Field(min_length=1, max_length=64)
    """The feed that carried it."""

    outlet: str = Field(max_length=300)
    """Who publishes the feed, as a reader would name it."""

    url: str | None = Field(default=None, max_length=4096)
    """Where a person can read it."""

    title: str = Field(max_length=2000)
    """Headline, plain text; empty where the entry has none."""

    text: Annotated[str, AfterValidator(_whole)]
    """Plain text, paragraphs separated by a blank line. Statement offsets count into it."""

    language: str | None = Field(default=None, pattern=r"^[a-z]{2,3}$")
    """ISO 639 code as the feed states it, or null."""

    authors: tuple[str, ...] = ()
    """As the feed names them."""

    published_at: AwareDatetime | None = None
    """When the outlet says that it published the article."""

    fetched_at: AwareDatetime
    """When the poller received this revision."""

    truncated: bool = False
    """True where the text was cut at the poller's limit."""
