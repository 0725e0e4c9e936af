"""What runs in a worker process."""

import os
import signal
import threading
import time

from schemas import Article
from services.extractor.domain.extract import extract, to_message

PARENT_CHECK_SECONDS = 1.0


def begin(parent: int) -> None:
    """Prepare a worker: load the data once, and end when the service is gone.

    Args:
        parent: process id of the service. When it is killed with SIGKILL nobody tells its workers.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the service decides when to stop
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    warm_up()


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(PARENT_CHECK_SECONDS)
    os._exit(0)


def warm_up() -> None:
    """Load gazetteer and lexicon, so that the first article does not wait for them."""
    extract_chunk([WARM_UP_ARTICLE])


def extract_chunk(articles: list[bytes]) -> list[tuple[bytes, int]]:
    """Return the statement message of each article as JSON, and how many statements it has."""
    answers = []
    for value in articles:
        article = Article.model_validate_json(value)
        statements = extract(article)
        message = to_message(article, statements)
        answers.append((message.model_dump_json().encode(), len(statements)))
    return answers


WARM_UP_ARTICLE = (
    b'{"id":"00000000000000000000000000000000","revision":"0000000000000000","revision_number":1,'
    b'"feed_id":"-","outlet":"-","title":"-","text":"The road was open to aid.",'
    b'"fetched_at":"2000-01-01T00:00:00Z"}'
)
