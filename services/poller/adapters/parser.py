"""Feed documents to entries, in worker processes of their own.

Parsing is CPU work on what strangers wrote: it must neither block the event loop nor go on for
ever. A process that takes too long, or dies, is replaced, and only its feed fails.
"""

import asyncio
from concurrent.futures import TimeoutError as FutureTimeoutError
from multiprocessing import get_context
from types import TracebackType
from typing import Self

from pebble import ProcessExpired, ProcessPool

from services.poller.adapters.json_feed import looks_like_json, parse_json_feed
from services.poller.adapters.not_a_feed import describe, looks_like_html
from services.poller.adapters.syndication import parse_syndication
from services.poller.domain.entry import Document, Fetched
from services.poller.domain.failure import FailureReason, PollError
from services.poller.domain.text import one_line

WORKERS = 2
"""So that one feed that takes long does not hold up the others; a usual feed takes 20 ms."""
PARSE_SECONDS = 30.0
"""A feed of 5 MB takes about 20 s."""
TASKS_PER_WORKER = 2000
"""Parses after which a worker is replaced, so that what libraries leak does not pile up."""


def parse_document(answer: Fetched, max_text_chars: int) -> Document:
    """Read a feed's document, whatever its format.

    Args:
        answer: what the server sent.
        max_text_chars: characters of an entry's text that are kept.

    Raises:
        PollError: it is no feed (the message says what it looks like), or it cannot be read.
    """
    if looks_like_json(answer.body):
        return parse_json_feed(answer.body, answer.url, max_text_chars)
    document = None
    if answer.body.strip() and not looks_like_html(answer.body):
        document = _parse_xml(answer, max_text_chars)
    if document is None:
        raise PollError(
            FailureReason.NOT_A_FEED,
            "not a feed but " + describe(answer.body, answer.url, answer.content_type),
            status=answer.status,
        )
    return document


def _parse_xml(answer: Fetched, max_text_chars: int) -> Document | None:
    try:
        return parse_syndication(answer.body, answer.url, answer.content_type, max_text_chars)
    except Exception as error:  # feedparser raises many things on hostile documents
        reason = one_line(f"{type(error).__name__}: {error}", 200)
        raise PollError(
            FailureReason.UNREADABLE, f"cannot be parsed ({reason})", status=answer.status
        ) from error


class ProcessParser:
    """Reads feeds in worker processes, which end with the context."""

    def __init__(
        self, max_text_chars: int, *, workers: int = WORKERS, seconds: float = PARSE_SECONDS
    ) -> None:
        self._max_text_chars = max_text_chars
        self._seconds = seconds
        # Spawned, for a fork of a process that runs threads may hang.
        self._pool = ProcessPool(
            max_workers=workers, max_tasks=TASKS_PER_WORKER, context=get_context("spawn")
        )

    async def parse(self, answer: Fetched) -> Document:
        """Read a feed's document.

        Raises:
            PollError: it is no feed, cannot be read, or takes too long.
        """
        future = self._pool.schedule(
            parse_document, args=[answer, self._max_text_chars], timeout=self._seconds
        )
        try:
            return await asyncio.wrap_future(future)
        except FutureTimeoutError as error:
            raise PollError(
                FailureReason.UNREADABLE,
                f"parsing took longer than {self._seconds:g} s",
                status=answer.status,
            ) from error
        except ProcessExpired as error:
            raise PollError(
                FailureReason.UNREADABLE, "parsing ended its process", status=answer.status
            ) from error

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._pool.stop()  # type: ignore[no-untyped-call] # pebble leaves it unannotated
        await asyncio.to_thread(self._pool.join)
