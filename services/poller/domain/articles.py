"""From a document's entries to article revisions: which are new, and which were seen before."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from schemas import Article
from services.poller.domain.entry import Document, Entry
from services.poller.domain.feed import Feed
from services.poller.domain.identity import choose, identities, revision, shared_guids
from services.poller.domain.urls import MAX_URL_CHARS, without_fragment

MIN_DATE = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class KnownArticle:
    """What the archive has of an article."""

    url: str | None
    """Of its latest revision."""
    revisions: frozenset[str]
    latest_number: int


@dataclass(frozen=True, slots=True)
class Findings:
    """What a document holds, held against the archive."""

    new: tuple[Article, ...] = ()
    """Revisions that the archive lacks, oldest first."""
    seen: tuple[tuple[str, str], ...] = ()
    """Article id and revision of those that it has."""

    @property
    def articles(self) -> int:
        """Number of articles that were never seen before."""
        return sum(article.revision_number == 1 for article in self.new)

    @property
    def revised(self) -> int:
        """Number of new revisions of known articles."""
        return len(self.new) - self.articles


def possible_ids(feed_id: str, entries: Iterable[Entry]) -> frozenset[str]:
    """Return every id that an entry may turn out to have, for asking the archive."""
    ids = [identities(feed_id, entry) for entry in entries]
    qualified = (each.qualified for each in ids if each.qualified)
    return frozenset({each.plain for each in ids}.union(qualified))


def compare(
    feed: Feed, document: Document, known: Mapping[str, KnownArticle], fetched_at: datetime
) -> Findings:
    """Hold a document's entries against the archive.

    Feeds list the newest entry first; findings come the other way round, so that articles are
    published in the order in which they appeared.

    Args:
        feed: where the document came from.
        document: what was parsed.
        known: what the archive has of `possible_ids`, by article id.
        fetched_at: when the document was received.
    """
    new: list[Article] = []
    seen: list[tuple[str, str]] = []
    for article_id, entry in reversed(_by_article(feed.id, document.entries, known).items()):
        before = known.get(article_id)
        article = _article(feed, article_id, entry, before, fetched_at)
        if before and article.revision in before.revisions:
            seen.append((article.id, article.revision))
        else:
            new.append(article)
    return Findings(tuple(new), tuple(seen))


def _by_article(
    feed_id: str, entries: tuple[Entry, ...], known: Mapping[str, KnownArticle]
) -> dict[str, Entry]:
    """Return the entry to use for each article: the latest, where a document repeats one.

    Entries with neither title nor text say nothing and are passed over.
    """
    links = {
        article_id: without_fragment(article.url) if article.url else None
        for article_id, article in known.items()
    }
    shared = shared_guids(entries)
    chosen: dict[str, Entry] = {}
    for entry in entries:
        if not entry.title and not entry.text:
            continue
        article_id = choose(entry, identities(feed_id, entry), shared, links)
        other = chosen.get(article_id)
        if other is None or (entry.date or MIN_DATE) > (other.date or MIN_DATE):
            chosen[article_id] = entry
    return chosen


def _article(
    feed: Feed, article_id: str, entry: Entry, before: KnownArticle | None, fetched_at: datetime
) -> Article:
    url = entry.link if entry.link and len(entry.link) <= MAX_URL_CHARS else None
    language = entry.language or feed.language
    return Article(
        id=article_id,
        revision=revision(entry.title, entry.text, url, language),
        revision_number=before.latest_number + 1 if before else 1,
        feed_id=feed.id,
        outlet=feed.outlet,
        url=url,
        title=entry.title,
        text=entry.text,
        language=language,
        authors=entry.authors,
        published_at=entry.published_at or entry.updated_at,
        fetched_at=fetched_at,
        truncated=entry.truncated,
    )
