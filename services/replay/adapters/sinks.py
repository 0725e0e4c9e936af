"""What replayed messages go through: the live path's own handlers, without notifications."""

from collections.abc import Sequence

from schemas import EventType, Headers, StatementMessage
from services.alerting.adapters.store import SqlStore
from services.alerting.ports import Backfill
from services.extractor.domain.extractor import extractor_version
from services.extractor.ports import Extracted, Extraction
from services.replay.domain.job import Job, Problem
from services.replay.ports import Passage, Taken
from services.runtime.clock import Clock

SOURCE = "accesswatch/replay"


class StatementSink:
    """Stores statement messages."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store

    async def take(self, job: Job, passages: Sequence[Passage]) -> Taken:
        """Store and match messages; what is stored already is only matched."""
        messages = [
            (each.headers._replace(replay_id=job.id), each.body)
            for each in passages
            if isinstance(each.body, StatementMessage)
        ]
        if not messages:
            return Taken()
        stored = await self._store.store(messages, Backfill(job.id, job.request.notify))
        return Taken(
            statements=sum(len(message.statements) for message in stored.messages),
            alerts=len(stored.alerts),
            problems=[Problem(*each) for each in stored.rejected],
        )


class ArticleSink:
    """Extracts articles with this program's version, and stores what it finds."""

    def __init__(self, extraction: Extraction, statements: StatementSink, clock: Clock) -> None:
        self._extraction = extraction
        self._statements = statements
        self._clock = clock

    async def take(self, job: Job, passages: Sequence[Passage]) -> Taken:
        """Extract, then store. The ids are those that the live extractor gives."""
        answers = await self._extraction.extract([each.json for each in passages])
        found: list[Passage] = []
        problems: list[Problem] = []
        for passage, answer in zip(passages, answers, strict=True):
            if isinstance(answer, Extracted):
                found.append(self._message(job, passage, answer))
            else:
                why = f"{answer.failure}: {answer.error}"
                problems.append(Problem(passage.headers.correlation_id, why))
        wanted = [each for each in found if _in_language(job, each)]
        taken = await self._statements.take(job, wanted)
        return Taken(
            statements=taken.statements,
            alerts=taken.alerts,
            left_out=len(found) - len(wanted),
            problems=[*problems, *taken.problems],
        )

    def _message(self, job: Job, passage: Passage, answer: Extracted) -> Passage:
        headers = Headers(
            id=f"{passage.headers.id}.{extractor_version()}",
            type=EventType.STATEMENTS,
            source=SOURCE,
            time=self._clock.now(),
            correlation_id=passage.headers.correlation_id,
            replay_id=job.id,
        )
        return Passage(headers, StatementMessage.model_validate_json(answer.value), answer.value)


def _in_language(job: Job, found: Passage) -> bool:
    """Tell whether an article is in a wanted language, once it was recognised."""
    return not job.request.languages or found.language in job.request.languages
