"""What runs in a worker process."""

import os
import signal
import threading
import time
from pathlib import Path

from schemas import Article
from services.extractor.adapters.engine import load_extractor
from services.extractor.data_files import use_gazetteer

PARENT_CHECK_SECONDS = 1.0


def begin(parent: int, gazetteer: tuple[Path, ...] = (), niceness: int = 0) -> None:
    """Prepare a worker: load the data once, and end when the service is gone.

    Args:
        parent: process id of the service. When it is killed with SIGKILL nobody tells its workers.
        gazetteer: files that add to ours.
        niceness: how much to stand back where the processor is short.
    """
    os.nice(niceness)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the service decides when to stop
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    use_gazetteer(gazetteer)
    warm_up()


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(PARENT_CHECK_SECONDS)
    os._exit(0)


def warm_up() -> None:
    """Load data and models, so that the first article does not wait for them."""
    extract_chunk([WARM_UP_ARTICLE])


def extract_chunk(articles: list[bytes]) -> list[tuple[bytes, int]]:
    """Return the statement message of each article as JSON, and how many statements it has."""
    extractor = load_extractor()
    answers = []
    for value in articles:
        article = Article.model_validate_json(value)
        outcome = extractor.extract(article)
        message = extractor.message(article, outcome)
        answers.append((message.model_dump_json().encode(), len(outcome.statements)))
    return answers


WARM_UP_ARTICLE = (
    b'{"id":"00000000000000000000000000000000","revision":"0000000000000000","revision_number":1,'
    b'"feed_id":"-","outlet":"-","title":"-","text":"The road was open to aid.",'
    b'"fetched_at":"2000-01-01T00:00:00Z"}'
)
