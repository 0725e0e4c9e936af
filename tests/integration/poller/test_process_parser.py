"""Parsing in worker processes."""

import asyncio

import psutil
import pytest

from services.poller.adapters.parser import ProcessParser
from services.poller.domain.entry import Fetched
from services.poller.domain.failure import FailureReason, PollError

FEED = Fetched(
    200,
    "https://a.example/feed",
    b'<rss version="2.0"><channel><title>A</title><item><title>x</title></item></channel></rss>',
)
PAGE = Fetched(200, "https://a.example/", b"<html><title>Home</title>")
LONG = Fetched(
    200,
    "https://a.example/long",
    b'<rss version="2.0"><channel>' + b"<item><title>x</title></item>" * 60_000,
)


def workers() -> list[psutil.Process]:
    children = psutil.Process().children()
    return [child for child in children if "spawn_main" in " ".join(child.cmdline())]


async def test_documents_are_read_and_refused_as_in_process() -> None:
    async with ProcessParser(1000) as parser:
        document = await parser.parse(FEED)
        assert [entry.title for entry in document.entries] == ["x"]
        with pytest.raises(PollError) as caught:
            await parser.parse(PAGE)
    failure = caught.value
    assert (failure.reason, failure.status) == (FailureReason.NOT_A_FEED, 200)
    assert failure.message == "not a feed but a web page (Home)"


async def test_document_that_takes_too_long_fails_alone_and_the_loop_goes_on() -> None:
    async with ProcessParser(1000, workers=1, seconds=1.5) as parser:
        await parser.parse(FEED)
        parsing = asyncio.ensure_future(parser.parse(LONG))
        rounds = 0
        while not parsing.done():
            rounds += 1
            await asyncio.sleep(0.01)
        with pytest.raises(PollError, match=r"longer than 1\.5 s"):
            await parsing
        assert rounds > 20
        assert (await parser.parse(FEED)).title == "A"


async def test_worker_that_dies_fails_one_document_and_is_replaced() -> None:
    async with ProcessParser(1000, workers=1) as parser:
        await parser.parse(FEED)
        [worker] = workers()
        idle = worker.cpu_times().user
        parsing = asyncio.ensure_future(parser.parse(LONG))
        while worker.cpu_times().user < idle + 0.1:  # noqa: ASYNC110 - no event tells of it
            await asyncio.sleep(0.01)
        worker.kill()
        with pytest.raises(PollError, match="ended its process"):
            await parsing
        assert (await parser.parse(FEED)).title == "A"
