"""An import: a file of historic articles as a feed that nobody polls. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from enum import StrEnum

from schemas import Article
from services.poller.domain.articles import Findings, KnownArticle
from services.poller.domain.entry import Entry
from services.poller.domain.identity import identities, revision
from services.poller.domain.urls import MAX_URL_CHARS


class Format(StrEnum):
    """What a file of articles may be."""

    JSONL = "jsonl"
    """An article a line."""
    CSV = "csv"
    """An article a row, under a row of headings."""
    WARC = "warc"
    """Web pages as a crawler stored them (ISO 28500)."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a reader made of one record.

    An entry without trouble is an article; one with trouble is an article whose date is of no
    use. Trouble without an entry means a record that cannot be read, and neither of them one that
    is not meant to be an article.
    """

    position: int
    """How many records of the file are dealt with once this one is."""
    place: int
    """Where it begins: line of a JSONL or CSV file, record of a WARC; from 1."""
    entry: Entry | None = None
    outlet: str | None = None
    """Who published it, where the record says so."""
    trouble: str | None = None


class Verdict(StrEnum):
    """What became of a record that is named to the user."""

    REFUSED = "refused"
    """Not readable; skipped."""
    UNDATED = "undated"
    """Imported without its date, which cannot be right."""


@dataclass(frozen=True, slots=True)
class Remark:
    """Something to tell of one record."""

    place: int
    verdict: Verdict
    why: str


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of records. `read` is the sum of archived, known, refused and left out."""

    read: int = 0
    archived: int = 0
    """Revisions that the archive lacked."""
    known: int = 0
    """Revisions that it had."""
    refused: int = 0
    left_out: int = 0
    """Not meant to be articles: pictures, scripts and error pages of a WARC."""
    undated: int = 0
    """Imported without a date, because there is none or it cannot be right."""

    def __add__(self, other: "Counts") -> "Counts":
        names = (each.name for each in fields(self))
        return Counts(*(getattr(self, name) + getattr(other, name) for name in names))

    @property
    def articles(self) -> int:
        """How many records are articles."""
        return self.archived + self.known


@dataclass(frozen=True, slots=True)
class Import:
    """A file, and what is said of its articles."""

    name: str
    feed_id: str
    outlet: str
    """Who published the articles that do not say it."""
    language: str | None
    """ISO 639 code of articles that state none; None: to be recognised."""
    file: str
    """As the user named it."""
    fingerprint: str | None
    """Of the file and of how it is read; None for standard input, which cannot be resumed."""
    created_by: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """An import as stored: how far it is."""

    wanted: Import
    position: int
    counts: Counts
    finished_at: datetime | None


def make_article(found: Found, entry: Entry, wanted: Import) -> Article:
    """Return the article of a record, as if it were its first revision.

    `fetched_at` is when it was published: a stretch of time, of a replay or a backtest, then finds
    the article where it belongs. Where that is not known it is the time of the import.
    """
    url = entry.link if entry.link and len(entry.link) <= MAX_URL_CHARS else None
    language = entry.language or wanted.language
    return Article(
        id=identities(wanted.feed_id, entry).plain,
        revision=revision(entry.title, entry.text, url, language),
        revision_number=1,
        feed_id=wanted.feed_id,
        outlet=found.outlet or wanted.outlet,
        url=url,
        title=entry.title,
        text=entry.text,
        language=language,
        authors=entry.authors,
        published_at=entry.published_at,
        fetched_at=entry.published_at or wanted.created_at,
        truncated=entry.truncated,
    )


def number_revisions(articles: Iterable[Article], known: Mapping[str, KnownArticle]) -> Findings:
    """Hold articles against the archive, and number the revisions that it lacks.

    Args:
        articles: in the order of the file; one that comes twice is a later revision of itself,
            unless its content is the same.
        known: what the archive has of them, by article id.
    """
    numbers = {key: each.latest_number for key, each in known.items()}
    revisions = {key: set(each.revisions) for key, each in known.items()}
    new: list[Article] = []
    seen: list[tuple[str, str]] = []
    for each in articles:
        had = revisions.setdefault(each.id, set())
        if each.revision in had:
            seen.append((each.id, each.revision))
            continue
        had.add(each.revision)
        numbers[each.id] = numbers.get(each.id, 0) + 1
        new.append(each.model_copy(update={"revision_number": numbers[each.id]}))
    return Findings(tuple(new), tuple(seen))


def remark_on(found: Found) -> Remark | None:
    """Return what is to be told of a record, if anything."""
    if found.trouble is None:
        return None
    verdict = Verdict.UNDATED if found.entry else Verdict.REFUSED
    return Remark(found.place, verdict, found.trouble)


def tally(batch: Iterable[Found]) -> Counts:
    """Count records, without those that only the archive can tell: archived and known."""
    counts = Counts()
    for each in batch:
        counts = replace(
            counts,
            read=counts.read + 1,
            refused=counts.refused + (each.entry is None and each.trouble is not None),
            left_out=counts.left_out + (each.entry is None and each.trouble is None),
            undated=counts.undated + (each.entry is not None and each.entry.published_at is None),
        )
    return counts
