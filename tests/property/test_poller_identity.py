"""Identity, addresses, texts and lists hold for whatever is written."""

import re
from datetime import UTC, datetime
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from schemas.article import ARTICLE_ID_PATTERN, REVISION_PATTERN
from services.poller.adapters.markup import text_of
from services.poller.domain.articles import KnownArticle, compare, possible_ids
from services.poller.domain.entry import Document, Entry
from services.poller.domain.feed import MAX_INTERVAL, Feed, FeedSpec, feed_spec
from services.poller.domain.identity import identities, revision
from services.poller.domain.lists import read_feed_list, write_yaml
from services.poller.domain.text import cut, lay_out, one_line
from services.poller.domain.urls import canonical_url

NOW = datetime(2026, 11, 24, tzinfo=UTC)
FEED = Feed("feed", "https://a.example/", NOW)
few = st.sampled_from(["a", "b", "c"])
links = few.map(lambda name: f"https://a.example/{name}")
entries = st.builds(
    Entry,
    guid=st.none() | few,
    link=st.none() | links,
    title=few,
    text=few,
    published_at=st.none() | st.datetimes(timezones=st.just(UTC)),
)
documents = st.lists(entries, max_size=6).map(tuple)
any_text = st.text(st.characters(), max_size=200)


def poll(found: tuple[Entry, ...], known: dict[str, KnownArticle]) -> set[tuple[str, str]]:
    """Hold entries against what is known, add what is new, and return it."""
    findings = compare(FEED, Document("rss20", entries=found), known, NOW)
    for article in findings.new:
        before = known.get(article.id, KnownArticle(None, frozenset(), 0))
        revisions = before.revisions | {article.revision}
        known[article.id] = KnownArticle(article.url, revisions, article.revision_number)
    return {(article.id, article.revision) for article in findings.new}


@given(any_text, any_text, st.none() | any_text, st.none() | few)
def test_revision_depends_on_content_alone_and_fits_the_contract(
    title: str, text: str, url: str | None, language: str | None
) -> None:
    found = revision(title, text, url, language)
    assert re.fullmatch(REVISION_PATTERN, found)
    assert found == revision(title, text, url, language)
    assert found != revision(title + "x", text, url, language)


@given(entries)
def test_article_ids_fit_the_contract(entry: Entry) -> None:
    ids = identities("feed", entry)
    assert re.fullmatch(ARTICLE_ID_PATTERN, ids.plain)
    assert ids.qualified != ids.plain


@given(documents)
def test_polling_a_document_again_finds_nothing_new(found: tuple[Entry, ...]) -> None:
    known: dict[str, KnownArticle] = {}
    poll(found, known)
    assert poll(found, known) == set()


@given(documents, st.randoms(use_true_random=False))
def test_order_of_entries_does_not_matter_to_their_ids(
    found: tuple[Entry, ...], rng: Random
) -> None:
    shuffled = list(found)
    rng.shuffle(shuffled)
    first = compare(FEED, Document("x", entries=found), {}, NOW).new
    second = compare(FEED, Document("x", entries=tuple(shuffled)), {}, NOW).new
    assert {article.id for article in first} == {article.id for article in second}


@given(st.lists(documents, max_size=5))
def test_every_id_that_is_given_was_asked_for(polls: list[tuple[Entry, ...]]) -> None:
    known: dict[str, KnownArticle] = {}
    for found in polls:
        asked = possible_ids(FEED.id, found)
        told = {key: value for key, value in known.items() if key in asked}
        findings = compare(FEED, Document("x", entries=found), told, NOW)
        assert {article.id for article in findings.new} <= asked
        poll(found, known)


@given(any_text)
def test_laid_out_text_has_no_untidy_whitespace_and_stays_as_it_is(text: str) -> None:
    tidy = lay_out(text)
    assert tidy == lay_out(tidy)
    assert "\n\n\n" not in tidy
    assert "  " not in tidy
    assert "\0" not in tidy
    tidy.encode("utf-8")


@given(any_text.map(lay_out), st.integers(1, 100))
def test_cut_text_is_a_beginning_that_fits(text: str, limit: int) -> None:
    kept, truncated = cut(text, limit)
    assert len(kept) <= limit
    assert text.startswith(kept)
    assert truncated == (len(text) > limit)


@given(any_text, st.integers(2, 50))
def test_one_line_is_one_line_that_fits(text: str, limit: int) -> None:
    line = one_line(text, limit)
    assert len(line) <= limit
    assert line.splitlines() in ([line], [])


@given(st.text(st.sampled_from("<>/&;pbr \n!-a\0\ud800x#0"), max_size=60))
def test_no_markup_trips_the_converter(markup: str) -> None:
    text = text_of(markup)
    assert text == lay_out(text)
    text.encode("utf-8")


@given(
    st.sampled_from(["http", "https", "HTTPS"]),
    st.from_regex(r"[A-Za-z0-9]{1,9}(\.[a-z]{2,5})?(:[1-9][0-9]{0,3})?", fullmatch=True),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30),
)
def test_canonical_address_is_canonical(scheme: str, host: str, rest: str) -> None:
    try:
        once = canonical_url(f"{scheme}://{host}/{rest}")
    except ValueError:
        return
    assert canonical_url(once) == once
    assert once.isascii()


@given(any_text)
def test_nonsense_is_refused_as_an_address_and_nothing_worse(text: str) -> None:
    try:
        canonical_url(text)
    except ValueError:
        return


words = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20)
specs = st.builds(
    feed_spec,
    url=few.map(lambda name: f"https://{name}.example/"),
    title=st.none() | words,
    language=st.none() | st.sampled_from(["en", "no", "ar"]),
    interval=st.none() | st.floats(1, MAX_INTERVAL),
    tags=st.lists(words, max_size=3).map(tuple),
)


@given(st.lists(specs, unique_by=lambda spec: spec.url, min_size=1))
def test_list_of_feeds_comes_back_from_yaml_as_written(written: list[FeedSpec]) -> None:
    assert list(read_feed_list(write_yaml(written))) == written
