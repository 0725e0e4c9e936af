"""Extraction in worker processes, so that Kafka's heartbeats never wait for it."""

import asyncio
import multiprocessing
import os
from collections.abc import Sequence
from types import TracebackType
from typing import Self

import pebble
import structlog
from pebble import ProcessExpired

from services.extractor.adapters.worker import begin, extract_chunk
from services.extractor.ports import Extracted, Failure, NotExtracted
from services.runtime.settings import ExtractorSettings

CHUNK = 16
"""Articles given to a worker at a time: enough that handing over costs little."""

log = structlog.get_logger()


def worker_count(settings: ExtractorSettings) -> int:
    """Return how many worker processes to run: the setting, or a core each but for one."""
    return settings.workers or max(1, (os.cpu_count() or 2) - 1)


class WorkerPool:
    """Extracts in processes that are replaced when they crash or take too long.

    Args:
        settings: how many, how long, and with which gazetteer.
        niceness: how much they stand back where the processor is short, 0 to 19.
    """

    def __init__(self, settings: ExtractorSettings, niceness: int = 0) -> None:
        self._timeout = settings.article_timeout
        self._workers = worker_count(settings)
        self._pool = pebble.ProcessPool(
            max_workers=self._workers,
            initializer=begin,
            initargs=(os.getpid(), settings.gazetteer, niceness),
            context=multiprocessing.get_context("spawn"),
        )

    async def __aenter__(self) -> Self:
        await self._run([])  # starts the workers
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._pool.stop()  # type: ignore[no-untyped-call] # pebble's stubs are partial
        await asyncio.to_thread(self._pool.join, 3)

    async def extract(self, articles: Sequence[bytes]) -> list[Extracted | NotExtracted]:
        """Extract from articles; one answer each, in order."""
        size = max(1, min(CHUNK, -(-len(articles) // self._workers)))
        chunks = [articles[start : start + size] for start in range(0, len(articles), size)]
        answers = await asyncio.gather(*(self._extract_chunk(chunk) for chunk in chunks))
        return [answer for chunk in answers for answer in chunk]

    async def _extract_chunk(self, chunk: Sequence[bytes]) -> list[Extracted | NotExtracted]:
        try:
            return list(await self._run(chunk))
        except Exception as error:  # noqa: BLE001 - one article may be the cause; find out which
            log.warning("extraction.retried_singly", articles=len(chunk), error=repr(error))
        return [await self._extract_alone(article) for article in chunk]

    async def _extract_alone(self, article: bytes) -> Extracted | NotExtracted:
        try:
            try:
                return (await self._run([article]))[0]
            except ProcessExpired:
                # Somebody may have killed the worker; only a second crash blames the article.
                return (await self._run([article]))[0]
        except TimeoutError:
            return NotExtracted(Failure.TIMED_OUT, f"took more than {self._timeout:g} s")
        except ProcessExpired as error:
            return NotExtracted(Failure.CRASHED, f"the worker ended with {error.exitcode}, twice")
        except Exception as error:  # noqa: BLE001 - the article becomes a dead letter
            return NotExtracted(Failure.FAILED, f"{type(error).__name__}: {error}")

    async def _run(self, chunk: Sequence[bytes]) -> list[Extracted]:
        future = self._pool.schedule(extract_chunk, args=[list(chunk)], timeout=self._timeout)
        return [Extracted(*answer) for answer in await asyncio.wrap_future(future)]
