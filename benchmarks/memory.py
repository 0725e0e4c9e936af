"""Resident memory of each service, idle and after load."""

import asyncio

from benchmarks.pipeline import put_on_topic, run_through
from benchmarks.report import Result
from benchmarks.stage import Servers, stage
from benchmarks.texts import NEWS_SHARE, made_up_articles

SERVICES = ("poller", "alerting", "extractor")
ARTICLES = 6000
SETTLING_SECONDS = 3.0


async def memory(servers: Servers, *, quick: bool) -> Result:
    """Measure services that just started, and again after a news stream went through."""
    articles = made_up_articles(ARTICLES // 8 if quick else ARTICLES, NEWS_SHARE)
    async with stage(servers) as set_up:
        await set_up.subscribe()
        for name in SERVICES:
            await set_up.start(name)
        await asyncio.sleep(SETTLING_SECONDS)
        idle = {name: set_up.resident_mib(name) for name in SERVICES}
        await put_on_topic(set_up, articles)
        await run_through(set_up, len(articles))
        after = {name: set_up.resident_mib(name) for name in SERVICES}
    rows = [(name, idle[name], after[name], after[name] / idle[name]) for name in SERVICES]
    whole_idle, whole_after = sum(idle.values()), sum(after.values())
    rows.append(("together", whole_idle, whole_after, whole_after / whole_idle))
    return Result(
        name="memory",
        title="Resident memory of the services, children included",
        columns=("service", "idle MiB", "after load MiB", "ratio"),
        rows=tuple(rows),
        notes=(
            (
                f"Load: {len(articles):,} articles of the pipeline's news stream; the poller "
                "has no feeds here and does not see them."
            ),
            "Pages that processes share count once for each.",
        ),
        quick=quick,
    )
