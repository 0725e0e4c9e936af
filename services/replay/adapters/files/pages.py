"""Web pages to articles, in processes of their own.

Pages are CPU work on what strangers wrote: one that takes too long, or breaks its process, must
not keep the others from being read.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from dataclasses import dataclass
from multiprocessing import get_context
from types import TracebackType
from typing import Self, TypeVar

from pebble import ProcessExpired, ProcessPool

from services.poller.adapters import page
from services.poller.adapters.decoding import decode_text
from services.poller.domain.text import one_line

PAGE_SECONDS = 30.0
"""A usual page takes 20 ms."""
PAGES_PER_WORKER = 2000
"""Pages after which a worker is replaced, so that what libraries leak does not pile up."""
AHEAD = 8
"""Pages a worker that wait for it or are done."""


@dataclass(frozen=True, slots=True)
class Body:
    """A web page as a server sent it."""

    content: bytes
    charset: str | None
    """As the server states it."""


T = TypeVar("T")
Outcome = page.Page | str | None
"""The page; or why it cannot be read; or None for what is no page."""


def read_body(body: Body) -> page.Page | str:
    """Return the article of a page, or why there is none."""
    decoded = decode_text(body.content, body.charset)
    if decoded is None:
        return "it is not text"
    try:
        return page.read_page(decoded.text)
    except Exception as error:  # noqa: BLE001 - the libraries raise many things on hostile pages
        return one_line(f"it cannot be parsed ({type(error).__name__}: {error})", 200)


class PagePool:
    """Reads pages in worker processes, several at a time, and answers in order."""

    def __init__(self, workers: int, seconds: float = PAGE_SECONDS) -> None:
        self._ahead = AHEAD * workers
        self._seconds = seconds
        # Spawned, for a fork of a process that runs threads may hang.
        self._pool = ProcessPool(
            max_workers=workers, max_tasks=PAGES_PER_WORKER, context=get_context("spawn")
        )

    def read_all(self, pairs: Iterable[tuple[T, Body | None]]) -> Iterator[tuple[T, Outcome]]:
        """Yield each key with what its page is; a key without a page is passed through.

        Args:
            pairs: keys with pages, read a few ahead of what is yielded.

        Raises:
            OSError: as reading the pairs does; those before are yielded first.
        """
        waiting: deque[tuple[T, Future[page.Page | str] | None]] = deque()
        damage = None
        try:
            for key, body in pairs:
                waiting.append((key, self._schedule(body) if body else None))
                if len(waiting) > self._ahead:
                    yield self._answered(*waiting.popleft())
        except OSError as error:
            damage = error
        while waiting:
            yield self._answered(*waiting.popleft())
        if damage:
            raise damage

    def _schedule(self, body: Body) -> "Future[page.Page | str]":
        return self._pool.schedule(read_body, args=[body], timeout=self._seconds)

    def _answered(self, key: T, task: "Future[page.Page | str] | None") -> tuple[T, Outcome]:
        if task is None:
            return key, None
        try:
            return key, task.result()
        except FutureTimeoutError:
            return key, f"reading it took longer than {self._seconds:g} s"
        except ProcessExpired:
            return key, "reading it ended its process"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._pool.stop()  # type: ignore[no-untyped-call] # pebble leaves it unannotated
        self._pool.join()
