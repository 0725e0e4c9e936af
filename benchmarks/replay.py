"""Replays: statements into an empty database, and what they do to the live path."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from aiokafka import AIOKafkaConsumer, TopicPartition
from sqlalchemy import text

from benchmarks.latency import latencies, percentiles
from benchmarks.load import Load
from benchmarks.report import Cell, Result
from benchmarks.stage import Servers, Stage, stage
from benchmarks.texts import NEWS_SHARE, made_up_articles
from schemas import Article, ArticleReference, Headers, StatementMessage, Topics
from schemas.envelope import EventType
from services.extractor.adapters.engine import load_extractor
from services.poller.adapters.tables import articles as archived
from services.runtime.kafka.connection import client_options
from services.runtime.kafka.producer import Outgoing, Producer

MESSAGES, LIVE_MESSAGES = 200_000, 40_000
QUICK = 20
"""How much less a quick run does."""
PATTERNS = 400
"""Articles that are really extracted; the others repeat what was found in them."""
CHUNK = 1000
MOST_SECONDS = 600.0
BACKFILL = 8_000
"""Articles: more than are replayed while the live path is measured."""
LIVE_SECONDS = 30


async def replay(servers: Servers, *, quick: bool) -> Result:
    """Measure both."""
    less = QUICK if quick else 1
    load = Load(servers.pids())
    live = await _stored_live(servers, LIVE_MESSAGES // less)
    replayed, first_mib, last_mib, rows = await _stored_again(servers, MESSAGES // less)
    calm, busy, backfill = await _live_beside(servers, quick=quick)
    others = load.others()
    found: tuple[tuple[Cell, ...], ...] = (
        ("statement messages a second, live", live, 1.0),
        ("statement messages a second, replayed", replayed, replayed / live),
        ("statements a second, replayed", replayed * rows, "–"),
        ("worker's memory after a tenth, MiB", first_mib, 1.0),
        ("worker's memory at the end, MiB", last_mib, last_mib / first_mib),
        ("live article to alert, p99 ms, no replay", calm, 1.0),
        ("live article to alert, p99 ms, beside a replay", busy, busy / calm),
        ("articles replayed a second meanwhile", backfill, "–"),
    )
    return Result(
        name="replay",
        title="Replays",
        columns=("what", "figure", "ratio"),
        rows=found,
        notes=(
            (
                f"{MESSAGES // less:,} statement messages of a news stream (1 in 20 with "
                "statements) from the topic into an empty database, one worker; the peer is the "
                f"live alerting service on {LIVE_MESSAGES // less:,} of them."
            ),
            (
                "The live path gets 100 articles a second while a replay extracts "
                "others from the archive on the same cores; it gives way when 100 messages wait."
            ),
            "Goals: 3,000 statement messages a second; live p99 2,000 ms or less; memory flat.",
        ),
        others_cores=others,
        quick=quick,
    )


def _messages(number: int) -> Iterator[tuple[Headers, StatementMessage]]:
    """Yield statement messages of different articles; what they say repeats."""
    extractor = load_extractor()
    patterns = [
        extractor.message(article, extractor.extract(article))
        for article in made_up_articles(min(PATTERNS, number), NEWS_SHARE)
    ]
    for index in range(number):
        pattern = patterns[index % len(patterns)]
        identifier = f"{index:032x}"
        article = ArticleReference(**{**dict(pattern.article), "id": identifier})
        statements = tuple(
            each.model_copy(update={"id": f"{index:024x}{each.position:08x}"})
            for each in pattern.statements
        )
        message = pattern.model_copy(update={"article": article, "statements": statements})
        headers = Headers(
            id=f"{identifier}.{article.revision}.{pattern.extractor_version}",
            type=EventType.STATEMENTS,
            source="accesswatch/benchmarks",
            time=datetime.now(UTC),
            correlation_id=identifier,
        )
        yield headers, message


async def _put_statements(set_up: Stage, number: int) -> float:
    """Send statement messages; return how many statements one has on average."""
    topic, chunk, statements = Topics(set_up.kafka.namespace).statements, [], 0
    async with Producer(set_up.kafka) as producer:
        for headers, message in _messages(number):
            statements += len(message.statements)
            key, value = message.article.id.encode(), message.model_dump_json().encode()
            chunk.append(Outgoing(topic, key, value, tuple(headers.encode())))
            if len(chunk) == CHUNK:
                await producer.send_all(chunk)
                chunk = []
        await producer.send_all(chunk)
    return statements / number


async def _done_live(set_up: Stage) -> None:
    """Say for the live consumers that they are done: a replay takes nothing that waits for them."""
    topics, namespace = Topics(set_up.kafka.namespace), set_up.kafka.namespace
    pairs = (topics.articles, "extractor"), (topics.statements, "alerting")
    for topic, group in pairs:
        consumer = AIOKafkaConsumer(
            **client_options(set_up.kafka),
            group_id=f"{namespace}.{group}",
            enable_auto_commit=False,
        )
        await consumer.start()
        try:
            partitions = [TopicPartition(topic, n) for n in range(set_up.kafka.partitions)]
            consumer.assign(partitions)
            await consumer.commit(await consumer.end_offsets(partitions))
        finally:
            await consumer.stop()


async def _stored_live(servers: Servers, number: int) -> float:
    async with stage(servers) as set_up:
        await _put_statements(set_up, number)
        await set_up.start("alerting")
        async with asyncio.timeout(MOST_SECONDS):
            while await set_up.count("alerting.inbox") < number:  # noqa: ASYNC110 - nobody tells
                await asyncio.sleep(0.5)
        seconds = (
            "SELECT extract(epoch FROM max(received_at) - min(received_at)) FROM alerting.inbox"
        )
        async with set_up.engine.connect() as connection:
            return number / float(await connection.scalar(text(seconds)) or 1)


async def _stored_again(servers: Servers, number: int) -> tuple[float, float, float, float]:
    """Return messages a second, MiB after a tenth and at the end, and statements a message."""
    async with stage(servers) as set_up:
        per_message = await _put_statements(set_up, number)
        await _done_live(set_up)
        arguments = ("replay", "statements", "--from", "beginning", "--name", "all")
        started, memory = time.perf_counter(), [0.0, 0.0]
        async with set_up.command(*arguments) as worker:
            while worker.returncode is None:
                done = await set_up.count("alerting.inbox")
                if not done:
                    started = time.perf_counter()
                mib = set_up.resident_mib("accesswatch")
                memory = [memory[0] if done > number / 10 and memory[0] else mib, mib or memory[1]]
                await asyncio.sleep(0.25)
        seconds = time.perf_counter() - started
        return number / seconds, memory[0], memory[1], per_message


async def _live_beside(servers: Servers, *, quick: bool) -> tuple[float, float, float]:
    """Return the live path's p99 alone and beside a replay, and the replay's articles a second."""
    seconds = LIVE_SECONDS // 6 if quick else LIVE_SECONDS
    async with stage(servers) as set_up:
        calm = percentiles(await latencies(set_up, seconds))[1]
    async with stage(servers) as set_up:
        await _archive(set_up, made_up_articles(BACKFILL, NEWS_SHARE, seed=7))
        arguments = ("replay", "articles", "--source", "archive", "--from", "beginning")
        async with _replaying(set_up, arguments) as began:
            busy = percentiles(await latencies(set_up, seconds))[1]
            done = await set_up.count("alerting.articles WHERE feed_id = 'backfill'")
            spent = time.perf_counter() - began
    return calm, busy, done / spent


async def _archive(set_up: Stage, articles: Sequence[Article]) -> None:
    rows = [
        {
            **each.model_dump(exclude={"id", "authors", "feed_id"}),
            "article_id": each.id,
            "feed_id": "backfill",
            "authors": [],
            "last_seen_at": each.fetched_at,
        }
        for each in articles
    ]
    async with set_up.engine.begin() as connection:
        await connection.execute(archived.insert(), rows)


@asynccontextmanager
async def _replaying(set_up: Stage, arguments: Sequence[str]) -> AsyncIterator[float]:
    async with set_up.command(*arguments) as worker:
        async with asyncio.timeout(MOST_SECONDS):
            while not await set_up.count("replay.parts WHERE read > 0"):  # noqa: ASYNC110 - nobody tells
                await asyncio.sleep(0.1)
        yield time.perf_counter()
        if worker.returncode is None:
            worker.terminate()
