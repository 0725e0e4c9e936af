"""`--dry-run`: what a replay would change, without writing."""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncEngine

from schemas import StatementMessage
from services.alerting.adapters.stored_messages import in_force
from services.alerting.adapters.subscriptions import SqlSubscriptions
from services.cli.output import console
from services.cli.replay import dry_run_view
from services.extractor.adapters.worker_pool import WorkerPool
from services.replay import comparing
from services.replay.adapters.sources import SqlAndKafka
from services.replay.adapters.stored_statements import SqlStored
from services.replay.app import NICENESS, making
from services.replay.domain.job import Job
from services.replay.domain.planning import Plan
from services.replay.domain.request import Kind, Request
from services.replay.ports import Passage
from services.runtime.clock import SystemClock
from services.runtime.settings import Settings

BATCH = 200


async def dry_run(
    settings: Settings,
    engine: AsyncEngine,
    request: Request,
    limit: int | None,
    html: Path | None,
    *,
    json: bool,
) -> None:
    """Say what a replay would change.

    Raises:
        NotFoundError: there is nothing to replay.
    """
    plan = await making(settings, engine, request.kind).plan(request)
    passages = _passages(settings, engine, request, plan)
    subscriptions = await SqlSubscriptions(engine, SystemClock()).list()
    stored = SqlStored(engine)
    with console.status("Reading …"):
        if request.kind is Kind.ARTICLES:
            async with WorkerPool(settings.extractor, NICENESS) as pool:
                report = await comparing.compare(
                    _as_json(passages),
                    pool,
                    stored,
                    subscriptions,
                    limit,
                    languages=request.languages,
                )
        else:
            report = await comparing.rematch(
                _in_force(engine, passages), stored, subscriptions, limit
            )
    notes = [f"{sentence}." for sentence in plan.sentences]
    dry_run_view.show(report, notes=notes, json=json, html=html)


async def _passages(
    settings: Settings, engine: AsyncEngine, request: Request, plan: Plan
) -> AsyncIterator[Sequence[Passage]]:
    sources = SqlAndKafka(engine, settings.kafka)
    job = Job("dry-run", "dry-run", request, plan.sentences, "", datetime.now(UTC))
    for part in plan.parts:
        async with sources.open(job, part) as reader:
            finished = False
            while not finished:
                stretch = await reader.read(BATCH)
                finished = stretch.finished
                yield stretch.passages


async def _as_json(passages: AsyncIterator[Sequence[Passage]]) -> AsyncIterator[Sequence[bytes]]:
    async for batch in passages:
        yield [each.json for each in batch]


async def _in_force(
    engine: AsyncEngine, passages: AsyncIterator[Sequence[Passage]]
) -> AsyncIterator[Sequence[bytes]]:
    """Yield what a replay would match: of articles extracted again since, what was found last."""
    async for batch in passages:
        given = [(p.headers, p.body) for p in batch if isinstance(p.body, StatementMessage)]
        async with engine.connect() as connection:
            held = await in_force(connection, given)
        stored = {message.article.id for message in held}
        lost = [body for _, body in given if body.article.id not in stored]
        yield [message.model_dump_json().encode() for message in (*held, *lost)]
