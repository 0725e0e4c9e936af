"""Feeds as they are found: golden ones, every one of a large corpus, and things that are none."""

import dataclasses
import json
import tarfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from services.poller.adapters import syndication
from services.poller.adapters.parser import parse_document
from services.poller.domain.entry import Document, Fetched
from services.poller.domain.failure import FailureReason, PollError

ROOT = Path(__file__).parents[3]
GOLDEN = ROOT / "tests" / "feeds"
SHARED = ROOT.parent / "shared"
URL = "https://golden.example/feed"


def read(body: bytes, content_type: str | None = None, limit: int = 256_000) -> Document:
    return parse_document(Fetched(200, URL, body, content_type), limit)


def refusal(body: bytes, content_type: str | None = None) -> PollError:
    with pytest.raises(PollError) as caught:
        read(body, content_type)
    return caught.value


def rss(items: str, channel: str = "") -> bytes:
    return f'<rss version="2.0"><channel>{channel}{items}</channel></rss>'.encode()


def as_json(document: Document) -> Any:
    return json.loads(json.dumps(dataclasses.asdict(document), default=datetime.isoformat))


@pytest.mark.parametrize("expected", sorted(GOLDEN.glob("*.expected.json")), ids=lambda p: p.name)
def test_golden_feed_is_read_as_expected(expected: Path) -> None:
    stem = expected.name.removesuffix(".expected.json")
    [feed] = [path for path in GOLDEN.glob(f"{stem}.*") if path != expected]
    assert as_json(read(feed.read_bytes())) == json.loads(expected.read_text())


def shared(*parts: str) -> Path:
    path = SHARED.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"{'/'.join(parts)} is not beside this checkout")
    return path


def test_no_feed_of_the_corpus_stops_the_parser() -> None:
    archive = shared("corpora", "feedparser-tests.tar.gz")
    outcomes = {"read": 0, "refused": 0}
    with tarfile.open(archive) as corpus:
        for member in corpus:
            content = corpus.extractfile(member) if member.isfile() else None
            if content is None or member.name.endswith("LICENSE"):
                continue
            try:
                document = read(content.read(), "application/xml")
            except PollError:
                outcomes["refused"] += 1
                continue
            outcomes["read"] += 1
            assert all("\0" not in entry.text + entry.title for entry in document.entries)
    assert outcomes["read"] > 2000
    assert outcomes["refused"] < 10


def test_annotated_articles_come_out_of_their_feeds_unharmed() -> None:
    lines = shared("goldset", "dev.jsonl").read_text().splitlines()
    annotated = {article["id"]: article for article in map(json.loads, lines)}
    found = {}
    for path in shared("feeds").iterdir():
        if path.suffix in {".xml", ".json"}:
            for entry in read(path.read_bytes()).entries:
                assert entry.guid
                found[entry.guid.rpartition(":")[2]] = entry
    assert found.keys() == annotated.keys()
    for name, entry in found.items():
        article = annotated[name]
        expected = (article["title"], article["text"], article["lang"])
        assert (entry.title, entry.text, entry.language) == expected


def test_web_page_is_refused_with_the_feeds_that_it_offers() -> None:
    page = b"""<!DOCTYPE html><html><head><title>Valley Courier</title>
      <link rel="alternate" type="application/rss+xml" href="/rss">
      <link rel="alternate stylesheet" type="text/css" href="/x.css">
      <link rel="Alternate" type="application/feed+json" href="https://courier.example/f.json">
      <link rel="alternate" hreflang="fr" href="/fr"></head><body><p>Hello</p></body></html>"""
    failure = refusal(page, "text/html")
    assert failure.reason is FailureReason.NOT_A_FEED
    assert failure.message == (
        "not a feed but a web page (Valley Courier), which offers: "
        "https://golden.example/rss, https://courier.example/f.json"
    )


@pytest.mark.parametrize(
    ("body", "content_type", "looks_like"),
    [
        (b"", None, "an empty document"),
        (b" \n", "application/rss+xml", "an empty document"),
        (b"<html><body>no title", None, "a web page"),
        (b"just words", "text/html; charset=utf-8", "a web page"),
        (
            b"<html><link rel=alternate type=application/atom+xml href='http://[x'>",
            "",
            "a web page",
        ),
        (b"<urlset><url/></urlset>", "text/xml", "XML with root element <urlset>"),
        (b"%PDF-1.7", "application/pdf", "a document of type application/pdf"),
        (b"\x00\x01\x02", None, "neither XML nor JSON"),
    ],
)
def test_what_is_no_feed_is_named(body: bytes, content_type: str | None, looks_like: str) -> None:
    failure = refusal(body, content_type)
    assert (failure.reason, failure.status) == (FailureReason.NOT_A_FEED, 200)
    assert failure.message == f"not a feed but {looks_like}"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b'{"version": "2.0"}', FailureReason.NOT_A_FEED),
        (b'{"version": "https://jsonfeed.org/version/1", "items": {}}', FailureReason.NOT_A_FEED),
        (b'{"version": "https://jsonfeed.org/version/1", "items": [', FailureReason.UNREADABLE),
        (b'{"a":' + b"[" * 200_000, FailureReason.UNREADABLE),
    ],
)
def test_json_that_is_no_feed_is_refused(body: bytes, reason: FailureReason) -> None:
    assert refusal(body).reason is reason


def test_json_feed_in_utf_16_is_read() -> None:
    feed = '{"version": "https://jsonfeed.org/version/1", "items": [{"id": "1", "title": "Å"}]}'
    document = read(feed.encode("utf-16"))
    assert (document.format, document.entries[0].title) == ("json10", "Å")


def test_json_feed_with_too_many_items_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    items = [{"id": str(n), "authors": "nobody", "author": {"name": "A"}} for n in range(2001)]
    feed = {"version": "https://jsonfeed.org/version/1.1", "items": items}
    document = read(json.dumps(feed).encode())
    assert len(document.entries) == 2000
    assert document.entries[0].authors == ("A",)
    assert document.problems == ("items after the first 2000, left out: 1",)


def test_feed_with_too_many_entries_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(syndication, "MAX_ENTRIES", 2)
    document = read(rss("<item><title>x</title></item>" * 3))
    assert len(document.entries) == 2
    assert document.problems == ("entries after the first 2, left out: 1",)


def test_feed_without_entries_is_a_feed() -> None:
    assert read(rss("", "<title>Quiet</title>")).entries == ()


@pytest.mark.parametrize("item", ["/etc/passwd", "https://golden.example/other", "file:///etc"])
def test_document_that_looks_like_an_address_or_a_path_is_not_opened(item: str) -> None:
    assert refusal(item.encode()).reason is FailureReason.NOT_A_FEED


@pytest.mark.parametrize("reference", ["&#99999999999;", "&#xD800;", "&#xffffffffff;", "&#0;"])
def test_impossible_character_references_do_not_lose_the_feed(reference: str) -> None:
    document = read(rss(f"<item><title>a {reference} b</title></item>&"))
    assert document.entries[0].title.startswith("a")


def test_what_feedparser_trips_over_is_reported_as_unreadable(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def trip(*_: object, **__: object) -> None:
        raise KeyError("hostile")

    monkeypatch.setattr("services.poller.adapters.syndication.feedparser.parse", trip)
    failure = refusal(rss(""))
    assert failure.reason is FailureReason.UNREADABLE
    assert "KeyError" in failure.message


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("Tue, 24 Nov 2026 09:30:00 +0400", datetime(2026, 11, 24, 5, 30, tzinfo=UTC)),
        ("Fri, 31 Dec 2027 00:00:00 GMT", datetime(2027, 12, 31, tzinfo=UTC)),
        ("Mon, 30 Feb 2026 10:00:00 GMT", None),
        ("Thu, 01 Jan 1970 00:00:00 GMT", None),
        ("0001-01-01T00:00:00Z", None),
        ("yesterday", None),
    ],
)
def test_dates_are_utc_future_ones_kept_and_impossible_ones_dropped(
    date: str, expected: datetime | None
) -> None:
    [entry] = read(rss(f"<item><title>x</title><pubDate>{date}</pubDate></item>")).entries
    assert entry.published_at == expected


@pytest.mark.parametrize(
    ("channel", "seconds"),
    [
        ("<ttl>30</ttl>", 1800),
        ("<ttl>soon</ttl>", None),
        ("<ttl>0</ttl>", None),
        ("<sy:updatePeriod>hourly</sy:updatePeriod>", 3600),
        (
            "<sy:updatePeriod> Hourly </sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>",
            900,
        ),
        (
            "<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>0</sy:updateFrequency>",
            3600,
        ),
        ("<sy:updatePeriod>never</sy:updatePeriod>", None),
        ("<ttl>30</ttl><sy:updatePeriod>daily</sy:updatePeriod>", 86_400),
    ],
)
def test_interval_that_the_feed_asks_for_is_read(channel: str, seconds: float | None) -> None:
    body = rss("", channel).replace(
        b"<rss ", b'<rss xmlns:sy="http://purl.org/rss/1.0/modules/syndication/" '
    )
    assert read(body).stated_interval == seconds


def test_language_of_the_entry_comes_before_that_of_the_feed() -> None:
    dc = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
    items = (
        f"<item {dc}><title>x</title><dc:language>ar-SD</dc:language></item>"
        "<item><title>y</title></item>"
    )
    document = read(rss(items, "<language>en-GB</language>"))
    assert [entry.language for entry in document.entries] == ["ar", "en"]


def test_text_beyond_the_limit_is_cut_and_marked() -> None:
    item = "<item><title>x</title><description>One. Two. Three.</description></item>"
    [entry] = read(rss(item), limit=10).entries
    assert (entry.text, entry.truncated) == ("One. Two.", True)


def test_document_served_as_a_web_page_is_read_all_the_same() -> None:
    document = read(rss("<item><title>x</title></item>"), "text/html; charset=utf-8")
    assert len(document.entries) == 1
    assert document.problems == ("text/html; charset=utf-8 is not an XML media type",)


def test_encoding_of_the_document_counts_where_the_server_states_none() -> None:
    declaration = b'<?xml version="1.0" encoding="windows-1251"?>'
    feed = declaration + rss("<item><title>Мост</title></item>").decode().encode("cp1251")
    assert read(feed, "text/xml").entries[0].title == "Мост"


def test_relative_links_are_resolved_against_where_the_feed_came_from() -> None:
    [entry] = read(rss("<item><link>/a?b=1&amp;c=2</link></item>")).entries
    assert entry.link == "https://golden.example/a?b=1&c=2"


def test_billion_laughs_are_not_laughed() -> None:
    entities = '<!ENTITY a "ha">' + "".join(
        f'<!ENTITY {name} "{f"&{before};" * 10}">'
        for before, name in zip("abcdefghi", "bcdefghij", strict=True)
    )
    body = f'<?xml version="1.0"?><!DOCTYPE rss [{entities}]>'.encode() + rss(
        "<item><title>&j;</title></item>"
    )
    assert len(read(body).entries[0].title) <= 2000


@pytest.mark.parametrize("url", ["http://a.example/feed", "https://b.example/x/y/feed?z=1"])
def test_guid_that_is_no_address_is_the_same_wherever_the_feed_is(url: str) -> None:
    items = (
        "<item><guid>123</guid><title>x</title></item>"
        "<item><guid>tag:a.example,2026:1</guid><link>https://a.example/1</link></item>"
        "<item><guid>https://a.example/x/y/2</guid></item>"
    )
    found = parse_document(Fetched(200, url, rss(items)), 1000).entries
    assert [(entry.guid, entry.link) for entry in found] == [
        ("123", None),
        ("tag:a.example,2026:1", "https://a.example/1"),
        ("https://a.example/x/y/2", "https://a.example/x/y/2"),
    ]
