"""What makes two entries the same article."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from services.poller.domain.articles import Findings, KnownArticle, compare
from services.poller.domain.entry import Document, Entry
from services.poller.domain.feed import Feed
from services.poller.domain.identity import feed_id, identities, revision

NOW = datetime(2026, 11, 24, tzinfo=UTC)
FEED = Feed(feed_id("https://a.example/"), "https://a.example/", NOW)
A = Entry(guid="g", link="https://a.example/a", title="A", text="Text of A.")
B = Entry(guid="g", link="https://a.example/b", title="B", text="Text of B.")


class Archive:
    """What was found so far, poll after poll."""

    def __init__(self) -> None:
        self.known: dict[str, KnownArticle] = {}

    def poll(self, *entries: Entry) -> Findings:
        findings = compare(FEED, Document("rss20", entries=entries), self.known, NOW)
        for article in findings.new:
            before = self.known.get(article.id, KnownArticle(None, frozenset(), 0))
            self.known[article.id] = KnownArticle(
                article.url, before.revisions | {article.revision}, article.revision_number
            )
        return findings


def plain(entry: Entry) -> str:
    return identities(FEED.id, entry).plain


def test_ids_stay_what_they_were_from_release_to_release() -> None:
    assert FEED.id == "4b0dfb0b16ac"
    assert plain(A) == "3dfeff5d729e1ad6deb1d9be8dfbb59d"
    assert revision("A", "Text", None, "en") == "f83acdae34da8b2f"


def test_guid_decides_whatever_else_changes() -> None:
    changed = replace(A, link="https://a.example/moved", title="New", text="New")
    assert plain(changed) == plain(A)


def test_link_without_its_fragment_decides_where_there_is_no_guid() -> None:
    entry = replace(A, guid=None)
    assert plain(replace(entry, link="https://a.example/a#live")) == plain(entry)
    assert plain(replace(entry, link="https://a.example/b")) != plain(entry)


def test_title_and_date_decide_where_there_is_neither() -> None:
    entry = Entry(title="A", text="x", published_at=NOW)
    assert plain(replace(entry, text="y")) == plain(entry)
    assert plain(replace(entry, published_at=NOW + timedelta(days=1))) != plain(entry)
    assert plain(replace(entry, published_at=None)) != plain(entry)


def test_text_decides_where_there_is_nothing_else() -> None:
    assert plain(Entry(text="x")) == plain(Entry(text="x"))
    assert plain(Entry(text="x")) != plain(Entry(text="y"))


def test_same_guid_in_two_feeds_is_two_articles() -> None:
    assert identities("one", A).plain != identities("two", A).plain


def test_entries_that_share_a_guid_are_told_apart_by_their_links() -> None:
    archive = Archive()
    assert archive.poll(A, B).articles == 2
    assert archive.poll(B, A).new == ()
    assert archive.poll(A).new == ()
    assert archive.poll(B).new == ()


def test_article_keeps_its_id_when_another_with_its_guid_appears() -> None:
    archive = Archive()
    [first] = archive.poll(A).new
    [second] = archive.poll(B, A).new
    assert (second.title, second.revision_number) == ("B", 1)
    assert archive.poll(B).new == ()
    [revised] = archive.poll(B, replace(A, text="Changed.")).new
    assert (revised.id, revised.revision_number) == (first.id, 2)


def test_link_that_changes_under_one_guid_is_a_revision() -> None:
    archive = Archive()
    archive.poll(A)
    [moved] = archive.poll(replace(A, link="https://a.example/moved")).new
    assert moved.revision_number == 2


def test_shared_guid_without_link_stays_the_guid() -> None:
    assert Archive().poll(A, B, replace(A, link=None, title="C")).articles == 3


def test_repeated_entry_counts_once_in_its_latest_form() -> None:
    old = replace(A, text="Old.", updated_at=NOW - timedelta(hours=1))
    new = replace(A, text="New.", updated_at=NOW)
    for entries in ((old, new), (new, old)):
        [article] = Archive().poll(*entries).new
        assert article.text == "New."


def test_configured_language_stands_in_for_none() -> None:
    feed = replace(FEED, language="fr", title="Outlet")
    document = Document("rss20", entries=(A, replace(B, guid="h", language="ar")))
    findings = compare(feed, document, {}, NOW)
    assert [article.language for article in findings.new] == ["ar", "fr"]
    assert {article.outlet for article in findings.new} == {"Outlet"}


def test_link_too_long_for_the_contract_is_left_out() -> None:
    [article] = Archive().poll(replace(A, link="https://a.example/" + "x" * 5000)).new
    assert article.url is None


def test_date_of_update_stands_in_for_that_of_publication() -> None:
    [article] = Archive().poll(replace(A, updated_at=NOW)).new
    assert article.published_at == NOW


def test_entry_that_says_nothing_is_no_article() -> None:
    assert Archive().poll(Entry(guid="g", link="https://a.example/a")).new == ()
