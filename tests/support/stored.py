"""What is stored, in memory, and an extractor that finds what it is told to."""

from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from datetime import datetime

from schemas import Article, ArticleReference, Statement, StatementMessage
from services.alerting.domain.identity import alert_id
from services.alerting.domain.subscription import Subscription, Watch
from services.extractor.ports import Extracted, Failure, NotExtracted
from services.replay.domain.backtest import ArticleStatements, Page
from services.replay.domain.reading import Reading
from tests.support.builders import NOON


def subscription(name: str = "all", *, active: bool = True, **watch: object) -> Subscription:
    asked = Watch(**watch)  # type: ignore[arg-type]
    return Subscription(name, name, asked, (), NOON, NOON, active=active)


def reference(body: Article) -> ArticleReference:
    return ArticleReference.model_validate(body.model_dump())


def as_json(*articles: Article) -> list[bytes]:
    return [each.model_dump_json().encode() for each in articles]


async def batches(*several: Sequence[bytes]) -> AsyncIterator[Sequence[bytes]]:
    for each in several:
        yield each


class FakeStored:
    """Articles, their statements and alerts."""

    def __init__(self) -> None:
        self.kept: dict[str, ArticleStatements] = {}
        self.archived: dict[str, int] = {}
        self.alerts: dict[str, bool] = {}
        self.asked = 0

    def keep(self, body: Article, *found: Statement) -> None:
        """Store an article with its statements."""
        self.kept[body.id] = ArticleStatements(reference(body), found)

    def alerted(self, who: Subscription, body: Article, text: str, *, sent: bool = True) -> None:
        """Store an alert."""
        self.alerts[alert_id(who.id, body.id, text)] = sent

    async def readings(self, article_ids: Collection[str]) -> Mapping[str, Reading]:
        self.asked += 1
        articles = [self.kept[each].article for each in article_ids if each in self.kept]
        return {each.id: Reading(each.revision, each.revision_number, "old") for each in articles}

    async def newest(self, article_ids: Collection[str]) -> Mapping[str, int]:
        return {each: self.archived[each] for each in article_ids if each in self.archived}

    async def statements(self, article_ids: Collection[str]) -> Mapping[str, Sequence[Statement]]:
        return {each: self.kept[each].statements for each in article_ids if each in self.kept}

    async def had(self, alert_ids: Collection[str]) -> Collection[str]:
        return set(alert_ids) & self.alerts.keys()

    async def sent(self, alert_ids: Collection[str]) -> Mapping[str, bool]:
        return {each: self.alerts[each] for each in alert_ids if each in self.alerts}

    async def span(self) -> tuple[datetime, datetime] | None:
        moments = [each.article.fetched_at for each in self.kept.values()]
        return (min(moments), max(moments)) if moments else None

    async def pages(self, since: datetime, until: datetime, watch: Watch) -> AsyncIterator[Page]:
        del watch  # leaves the matching to whoever asks
        found = sorted(self.kept.values(), key=lambda each: each.article.fetched_at)
        wanted = [each for each in found if since <= each.article.fetched_at < until]
        for start in range(0, len(wanted), 2):
            page = wanted[start : start + 2]
            statements = sum(len(each.statements) for each in page)
            yield Page(len(page), statements, page[-1].article.fetched_at, page)


class FakeExtraction:
    """Finds the statements that it is told of by article id, and fails where it is told to."""

    def __init__(
        self,
        found: Mapping[str, Iterable[Statement]],
        failures: Mapping[str, Failure] | None = None,
    ) -> None:
        self._found = found
        self._failures = failures or {}
        self.articles: list[str] = []

    async def extract(self, articles: Sequence[bytes]) -> list[Extracted | NotExtracted]:
        return [self._extract(Article.model_validate_json(each)) for each in articles]

    def _extract(self, body: Article) -> Extracted | NotExtracted:
        self.articles.append(body.id)
        if body.id in self._failures:
            return NotExtracted(self._failures[body.id], "for a reason")
        found = tuple(self._found.get(body.id, ()))
        message = StatementMessage(
            article=reference(body),
            extractor_version="new",
            language=body.language,
            statements=found,
            skipped="not read" if body.language == "hu" else None,
        )
        return Extracted(message.model_dump_json().encode(), len(found))
