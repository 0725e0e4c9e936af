"""Feed documents into archive and outbox, against feedparser alone."""

import time
from collections.abc import Iterator, Mapping, Sequence
from html import escape

import feedparser

from benchmarks.load import Load
from benchmarks.report import Result
from benchmarks.stage import Servers, stage
from benchmarks.texts import NEWS_SHARE, made_up_articles
from schemas import Article, Topics
from services.poller.adapters.archive import SqlArchive
from services.poller.adapters.parser import ProcessParser
from services.poller.adapters.registry import SqlFeedRegistry
from services.poller.domain.entry import Fetched
from services.poller.domain.feed import feed_spec
from services.poller.service import Poller
from services.runtime.clock import SystemClock
from services.runtime.settings import PollerSettings

ENTRIES = 40
"""Entries of a document."""
FEEDS = 40
QUICK_FEEDS = 8


class Shelf:
    """A fetcher whose answers are at hand."""

    def __init__(self, documents: Mapping[str, bytes]) -> None:
        self._documents = documents

    async def fetch(
        self, url: str, etag: str | None = None, last_modified: str | None = None
    ) -> Fetched:
        """Return the document of an address; it is never unchanged."""
        del etag, last_modified
        return Fetched(200, url, self._documents[url], "application/rss+xml")


async def poller(servers: Servers, *, quick: bool) -> Result:
    """Measure the first poll of each feed."""
    documents = dict(_documents(QUICK_FEEDS if quick else FEEDS))
    entries = ENTRIES * len(documents)
    load = Load(servers.pids())
    before = _bare_rate(documents)
    settings, clock = PollerSettings(), SystemClock()
    async with stage(servers) as set_up, ProcessParser(settings.max_text_chars) as parser:
        registry = SqlFeedRegistry(set_up.engine, clock)
        archive = SqlArchive(set_up.engine, clock, Topics(set_up.kafka.namespace))
        work = Poller(registry, archive, Shelf(documents), parser, clock, settings)
        url, document = next(iter(documents.items()))
        await parser.parse(Fetched(200, url, document))  # starts the workers
        await registry.add_all(feed_spec(url) for url in documents)
        started = time.perf_counter()
        while await work.poll_due():
            pass
        rate = entries / (time.perf_counter() - started)
        stored = await set_up.count("poller.articles")
    bare = (before + _bare_rate(documents)) / 2
    return Result(
        name="poller",
        title="Poller: entries per second from feed document to archive and outbox",
        columns=("documents", "entries", "stored", "bare feedparser /s", "poller /s", "ratio"),
        rows=((f"{len(documents)} RSS feeds", entries, stored, bare, rate, rate / bare),),
        notes=(
            (
                f"Documents of {ENTRIES} entries of about 3 kB, every entry new. Parsed in the "
                "poller's two worker processes, compared with the archive, stored with the outbox "
                "rows. The documents are in memory, so that no network is measured."
            ),
            "Peer: `feedparser.parse` of the same documents in one plain loop, before and after.",
        ),
        others_cores=load.others(),
        quick=quick,
    )


def _bare_rate(documents: Mapping[str, bytes]) -> float:
    started = time.perf_counter()
    entries = sum(len(feedparser.parse(document).entries) for document in documents.values())
    return entries / (time.perf_counter() - started)


def _documents(feeds: int) -> Iterator[tuple[str, bytes]]:
    articles = made_up_articles(feeds * ENTRIES, NEWS_SHARE)
    for number in range(feeds):
        shown = articles[number * ENTRIES : (number + 1) * ENTRIES]
        yield f"http://outlet.example/{number}.xml", _rss(shown)


def _rss(articles: Sequence[Article]) -> bytes:
    parts = [
        f"<item><title>{escape(each.title)}</title><link>{each.url}</link>"
        f"<guid isPermaLink='false'>{each.id}</guid>"
        f"<description>{escape(_paragraphs(each.text))}</description></item>"
        for each in articles
    ]
    return (
        "<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel>"
        f"<title>Made-up Outlet</title><link>http://outlet.example/</link>{''.join(parts)}"
        "</channel></rss>"
    ).encode()


def _paragraphs(text: str) -> str:
    return "".join(f"<p>{escape(each)}</p>" for each in text.split("\n\n"))
