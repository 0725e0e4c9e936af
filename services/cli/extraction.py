"""Extraction for commands: of one article here, or of many in processes of their own."""

import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import TimeoutError as FutureTimeoutError
from typing import Any, TypeVar

import pebble

from schemas import Article
from services.extractor.adapters.engine import load_extractor
from services.extractor.adapters.worker import begin
from services.extractor.domain.gazetteer import load_gazetteer
from services.extractor.domain.lexicon import load_lexicon
from services.extractor.domain.outcome import Explanation, Outcome
from services.runtime.settings import ExtractorSettings

AHEAD = 4
"""Articles handed to each worker before its first answer is waited for, so that none idles and
memory does not grow with the file."""
T = TypeVar("T")
Failed = Callable[[T, str], None]
"""Told of an item that extraction failed on, and how."""


def extract_one(article: Article) -> Outcome:
    """Return the statements of an article."""
    return load_extractor().extract(article)


def explain_one(article: Article) -> Explanation:
    """Return the statements of an article, and what decided on each of its sentences."""
    return load_extractor().explain(article)


def supported_languages() -> tuple[str, ...]:
    """Return the ISO 639 codes of the languages that statements are found in."""
    return tuple(sorted(load_lexicon().languages))


def extract_all(
    items: Iterable[T],
    article_of: Callable[[T], Article],
    workers: int,
    settings: ExtractorSettings,
    failed: Failed[T],
) -> Iterator[tuple[T, Outcome]]:
    """Yield each item with what was found in its article, in order, while more are read.

    Args:
        items: anything that has an article.
        article_of: returns it.
        workers: processes to share the work; 1 does it in this one.
        settings: how long an article may take in a worker, and users' own gazetteer.
        failed: told of items that a worker failed on, which are then left out.
    """
    if workers > 1:
        yield from _in_workers(items, article_of, workers, settings, failed)
        return
    for item in items:
        try:
            outcome = extract_one(article_of(item))
        except Exception as error:  # noqa: BLE001 - one article must not end a file of many
            failed(item, _reason(error))
        else:
            yield item, outcome


def _in_workers(
    items: Iterable[T],
    article_of: Callable[[T], Article],
    workers: int,
    settings: ExtractorSettings,
    failed: Failed[T],
) -> Iterator[tuple[T, Outcome]]:
    if settings.gazetteer:
        load_gazetteer()  # names a mistake once, here, rather than in every worker
    pool = pebble.ProcessPool(
        max_workers=workers,
        initializer=begin,
        initargs=(os.getpid(), settings.gazetteer),
        context=multiprocessing.get_context("spawn"),
    )
    waiting: deque[tuple[T, Any]] = deque()
    try:
        for item in items:
            future = pool.schedule(
                extract_one, args=[article_of(item)], timeout=settings.article_timeout
            )
            waiting.append((item, future))
            if len(waiting) >= AHEAD * workers:
                yield from _answer(*waiting.popleft(), settings, failed)
        while waiting:
            yield from _answer(*waiting.popleft(), settings, failed)
    finally:
        pool.stop()  # type: ignore[no-untyped-call] # pebble's stubs are partial
        pool.join(3)


def _answer(
    item: T, future: Any, settings: ExtractorSettings, failed: Failed[T]
) -> Iterator[tuple[T, Outcome]]:
    try:
        outcome = future.result()
    except FutureTimeoutError:
        failed(item, f"it took more than {settings.article_timeout:g} s")
    except pebble.ProcessExpired as error:
        failed(item, f"the worker ended with {error.exitcode}")
    except Exception as error:  # noqa: BLE001 - one article must not end a file of many
        failed(item, _reason(error))
    else:
        yield item, outcome


def _reason(error: Exception) -> str:
    return f"extraction failed ({type(error).__name__}: {error})"
