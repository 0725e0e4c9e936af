"""The use case: read a file of historic articles into the archive, once, whatever happens."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from schemas import Article
from services.poller.domain.articles import KnownArticle
from services.replay.domain.imports import (
    Counts,
    Found,
    Import,
    Remark,
    Standing,
    make_article,
    number_revisions,
    remark_on,
    tally,
)
from services.replay.domain.imports_naming import where_to_begin
from services.runtime.clock import Clock
from services.runtime.errors import AccesswatchError

BATCH_RECORDS = 500
BATCH_CHARS = 4_000_000
"""Characters of text beyond which a batch is written, however few its records are."""


class ImportStore(Protocol):
    """One import and the archive, held by this process alone."""

    async def find(self) -> Standing | None:
        """Return how far it is, or None where it was never begun."""
        ...

    async def begin(self, wanted: Import) -> None:
        """Note that it begins, at the first record."""
        ...

    async def known(self, article_ids: Collection[str]) -> Mapping[str, KnownArticle]:
        """Return what the archive has of some articles."""
        ...

    async def write(
        self, new: Sequence[Article], known: Sequence[Article], position: int, counts: Counts
    ) -> None:
        """Store revisions together with how far the import is then, or nothing.

        Args:
            new: those that the archive lacks.
            known: those that it has; where it has them without a date, they get theirs.
            position: how many records of the file are dealt with.
            counts: what became of them.
        """
        ...

    async def finish(self, at: datetime) -> None:
        """Note that the file was read to its end."""
        ...

    async def forget(self) -> None:
        """Remove what is noted of it; its articles stay."""
        ...


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of an import."""

    name: str
    feed_id: str
    """Of the feed that its articles belong to."""
    file: str
    counts: Counts
    """Since it was begun, by however many processes."""
    resumed_at: int = 0
    """Records that an earlier run had dealt with."""
    finished_before: bool = False
    """Whether it had been read to its end already; nothing was changed then."""
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """Whom to tell of what happens meanwhile."""

    remark: Callable[[Remark], None] = lambda _: None
    """Told of each record that is refused or undated; once at least, again after a kill."""
    begun: Callable[[int], None] = lambda _: None
    """Told before the first is read how many records an earlier run has dealt with."""
    progress: Callable[[Counts], None] = lambda _: None
    """Told after each batch."""


class Importing:
    """Imports one file.

    Args:
        store: the import, held by this process.
        clock: the present.
        told: whom to tell of what happens.
    """

    def __init__(self, store: ImportStore, clock: Clock, told: Told) -> None:
        self._store = store
        self._clock = clock
        self._told = told

    async def run(
        self,
        wanted: Import,
        read: Callable[[int], Iterator[Found]],
        *,
        again: bool = False,
        dry_run: bool = False,
    ) -> Imported:
        """Read a file to its end, from where an earlier run of the same import came to.

        Args:
            wanted: the file and what is said of it.
            read: yields its records without the first so many.
            again: begin anew, whatever is stored of that import; its articles stay.
            dry_run: read all of it and write nothing. An article that comes twice in the file is
                then counted as archived twice, unless both fall into one batch.

        Raises:
            ConflictError: another file was imported under the name, or the same one otherwise.
            AccesswatchError: the file is damaged, or nothing in it can be read. What came before
                the damage is stored.
        """
        standing = where_to_begin(await self._store.find(), wanted, again=again)
        if standing.finished_at and not dry_run:
            return self._result(standing, finished_before=True)
        if dry_run:
            standing = Standing(standing.wanted, 0, Counts(), None)
        elif standing.position == 0:
            await self._store.begin(standing.wanted)
        resumed_at = standing.position
        self._told.begun(resumed_at)
        standing = await self._read_all(standing, read, dry_run=dry_run)
        if not standing.counts.articles:
            if not dry_run:
                await self._store.forget()
            raise _nothing(wanted, standing.counts)
        if not dry_run:
            await self._store.finish(self._clock.now())
        return self._result(standing, resumed_at=resumed_at, dry_run=dry_run)

    async def _read_all(
        self, standing: Standing, read: Callable[[int], Iterator[Found]], *, dry_run: bool
    ) -> Standing:
        for batch in in_batches(read(standing.position)):
            standing = await self._take(standing, batch, dry_run=dry_run)
            self._told.progress(standing.counts)
        return standing

    async def _take(self, standing: Standing, batch: Sequence[Found], *, dry_run: bool) -> Standing:
        articles, checked = _articles(batch, standing.wanted)
        for found in checked:
            remark = remark_on(found)
            if remark:
                self._told.remark(remark)
        known = await self._store.known({each.id for each in articles})
        findings = number_revisions(articles, known)
        counts = standing.counts + replace(
            tally(checked), archived=len(findings.new), known=len(findings.seen)
        )
        position = batch[-1].position
        if not dry_run:
            seen = set(findings.seen)
            again = [each for each in articles if (each.id, each.revision) in seen]
            await self._store.write(findings.new, again, position, counts)
        return replace(standing, position=position, counts=counts)

    def _result(
        self,
        standing: Standing,
        *,
        resumed_at: int = 0,
        finished_before: bool = False,
        dry_run: bool = False,
    ) -> Imported:
        return Imported(
            name=standing.wanted.name,
            feed_id=standing.wanted.feed_id,
            file=standing.wanted.file,
            counts=standing.counts,
            resumed_at=resumed_at,
            finished_before=finished_before,
            dry_run=dry_run,
        )


def in_batches(records: Iterator[Found]) -> Iterator[list[Found]]:
    """Yield records in batches; where reading fails, those that came before and then the error."""
    batch: list[Found] = []
    chars = 0
    try:
        for found in records:
            batch.append(found)
            chars += len(found.entry.text) if found.entry else 0
            if len(batch) >= BATCH_RECORDS or chars >= BATCH_CHARS:
                yield batch
                batch, chars = [], 0
    except AccesswatchError:
        if batch:
            yield batch
        raise
    if batch:
        yield batch


def _articles(batch: Iterable[Found], wanted: Import) -> tuple[list[Article], list[Found]]:
    """Return the articles of a batch, and the batch with those refused that make none."""
    articles: list[Article] = []
    checked: list[Found] = []
    for found in batch:
        try:
            if found.entry:
                articles.append(make_article(found, found.entry, wanted))
            checked.append(found)
        except ValueError as error:
            why = f"it makes no article ({error})"
            checked.append(replace(found, entry=None, outlet=None, trouble=why))
    return articles, checked


def _nothing(wanted: Import, counts: Counts) -> AccesswatchError:
    if counts.read == counts.left_out:
        return AccesswatchError(
            f"{wanted.file} holds no article ({counts.left_out:,} records left out)",
            "Give it a file with articles; of a WARC, only HTML answered with status 200 counts.",
        )
    return AccesswatchError(
        f"nothing in {wanted.file} can be read ({counts.refused:,} refused)",
        "See what is said of the first ones; --format, --column and --encoding say how to read it.",
    )
