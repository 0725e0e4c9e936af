"""What every registry and every archive does: run on the fakes and on PostgreSQL."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Protocol

import pytest

from services.poller.domain.articles import Findings, compare, possible_ids
from services.poller.domain.entry import Document, Entry
from services.poller.domain.failure import FailureReason
from services.poller.domain.feed import FeedSpec, FeedState, Lease, feed_spec
from services.poller.ports import Archive, FeedRegistry
from services.runtime.clock import FakeClock
from services.runtime.errors import ConflictError, NotFoundError, UsageError

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
URL = "https://outlet.example/feed"


class Store(Protocol):
    """A registry and an archive over the same feeds."""

    registry: FeedRegistry
    archive: Archive
    clock: FakeClock

    async def published(self) -> list[tuple[str, str, int]]:
        """Return article id, revision and revision number of the messages to be sent."""
        ...


async def lease_one(store: Store, owner: str = "one", seconds: float = 120) -> Lease:
    """Take the one feed that is due."""
    [lease] = await store.registry.lease(owner, store.clock.now(), 10, seconds)
    return lease


class RegistryContract:
    """Subclasses give a fixture `store`."""

    async def test_added_feed_is_due_at_once(self, store: Store) -> None:
        added = await store.registry.add(URL, "Outlet", "en-GB", 300, ("sudan", "aid"))
        assert (added.title, added.language, added.interval) == ("Outlet", "en", 300)
        assert added.tags == ("sudan", "aid")
        assert added.state.next_poll_at == NOON
        assert (await lease_one(store)).feed == added
        assert await store.registry.list() == (added,)

    async def test_feed_is_found_by_id_and_by_any_spelling_of_its_address(
        self, store: Store
    ) -> None:
        added = await store.registry.add("HTTPS://Outlet.Example:443/feed#top")
        assert added.url == URL
        assert await store.registry.get(added.id) == added
        assert await store.registry.get("https://OUTLET.example/feed") == added

    async def test_feed_cannot_be_added_twice(self, store: Store) -> None:
        await store.registry.add(URL)
        with pytest.raises(ConflictError, match="known already"):
            await store.registry.add("https://OUTLET.example/feed#x")

    async def test_wrong_address_is_refused(self, store: Store) -> None:
        with pytest.raises(UsageError, match="does not start with http"):
            await store.registry.add("ftp://outlet.example/feed")

    async def test_removed_feed_is_gone(self, store: Store) -> None:
        added = await store.registry.add(URL)
        assert await store.registry.remove(URL) == added
        assert await store.registry.list() == ()
        for missing in (URL, added.id, "nonsense"):
            with pytest.raises(NotFoundError, match="there is no feed"):
                await store.registry.remove(missing)
            with pytest.raises(NotFoundError, match="there is no feed"):
                await store.registry.get(missing)

    async def test_list_adds_new_feeds_and_updates_known_ones(self, store: Store) -> None:
        await store.registry.add(URL, "Old", "en", 300, ("old",))
        imported = await store.registry.add_all(
            [feed_spec(URL, "New", tags=("new",)), FeedSpec("https://other.example/")]
        )
        assert [feed.url for feed in imported.added] == ["https://other.example/"]
        [updated] = imported.updated
        assert (updated.title, updated.language, updated.interval) == ("New", "en", 300)
        assert updated.tags == ("new",)
        assert len(await store.registry.list()) == 2

    async def test_list_without_tags_leaves_those_of_a_known_feed(self, store: Store) -> None:
        await store.registry.add(URL, tags=("sudan",))
        [updated] = (await store.registry.add_all([FeedSpec(URL)])).updated
        assert updated.tags == ("sudan",)

    async def test_empty_list_adds_nothing(self, store: Store) -> None:
        imported = await store.registry.add_all([])
        assert (imported.added, imported.updated) == ((), ())

    async def test_list_may_repeat_a_feed(self, store: Store) -> None:
        imported = await store.registry.add_all([FeedSpec(URL), FeedSpec(URL)])
        assert len(imported.added) == 1

    async def test_leased_feed_is_left_alone_by_others(self, store: Store) -> None:
        await store.registry.add(URL)
        await lease_one(store, "one")
        assert await store.registry.lease("two", NOON, 10, 120) == ()

    async def test_lease_that_ran_out_can_be_taken_and_the_late_result_is_not_written(
        self, store: Store
    ) -> None:
        await store.registry.add(URL)
        late = await lease_one(store, "one")
        store.clock.at += timedelta(seconds=120)
        current = await lease_one(store, "two")
        assert not await store.registry.record(late, FeedState(etag="late"))
        assert await store.registry.record(current, FeedState(etag="current"))
        assert (await store.registry.get(URL)).state.etag == "current"
        assert not await store.registry.record(late, FeedState(etag="late"))

    async def test_second_lease_of_the_same_owner_is_another_lease(self, store: Store) -> None:
        await store.registry.add(URL)
        late = await lease_one(store, "one")
        store.clock.at += timedelta(seconds=121)
        await lease_one(store, "one")
        assert not await store.registry.record(late, FeedState(etag="late"))

    async def test_result_for_a_removed_feed_is_not_written(self, store: Store) -> None:
        await store.registry.add(URL)
        lease = await lease_one(store)
        await store.registry.remove(URL)
        assert not await store.registry.record(lease, FeedState())

    async def test_released_feeds_can_be_taken_at_once(self, store: Store) -> None:
        await store.registry.add(URL)
        await lease_one(store, "one")
        await store.registry.release("two")
        assert await store.registry.lease("two", NOON, 10, 120) == ()
        await store.registry.release("one")
        assert (await lease_one(store, "two")).owner == "two"

    async def test_most_overdue_feeds_come_first(self, store: Store) -> None:
        for name in "abc":
            await store.registry.add(f"https://{name}.example/")
            store.clock.at += timedelta(seconds=1)
        taken = await store.registry.lease("one", store.clock.now(), 2, 120)
        assert [lease.feed.url for lease in taken] == ["https://a.example/", "https://b.example/"]

    async def test_feed_is_not_leased_before_it_is_due(self, store: Store) -> None:
        await store.registry.add(URL)
        due = NOON + timedelta(seconds=600)
        assert await store.registry.record(await lease_one(store), FeedState(next_poll_at=due))
        assert await store.registry.next_due() == due
        assert await store.registry.lease("one", due - timedelta(seconds=1), 10, 120) == ()
        assert len(await store.registry.lease("one", due, 10, 120)) == 1

    async def test_next_due_is_the_first_moment_at_which_a_feed_can_be_taken(
        self, store: Store
    ) -> None:
        assert await store.registry.next_due() is None
        await store.registry.add(URL)
        assert await store.registry.next_due() == NOON
        lease = await lease_one(store)
        assert await store.registry.next_due() == lease.until

    async def test_whole_state_comes_back_as_stored(self, store: Store) -> None:
        await store.registry.add(URL)
        state = FeedState(
            next_poll_at=NOON + timedelta(hours=1),
            last_polled_at=NOON,
            last_success_at=NOON - timedelta(days=1),
            last_new_at=NOON - timedelta(days=2),
            last_status=503,
            failure_reason=FailureReason.SERVER_ERROR,
            failure_message="the server did not give it",
            consecutive_failures=3,
            articles=12,
            etag='W/"x"',
            last_modified="Tue, 24 Nov 2026 12:00:00 GMT",
            moved_to="https://new.example/feed",
            stated_title="The Outlet",
            stated_interval=1800.0,
        )
        assert await store.registry.record(await lease_one(store), state)
        assert (await store.registry.get(URL)).state == state


def entries(*titles: str, text: str = "Text.") -> Document:
    """Return a document with an entry for each title, newest first."""
    return Document(
        "rss20",
        entries=tuple(
            Entry(guid=title, link=f"https://outlet.example/{title}", title=title, text=text)
            for title in titles
        ),
    )


class ArchiveContract:
    """Subclasses give a fixture `store`."""

    async def poll(self, store: Store, document: Document) -> Findings:
        """Hold a document against the archive and store what is new."""
        lease = await lease_one(store)
        known = await store.archive.known(possible_ids(lease.feed.id, document.entries))
        findings = compare(lease.feed, document, known, store.clock.now())
        # A state without a next poll leaves the feed due.
        assert await store.archive.store(lease, FeedState(), findings)
        return findings

    async def test_new_articles_are_published_in_the_order_of_their_appearance(
        self, store: Store
    ) -> None:
        await store.registry.add(URL)
        findings = await self.poll(store, entries("c", "b", "a"))
        assert [article.title for article in findings.new] == ["a", "b", "c"]
        expected = [(article.id, article.revision, 1) for article in findings.new]
        assert await store.published() == expected

    async def test_known_revision_publishes_nothing(self, store: Store) -> None:
        await store.registry.add(URL)
        await self.poll(store, entries("a", "b"))
        store.clock.at += timedelta(hours=2)
        findings = await self.poll(store, entries("a", "b"))
        assert (findings.new, len(findings.seen)) == ((), 2)
        assert len(await store.published()) == 2

    async def test_changed_text_is_the_next_revision(self, store: Store) -> None:
        await store.registry.add(URL)
        [first] = (await self.poll(store, entries("a"))).new
        [second] = (await self.poll(store, entries("a", text="Changed."))).new
        assert (second.id, second.revision_number) == (first.id, 2)
        assert second.revision != first.revision

    async def test_revision_that_flips_back_publishes_nothing(self, store: Store) -> None:
        await store.registry.add(URL)
        for text in ("One.", "Two.", "One.", "Two."):
            await self.poll(store, entries("a", text=text))
        assert [number for _, _, number in await store.published()] == [1, 2]
        [third] = (await self.poll(store, entries("a", text="Three."))).new
        assert third.revision_number == 3

    async def test_lost_lease_stores_neither_article_nor_state(self, store: Store) -> None:
        feed = await store.registry.add(URL)
        late = await lease_one(store, "one")
        store.clock.at += timedelta(seconds=121)
        await lease_one(store, "two")
        findings = compare(feed, entries("a"), {}, NOON)
        assert not await store.archive.store(late, FeedState(etag="late"), findings)
        assert await store.published() == []
        assert await store.archive.known([findings.new[0].id]) == {}
        assert (await store.registry.get(URL)).state.etag is None

    async def test_unknown_articles_are_left_out(self, store: Store) -> None:
        assert await store.archive.known(["0" * 32]) == {}
        assert await store.archive.known([]) == {}

    async def test_article_comes_back_with_its_latest_link_and_all_its_revisions(
        self, store: Store
    ) -> None:
        feed = await store.registry.add(URL)
        document = entries("a")
        await self.poll(store, document)
        moved = replace(document.entries[0], link="https://outlet.example/moved")
        await self.poll(store, replace(document, entries=(moved,)))
        [(_, known)] = (await store.archive.known(possible_ids(feed.id, (moved,)))).items()
        assert known.url == "https://outlet.example/moved"
        assert (known.latest_number, len(known.revisions)) == (2, 2)
