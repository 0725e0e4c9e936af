"""The use case: a batch of articles in, their statement messages out."""

from collections.abc import Sequence

import structlog

from schemas import Article, EventType, Headers, Topics
from services.extractor import metrics
from services.extractor.domain.extractor import extractor_version
from services.extractor.ports import Extracted, Extraction, Failure
from services.runtime.clock import Clock
from services.runtime.kafka.decode import Reason, Received, Refused
from services.runtime.kafka.producer import Outgoing, Producer

SOURCE = "accesswatch/extractor"
REASONS = {
    Failure.TIMED_OUT: Reason.TIMED_OUT,
    Failure.CRASHED: Reason.FAILED,
    Failure.FAILED: Reason.FAILED,
}

log = structlog.get_logger()


class Extractor:
    """Handles batches of articles."""

    def __init__(
        self, extraction: Extraction, producer: Producer, topics: Topics, clock: Clock
    ) -> None:
        self._extraction = extraction
        self._producer = producer
        self._topics = topics
        self._clock = clock

    async def handle(self, batch: Sequence[Received[Article]]) -> Sequence[Refused]:
        """Extract and publish; return the articles that extraction failed on.

        The same article and extractor version give the same message under the same id.

        Raises:
            UnavailableError: Kafka did not take the messages; nothing was committed.
        """
        answers = await self._extraction.extract([each.record.value or b"" for each in batch])
        refused: list[Refused] = []
        outgoing: list[tuple[Received[Article], Outgoing]] = []
        for received, answer in zip(batch, answers, strict=True):
            if isinstance(answer, Extracted):
                self._record(received, answer)
                outgoing.append((received, self._message(received, answer)))
            else:
                refused.append(Refused(received.record, REASONS[answer.failure], answer.error))
        refusals = await self._producer.send_all([message for _, message in outgoing])
        for (received, _), refusal in zip(outgoing, refusals, strict=True):
            if refusal:
                refused.append(Refused(received.record, Reason.TOO_LARGE, refusal))
        return refused

    def _message(self, received: Received[Article], answer: Extracted) -> Outgoing:
        headers = Headers(
            # A new version of the extractor says something new about the same article.
            id=f"{received.headers.id}.{extractor_version()}",
            type=EventType.STATEMENTS,
            source=SOURCE,
            time=self._clock.now(),
            correlation_id=received.headers.correlation_id,
            replay_id=received.headers.replay_id,
        )
        return Outgoing(
            self._topics.statements,
            received.body.id.encode(),
            answer.value,
            tuple(headers.encode()),
        )

    def _record(self, received: Received[Article], answer: Extracted) -> None:
        metrics.ARTICLES.labels("with_statements" if answer.statements else "quiet").inc()
        metrics.STATEMENTS.inc(answer.statements)
        article = received.body
        (log.info if answer.statements else log.debug)(
            "article.extracted",
            article_id=article.id,
            correlation_id=received.headers.correlation_id,
            title=article.title,
            outlet=article.outlet,
            statements=answer.statements,
        )
