"""Articles per second through extractor and alerting, against bare extraction in one loop."""

import asyncio
import time
from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import text

from benchmarks.load import Load, cpu_seconds
from benchmarks.report import Result
from benchmarks.stage import Servers, Stage, stage
from benchmarks.texts import NEWS_SHARE, article_headers, made_up_articles
from schemas import Article, Topics
from services.extractor.adapters.engine import load_extractor
from services.runtime.kafka.producer import Outgoing, Producer

MOST_SECONDS = 180.0
CHUNK = 1000
KINDS = (
    ("news stream, 1 in 20 with statements", NEWS_SHARE, 6000),
    ("all with statements", 1.0, 800),
)

# Those of the first batch came before the clock started.
RATE = text("""
    SELECT count(*) FILTER (WHERE received_at > first.at)
           / nullif(extract(epoch FROM max(received_at) - min(received_at)), 0)
    FROM alerting.inbox, (SELECT min(received_at) AS at FROM alerting.inbox) AS first
""")


async def pipeline(servers: Servers, *, quick: bool) -> Result:
    """Measure a news stream, and one of articles with statements only."""
    rows, others = [], []
    for kind, share, number in KINDS:
        articles = made_up_articles(number // 8 if quick else number, share)
        load = Load(servers.pids())
        sample = articles[: max(200, len(articles) // 4)]
        before = bare_rate(sample)
        async with stage(servers) as set_up:
            await set_up.subscribe()
            await put_on_topic(set_up, articles)
            through, milliseconds = await _through(set_up, len(articles))
            found = await set_up.count("alerting.statements")
            alerts = await set_up.count("alerting.alerts")
            others.append(load.others())
        bare = max(before, bare_rate(sample))
        counts = f"{len(articles):,} / {found:,} / {alerts:,}"
        rows.append((kind, counts, bare, through, through / bare, milliseconds))
    return Result(
        name="pipeline",
        title="Pipeline: articles per second through extractor and alerting",
        columns=(
            "articles",
            "articles / statements / alerts",
            "bare loop /s",
            "pipeline /s",
            "ratio",
            "CPU ms each",
        ),
        rows=tuple(rows),
        notes=(
            (
                "Articles of about 3 kB are on the topic; the clock runs from the first statement "
                "message stored in PostgreSQL to the last. Kafka and PostgreSQL share the cores."
            ),
            (
                "Peer: `extract()` over a quarter of the same articles in one plain loop while no "
                "service runs; the faster of one before and one after."
            ),
            (
                "CPU: of services, Kafka and PostgreSQL together; what else the machine does "
                "changes it less than the rates."
            ),
            "Goal: ratio 0.6 or more on two cores.",
        ),
        others_cores=max(others),
        quick=quick,
    )


async def _through(set_up: Stage, articles: int) -> tuple[float, float]:
    """Start the services; return articles per second and CPU milliseconds per article."""
    await set_up.start("alerting")
    await set_up.start("extractor")
    done = await set_up.count("alerting.articles")
    before = cpu_seconds(set_up.pids())
    await run_through(set_up, articles)
    after = cpu_seconds(set_up.pids())
    spent = sum(seconds - before.get(pid, 0.0) for pid, seconds in after.items())
    return await _rate(set_up), 1000 * spent / max(1, articles - done)


def bare_rate(articles: Sequence[Article]) -> float:
    """Return the articles per second of a plain loop in this process."""
    extract = load_extractor().extract
    extract(articles[0])  # what is built at the first article
    started = time.perf_counter()
    for article in articles:
        extract(article)
    return len(articles) / (time.perf_counter() - started)


async def put_on_topic(set_up: Stage, articles: Sequence[Article]) -> None:
    """Send articles as a poller does."""
    topic, now = Topics(set_up.kafka.namespace).articles, datetime.now(UTC)
    records = [
        Outgoing(
            topic,
            article.id.encode(),
            article.model_dump_json().encode(),
            tuple(article_headers(article, now).encode()),
        )
        for article in articles
    ]
    async with Producer(set_up.kafka) as producer:
        for start in range(0, len(records), CHUNK):
            await producer.send_all(records[start : start + CHUNK])


async def run_through(set_up: Stage, articles: int) -> None:
    """Wait until so many articles are stored and every alert is sent."""
    async with asyncio.timeout(MOST_SECONDS):
        while True:
            stored = await set_up.count("alerting.articles")
            if stored >= articles and not await set_up.count("alerting.outbox"):
                return
            await asyncio.sleep(0.5)


async def _rate(set_up: Stage) -> float:
    async with set_up.engine.connect() as connection:
        return float(await connection.scalar(RATE) or 0)
