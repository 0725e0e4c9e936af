"""From an article on its topic to its alert, against a plain trip through the same Kafka."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from statistics import quantiles

import orjson
import uvicorn
from aiokafka import AIOKafkaConsumer
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from benchmarks.load import Load
from benchmarks.report import Result
from benchmarks.stage import Servers, Stage, stage
from benchmarks.texts import NEWS_SHARE, article_headers, made_up_articles
from schemas import Article, Topics
from services.alerting.domain.channel import Channel, ChannelKind
from services.runtime.kafka.producer import Outgoing, Producer

PER_SECOND = 100
SECONDS = 30
QUICK_SECONDS = 5
WARM_UP = 200
"""Articles sent before those that count."""
DRAIN_SECONDS = 30.0
FETCH_WAIT_MS = 20


class Stopwatch:
    """When articles were sent and when what follows from each was first seen."""

    def __init__(self) -> None:
        self._sent: dict[str, float] = {}
        self._seen: dict[str, float] = {}

    def sent(self, article: str) -> None:
        """Note that an article is about to be sent."""
        self._sent[article] = time.perf_counter()

    def seen(self, article: str) -> None:
        """Note that something arrived; only the first of an article counts."""
        self._seen.setdefault(article, time.perf_counter())

    def milliseconds(self, articles: Sequence[Article]) -> list[float]:
        """Return how long each of these articles took, those that never arrived left out."""
        ids = [article.id for article in articles if article.id in self._seen]
        return [1000 * (self._seen[each] - self._sent[each]) for each in ids]


async def latency(servers: Servers, *, quick: bool) -> Result:
    """Measure at a steady 100 articles a second."""
    seconds = QUICK_SECONDS if quick else SECONDS
    articles = made_up_articles(WARM_UP + PER_SECOND * seconds, NEWS_SHARE)
    load = Load(servers.pids())
    async with stage(servers) as set_up:
        plain = await _plain_trips(set_up, articles)
        alerts, hooks = await _through_services(set_up, articles)
        others = load.others()
    base = percentiles(plain)
    kinds = (
        ("plain produce and consume", plain),
        ("article to alert on its topic", alerts),
        ("article to webhook received", hooks),
    )
    rows = []
    for kind, found in kinds:
        middle, slow = percentiles(found)
        rows.append((kind, len(found), middle, slow, middle / base[0], slow / base[1]))
    return Result(
        name="latency",
        title=f"Latency at {PER_SECOND} articles a second for {seconds} s",
        columns=("trip", "samples", "p50 ms", "p99 ms", "p50 ratio", "p99 ratio"),
        rows=tuple(rows),
        notes=(
            "News stream, 1 article in 20 with statements; the first alert of each article counts.",
            (
                "Peer: the same records, at the same pace, to a plain consumer of the same Kafka, "
                "while no service runs."
            ),
            "Goal: article to alert p50 100 ms or less, p99 500 ms or less.",
        ),
        others_cores=others,
        quick=quick,
    )


async def _plain_trips(set_up: Stage, articles: Sequence[Article]) -> list[float]:
    # Nobody reads it as long as alerting does not run.
    topic = Topics(set_up.kafka.namespace).statements_dead
    watch = Stopwatch()
    async with _reading(set_up, topic, lambda value: watch.seen(orjson.loads(value)["id"])):
        await _send_steadily(set_up, topic, articles, watch)
        await asyncio.sleep(1)  # the last may still be on their way
    return watch.milliseconds(articles[WARM_UP:])


async def latencies(set_up: Stage, seconds: int) -> list[float]:
    """Return how long articles take to their first alert, in ms, at a steady pace."""
    articles = made_up_articles(WARM_UP + PER_SECOND * seconds, NEWS_SHARE)
    return (await _through_services(set_up, articles))[0]


async def _through_services(
    set_up: Stage, articles: Sequence[Article]
) -> tuple[list[float], list[float]]:
    topics = Topics(set_up.kafka.namespace)
    alerts, hooks = Stopwatch(), Stopwatch()
    async with _receiving(hooks) as address:
        await set_up.subscribe([Channel(ChannelKind.WEBHOOK, address)])
        await set_up.start("alerting")
        await set_up.start("extractor")
        async with _reading(
            set_up, topics.alerts, lambda value: alerts.seen(orjson.loads(value)["article"]["id"])
        ):
            await _send_steadily(set_up, topics.articles, articles, alerts, hooks)
            await _until_delivered(set_up)
    return alerts.milliseconds(articles[WARM_UP:]), hooks.milliseconds(articles[WARM_UP:])


async def _send_steadily(
    set_up: Stage, topic: str, articles: Sequence[Article], *watches: Stopwatch
) -> None:
    sending: set[asyncio.Task[object]] = set()
    async with Producer(set_up.kafka) as producer:
        started = time.perf_counter()
        for number, article in enumerate(articles):
            await asyncio.sleep(max(0.0, started + number / PER_SECOND - time.perf_counter()))
            record = Outgoing(
                topic,
                article.id.encode(),
                article.model_dump_json().encode(),
                tuple(article_headers(article, datetime.now(UTC)).encode()),
            )
            for watch in watches:
                watch.sent(article.id)
            task: asyncio.Task[object] = asyncio.create_task(producer.send_all([record]))
            sending.add(task)
            task.add_done_callback(sending.discard)
        await asyncio.gather(*sending)


@asynccontextmanager
async def _reading(set_up: Stage, topic: str, seen: Callable[[bytes], None]) -> AsyncIterator[None]:
    """Call `seen` with every value that arrives on a topic from now on."""
    consumer = AIOKafkaConsumer(
        topic,
        bootstrap_servers=set_up.servers.bootstrap,
        auto_offset_reset="earliest",
        # A record of one partition else waits for a fetch of the others to end, 500 ms.
        fetch_max_wait_ms=FETCH_WAIT_MS,
    )
    await consumer.start()

    async def read() -> None:
        async for record in consumer:
            seen(record.value)

    task = asyncio.create_task(read())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        await consumer.stop()


@asynccontextmanager
async def _receiving(watch: Stopwatch) -> AsyncIterator[str]:
    """Receive webhooks on loopback; yields the address."""

    async def receive(request: Request) -> Response:
        watch.seen(orjson.loads(await request.body())["article"]["id"])
        return Response(status_code=204)

    app = Starlette(routes=[Route("/alerts", receive, methods=["POST"])])
    config = uvicorn.Config(app, port=0, log_config=None, access_log=False, lifespan="off")
    server = uvicorn.Server(config)
    task = asyncio.create_task(server._serve())  # noqa: SLF001 - serve() takes over the signals
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}/alerts"
    finally:
        server.should_exit = True
        await task


async def _until_delivered(set_up: Stage) -> None:
    async with asyncio.timeout(DRAIN_SECONDS):
        await asyncio.sleep(1)
        while True:
            if not await set_up.count("alerting.deliveries WHERE state = 'pending'"):
                return
            await asyncio.sleep(0.2)


def percentiles(found: Sequence[float]) -> tuple[float, float]:
    """Return the median and the 99th percentile."""
    cuts = quantiles(found, n=100, method="inclusive")
    return cuts[49], cuts[98]
