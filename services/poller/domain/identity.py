"""Identity: what makes two feeds, two entries or two revisions the same.

Every part of a hash is written with its length before it, so that no two lists of parts give the
same bytes.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256

from services.poller.domain.entry import Entry
from services.poller.domain.urls import without_fragment

FEED_ID_DIGITS = 12
"""48 bits: among 10,000 feeds, two share an id with a chance of one in five million."""
ARTICLE_ID_DIGITS = 32
REVISION_DIGITS = 16
IMPORT_PREFIX = "import-"
"""Feed ids of imported files begin so; nobody polls them and no topic holds their articles."""


def _digest(digits: int, *parts: str | None) -> str:
    written = ("-" if part is None else f"{len(part)}:{part}" for part in parts)
    return sha256("".join(written).encode("utf-8", "surrogatepass")).hexdigest()[:digits]


def feed_id(url: str) -> str:
    """Return the id of a feed, from its canonical address."""
    return _digest(FEED_ID_DIGITS, url)


def revision(title: str, text: str, url: str | None, language: str | None) -> str:
    """Return the revision of an article, from its content."""
    return _digest(REVISION_DIGITS, title, text, url, language)


def article_id(feed: str, *identity: str | None) -> str:
    """Return the id of an article, from its feed's id and its identity there."""
    return _digest(ARTICLE_ID_DIGITS, feed, *identity)


@dataclass(frozen=True, slots=True)
class Identities:
    """The ids that an entry may have."""

    plain: str
    """From the guid, else the link without its fragment, else title and date, else the text."""
    qualified: str | None
    """From guid and link, for entries whose guid turns out not to be unique."""


def identities(feed: str, entry: Entry) -> Identities:
    """Return the ids that an entry of a feed may have."""
    link = without_fragment(entry.link) if entry.link else None
    if entry.guid:
        qualified = article_id(feed, "guid", entry.guid, link) if link else None
        return Identities(article_id(feed, "guid", entry.guid), qualified)
    if link:
        return Identities(article_id(feed, "link", link), None)
    if entry.title or entry.published_at:
        date = entry.published_at.isoformat() if entry.published_at else None
        return Identities(article_id(feed, "title", entry.title, date), None)
    return Identities(article_id(feed, "text", entry.text), None)


def shared_guids(entries: Iterable[Entry]) -> frozenset[str]:
    """Return the guids that entries with different links of one document share."""
    links = {
        (entry.guid, without_fragment(entry.link)) for entry in entries if entry.guid and entry.link
    }
    counts = Counter(guid for guid, _ in links)
    return frozenset(guid for guid, count in counts.items() if count > 1)


def choose(
    entry: Entry, ids: Identities, shared: frozenset[str], known: Mapping[str, str | None]
) -> str:
    """Return the id of an entry.

    A guid that several entries of the document share is told apart by the link. So that an
    article keeps its id when the others come or go, what is known decides first: an article
    stored under guid and link stays there, and one stored under the guid alone keeps it as long
    as its link is the same.

    Args:
        entry: the entry.
        ids: its possible ids.
        shared: guids that are not unique in this document.
        known: links (without fragment) of the articles already stored, by article id.
    """
    if ids.qualified is None or ids.qualified in known:
        return ids.qualified or ids.plain
    if entry.guid not in shared:
        return ids.plain
    keeps = entry.link is not None and known.get(ids.plain) == without_fragment(entry.link)
    return ids.plain if keeps else ids.qualified
