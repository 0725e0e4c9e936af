"""Importing into an archive in memory."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice

import pytest

from schemas import Article
from services.poller.domain.articles import KnownArticle
from services.poller.domain.entry import Entry
from services.replay.adapters.files import BrokenFileError
from services.replay.domain.imports import (
    Counts,
    Found,
    Import,
    Remark,
    Standing,
    Verdict,
    make_article,
    number_revisions,
)
from services.replay.importing import BATCH_RECORDS, Imported, Importing, Told, in_batches
from services.runtime.clock import FakeClock
from services.runtime.errors import AccesswatchError, ConflictError
from tests.support.builders import NOON

LONG_AGO = NOON - timedelta(days=3000)
WANTED = Import("old", "import-old", "Outlet", "fr", "old.jsonl", "f.0", "me", NOON)


class FakeStore:
    """An archive and one import; both change together or not at all."""

    def __init__(self) -> None:
        self.rows: dict[tuple[str, str], Article] = {}
        self.standing: Standing | None = None
        self.writes = 0
        self.dies_at: int | None = None
        """The write during which the process is killed."""

    async def find(self) -> Standing | None:
        return self.standing

    async def begin(self, wanted: Import) -> None:
        self.standing = Standing(wanted, 0, Counts(), None)

    async def known(self, article_ids: Collection[str]) -> Mapping[str, KnownArticle]:
        found = {}
        for article_id in article_ids:
            mine = [each for each in self.rows.values() if each.id == article_id]
            if mine:
                revisions = frozenset(each.revision for each in mine)
                found[article_id] = KnownArticle(None, revisions, len(mine))
        return found

    async def write(
        self, new: Sequence[Article], known: Sequence[Article], position: int, counts: Counts
    ) -> None:
        self.writes += 1
        if self.writes == self.dies_at:
            raise KeyboardInterrupt
        assert self.standing
        for each in new:
            assert (each.id, each.revision) not in self.rows
            self.rows[each.id, each.revision] = each
        for each in known:
            held = self.rows[each.id, each.revision]
            if held.published_at is None and each.published_at:
                self.rows[each.id, each.revision] = each
        self.standing = replace(self.standing, position=position, counts=counts)

    async def finish(self, at: datetime) -> None:
        assert self.standing
        self.standing = replace(self.standing, finished_at=at)

    async def forget(self) -> None:
        self.standing = None


class File:
    """A file's records, and how often they were asked for."""

    def __init__(self, *records: Found) -> None:
        self.records = records
        self.reads: list[int] = []
        self.broken = False

    def read(self, skip: int) -> Iterator[Found]:
        self.reads.append(skip)
        yield from self.records[skip:]
        if self.broken:
            raise BrokenFileError("the file is cut short", "Get it again.")


def found(place: int, text: str = "", trouble: str | None = None, **fields: object) -> Found:
    """Return a record that is an article."""
    values: dict[str, object] = {"guid": str(place), "text": text or f"Text {place}"} | fields
    return Found(place, place, Entry(**values), trouble=trouble)  # type: ignore[arg-type]


async def run(
    store: FakeStore,
    file: File,
    wanted: Import = WANTED,
    told: Told | None = None,
    *,
    again: bool = False,
    dry_run: bool = False,
) -> Imported:
    importing = Importing(store, FakeClock(NOON), told or Told())
    return await importing.run(wanted, file.read, again=again, dry_run=dry_run)


def test_an_article_is_filed_under_the_time_when_it_was_published() -> None:
    record = replace(found(1, published_at=LONG_AGO, link="https://a.example/"), outlet="Post")
    assert record.entry
    article = make_article(record, record.entry, WANTED)
    assert (article.feed_id, article.outlet, article.language) == ("import-old", "Post", "fr")
    assert (article.fetched_at, article.published_at) == (LONG_AGO, LONG_AGO)
    undated = found(1, language="en")
    assert undated.entry
    article = make_article(undated, undated.entry, WANTED)
    assert (article.outlet, article.language) == ("Outlet", "en")
    assert (article.fetched_at, article.published_at) == (NOON, None)


def test_an_article_is_known_by_id_else_address_else_title_and_date_else_text() -> None:
    def identity(guid: str | None = None, text: str = "", **fields: object) -> str:
        record = found(1, text, None, guid=guid, **fields)
        assert record.entry
        return make_article(record, record.entry, WANTED).id

    link = "https://a.example/1"
    assert identity(guid="1", link=link) == identity(guid="1", text="other", title="t")
    assert identity(link=link) == identity(link=link, text="other") != identity(guid="1")
    assert identity(title="t", text="a") == identity(title="t", text="b")
    assert identity(title="t") != identity(title="t", published_at=LONG_AGO)
    assert identity(text="a") != identity(text="b")


def test_revisions_are_numbered_in_the_order_of_the_file() -> None:
    def article(text: str) -> Article:
        record = found(1, text)
        assert record.entry
        return make_article(record, record.entry, WANTED)

    one, two, three = map(article, ("one", "two", "three"))
    known = {one.id: KnownArticle(None, frozenset({one.revision}), 1)}
    findings = number_revisions([two, one, three, two], known)
    assert [(each.text, each.revision_number) for each in findings.new] == [
        ("two", 2),
        ("three", 3),
    ]
    assert findings.seen == ((one.id, one.revision), (two.id, two.revision))


async def test_records_become_articles_and_the_rest_is_counted_and_named() -> None:
    store, remarks = FakeStore(), list[Remark]()
    file = File(
        found(1, published_at=LONG_AGO),
        Found(2, 2, trouble="it is not JSON"),
        found(3, trouble="its date 'soon' cannot be read"),
        found(4),
        Found(5, 5),
        replace(found(6, published_at=LONG_AGO), entry=found(1, published_at=LONG_AGO).entry),
        found(7, language="no code"),
    )
    imported = await run(store, file, told=Told(remark=remarks.append))
    assert imported.counts == Counts(read=7, archived=3, known=1, refused=2, left_out=1, undated=2)
    assert [(each.place, each.verdict) for each in remarks] == [
        (2, Verdict.REFUSED),
        (3, Verdict.UNDATED),
        (7, Verdict.REFUSED),
    ]
    assert len(store.rows) == 3
    assert store.standing
    assert (store.standing.position, store.standing.finished_at) == (7, NOON)


async def test_importing_again_changes_nothing_and_says_so() -> None:
    store, file = FakeStore(), File(*(found(number) for number in range(1, 10)))
    first = await run(store, file)
    before = dict(store.rows), store.standing
    second = await run(store, file)
    assert (first.finished_before, second.finished_before) == (False, True)
    assert second.counts == first.counts
    assert (store.rows, store.standing) == before
    assert file.reads == [0]


@pytest.mark.parametrize("dies_at", [1, 2, 3])
async def test_a_killed_import_goes_on_where_it_was(dies_at: int) -> None:
    records = [found(number, f"Text {number % 900}") for number in range(1, 1300)]
    whole, killed, begun = FakeStore(), FakeStore(), list[int]()
    expected = await run(whole, File(*records))
    killed.dies_at = dies_at
    with pytest.raises(KeyboardInterrupt):
        await run(killed, File(*records))
    file = File(*records)
    imported = await run(killed, file, told=Told(begun=begun.append))
    done = (dies_at - 1) * BATCH_RECORDS
    assert file.reads == begun == [done]
    assert imported == replace(expected, resumed_at=done)
    assert killed.rows == whole.rows


async def test_again_reads_from_the_start_and_dates_what_had_no_date() -> None:
    store = FakeStore()
    await run(store, File(found(1), found(2, published_at=LONG_AGO)))
    other = replace(WANTED, fingerprint="f.1")
    later = LONG_AGO + timedelta(days=1)
    file = File(found(1, published_at=later), found(2, published_at=later), found(3))
    with pytest.raises(ConflictError):
        await run(store, file, other)
    imported = await run(store, file, other, again=True)
    assert (imported.counts.archived, imported.counts.known) == (1, 2)
    assert {each.published_at for each in store.rows.values()} == {later, LONG_AGO, None}


async def test_a_dry_run_reads_everything_and_writes_nothing() -> None:
    store = FakeStore()
    file = File(*(found(number) for number in range(1, 1200)), Found(1200, 1200, trouble="no"))
    imported = await run(store, file, dry_run=True)
    assert imported.dry_run
    assert (imported.counts.archived, imported.counts.refused) == (1199, 1)
    assert (store.rows, store.standing, store.writes) == ({}, None, 0)
    await run(store, file)
    again = await run(store, file, dry_run=True)
    assert (again.counts.archived, again.counts.known) == (0, 1199)
    assert not again.finished_before


async def test_what_comes_before_damage_is_stored() -> None:
    store, file = FakeStore(), File(*(found(number) for number in range(1, 701)))
    file.broken = True
    with pytest.raises(BrokenFileError):
        await run(store, file)
    assert len(store.rows) == 700
    assert store.standing
    assert (store.standing.position, store.standing.finished_at) == (700, None)


@pytest.mark.parametrize(
    ("record", "part"),
    [
        (Found(1, 1, trouble="it is not JSON"), r"can be read \(1 refused\)"),
        (Found(1, 1), r"no article \(1 records"),
    ],
)
async def test_a_file_without_any_article_is_an_error_and_leaves_no_trace(
    record: Found, part: str
) -> None:
    store = FakeStore()
    with pytest.raises(AccesswatchError, match=part):
        await run(store, File(record))
    assert (store.standing, store.rows) == (None, {})


def test_batches_end_after_many_records_or_much_text() -> None:
    records = [found(number) for number in range(1, 1200)]
    assert [len(each) for each in in_batches(iter(records))] == [500, 500, 199]
    long = (found(number, "x" * 1_000_000) for number in range(1, 10))
    assert [len(each) for each in in_batches(long)] == [4, 4, 1]


def test_no_more_is_read_than_a_batch_needs() -> None:
    taken: list[int] = []

    def endless() -> Iterator[Found]:
        place = 0
        while True:
            place += 1
            taken.append(place)
            yield found(place)

    assert len(next(islice(in_batches(endless()), 2, 3))) == BATCH_RECORDS
    assert len(taken) == 3 * BATCH_RECORDS
