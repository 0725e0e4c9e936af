"""The use case of a dry run: extract, or match anew, and say what would change. Writes nothing."""

from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from pydantic import ValidationError

from schemas import Article, ArticleReference, Statement, StatementMessage
from services.alerting.domain.matching import SubscriptionIndex
from services.alerting.domain.subscription import Subscription
from services.extractor.ports import Extracted, Extraction
from services.replay.domain.comparison import compare as compare_statements
from services.replay.domain.dry_run import DryRun, Report
from services.replay.domain.reading import LeftOut, Reading, left_out
from services.replay.domain.seen import Seen
from services.replay.domain.would_alert import WouldAlert, alerts_of

UNREADABLE = "unreadable"
"""Why a message failed: it is none of ours."""

M = TypeVar("M", Article, StatementMessage)
Batches = AsyncIterator[Sequence[bytes]]


class Stored(Protocol):
    """What is stored, in as few questions as there are batches."""

    async def readings(self, article_ids: Collection[str]) -> Mapping[str, Reading]:
        """Return the current reading of articles; those never extracted are left out."""
        ...

    async def newest(self, article_ids: Collection[str]) -> Mapping[str, int]:
        """Return the highest revision number in the archive; unknown articles are left out."""
        ...

    async def statements(self, article_ids: Collection[str]) -> Mapping[str, Sequence[Statement]]:
        """Return the current statements of articles; those without any are left out."""
        ...

    async def had(self, alert_ids: Collection[str]) -> Collection[str]:
        """Return which alerts there are."""
        ...


async def compare(
    batches: Batches,
    extraction: Extraction,
    stored: Stored,
    subscriptions: Iterable[Subscription],
    limit: int | None = None,
    *,
    languages: Collection[str] = (),
    seed: int = 0,
) -> Report:
    """Say what extracting a stretch again would change; nothing is written.

    Only the newest revision of an article counts: an older one in the stretch changes nothing and
    is not extracted.

    Args:
        batches: `Article`s as JSON, as on the topic; a few hundred at a time keep all workers busy.
        extraction: the extractor to come.
        stored: what there is.
        subscriptions: whose alerts to foretell; those that are paused get none.
        limit: articles to read at the most; None: all.
        languages: ISO 639 codes that were asked for; none: all. Who reads the stretch leaves out
            what feeds say to be in others; this is for what extraction recognises.
        seed: of the choice of examples.
    """
    run = _Run(stored, subscriptions, DryRun(extracts=True, seed=seed))
    async for batch in run.limited(batches, limit):
        wanted = await run.wanted(run.readable(batch, Article))
        answers = await extraction.extract([each.raw for each, _ in wanted])
        messages: list[tuple[StatementMessage, Reading | None]] = []
        for (_, reading), answer in zip(wanted, answers, strict=True):
            if not isinstance(answer, Extracted):
                run.sums.failed[answer.failure] += 1
                continue
            message = StatementMessage.model_validate_json(answer.value)
            if languages and (message.language or message.article.language) not in languages:
                run.sums.left_out[LeftOut.OTHER_LANGUAGE] += 1
            else:
                messages.append((message, reading))
        await run.compare(messages)
        await run.match([message for message, _ in messages])
    return run.sums.report()


async def rematch(
    batches: Batches,
    stored: Stored,
    subscriptions: Iterable[Subscription],
    limit: int | None = None,
    *,
    seed: int = 0,
) -> Report:
    """Say which alerts matching a stretch of statements again would add; nothing is written.

    Args:
        batches: `StatementMessage`s as JSON, as on the topic.
        stored: what there is.
        subscriptions: whose alerts to foretell; those that are paused get none.
        limit: messages to read at the most; None: all.
        seed: of the choice of examples.

    Returns:
        A report whose part on statements is empty.
    """
    run = _Run(stored, subscriptions, DryRun(extracts=False, seed=seed))
    async for batch in run.limited(batches, limit):
        wanted = await run.wanted(run.readable(batch, StatementMessage))
        await run.match([each.body for each, _ in wanted])
    return run.sums.report()


@dataclass(frozen=True, slots=True)
class _Found(Generic[M]):
    """A message that can be read."""

    raw: bytes
    body: M

    @property
    def article(self) -> Article | ArticleReference:
        return self.body.article if isinstance(self.body, StatementMessage) else self.body

    @property
    def version(self) -> str | None:
        """Of the extractor, where it has read the article already."""
        return self.body.extractor_version if isinstance(self.body, StatementMessage) else None


class _Run:
    """What a dry run of either kind does with a batch."""

    def __init__(self, stored: Stored, subscriptions: Iterable[Subscription], sums: DryRun) -> None:
        self._stored = stored
        self._index = SubscriptionIndex(subscriptions)
        self._seen = Seen()
        self.sums = sums

    async def limited(self, batches: Batches, limit: int | None) -> AsyncIterator[Sequence[bytes]]:
        """Yield batches up to the limit, and count what they hold."""
        async for batch in batches:
            left = len(batch) if limit is None else limit - self.sums.read
            self.sums.is_all = left >= len(batch)
            self.sums.read += min(left, len(batch))
            if left:
                yield batch[:left]
            if not self.sums.is_all:
                return

    def readable(self, batch: Sequence[bytes], kind: type[M]) -> list[_Found[M]]:
        """Return the messages that can be read; count the others."""
        found = []
        for raw in batch:
            try:
                found.append(_Found(raw, kind.model_validate_json(raw)))
            except ValidationError:
                self.sums.failed[UNREADABLE] += 1
        return found

    async def wanted(self, found: Sequence[_Found[M]]) -> list[tuple[_Found[M], Reading | None]]:
        """Return the messages that decide what is current, with what is; count the others."""
        ids = {each.article.id for each in found}
        readings = await self._stored.readings(ids)
        newest = dict(await self._stored.newest(ids))
        numbers = [(each.article.id, each.article.revision_number) for each in found]
        for identifier, number in numbers + [(i, r.revision_number) for i, r in readings.items()]:
            newest[identifier] = max(newest.get(identifier, 0), number)
        kept = []
        for each in found:
            article, current = each.article, readings.get(each.article.id)
            revision, number = article.revision, article.revision_number
            why = left_out(revision, number, each.version, newest[article.id], current)
            if why is None and self._seen.again(article.id, revision):
                why = LeftOut.CAME_TWICE
            if why is None:
                kept.append((each, current))
            else:
                self.sums.left_out[why] += 1
        return kept

    async def compare(self, messages: Sequence[tuple[StatementMessage, Reading | None]]) -> None:
        """Compare what was read with what is stored."""
        old = await self._stored.statements({message.article.id for message, _ in messages})
        for message, reading in messages:
            self.sums.new_versions[message.extractor_version] += 1
            if reading:
                self.sums.old_versions[reading.extractor_version] += 1
            pairs = compare_statements(old.get(message.article.id, ()), message.statements)
            self.sums.count_pairs(message.article, pairs)

    async def match(self, messages: Sequence[StatementMessage]) -> None:
        """Count the alerts that messages would give."""
        alerts: dict[str, WouldAlert] = {}
        for message in messages:
            self.sums.compared += 1
            self.sums.unsupported += message.skipped is not None
            alerts |= alerts_of(self._index, message.article, message.statements)
        if alerts:
            self.sums.count_alerts(list(alerts.values()), await self._stored.had(alerts.keys()))
