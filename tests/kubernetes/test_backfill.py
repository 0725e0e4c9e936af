"""A backfill as a Kubernetes Job: it ends, and what was there stays as it was."""

import uuid
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from tests.kubernetes.installation import RELEASE, Installation
from tests.kubernetes.load import FEEDS, load

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(1800)]

ENTRIES = 30
"""Of each feed."""
Manifest = Callable[[Installation, str, str], Awaitable[str]]


async def by_the_command(installed: Installation, name: str, since: str) -> str:
    """Return the Job that `accesswatch replay manifest` prints."""
    return await installed.accesswatch(
        *("replay", "manifest", "articles", "--from", since, "--name", name),
        *("--parallelism", "2", "--image", installed.cluster.image),
    )


async def by_the_chart(installed: Installation, name: str, since: str) -> str:
    """Return the Job that the chart's template makes."""
    replay = {
        "enabled": True,
        "name": name,
        "args": ["articles", "--from", since],
        "parallelism": 2,
    }
    return await installed.template({"replay": replay}, "templates/replay-job.yaml")


@pytest.mark.parametrize("manifest", [by_the_command, by_the_chart])
async def test_a_backfill_job_completes_and_changes_nothing_that_was_there(
    installed: Installation, manifest: Manifest
) -> None:
    name = f"backfill-{uuid.uuid4().hex[:6]}"
    # From here on: earlier articles would be matched with this test's subscription too.
    since = datetime.now(UTC).isoformat()
    async with load(installed, name) as shown:
        shown.publish(ENTRIES)
        await shown.nothing_is_lost_and_nothing_twice()
        before = await _state(installed)
        told = shown.receiver.deliveries.copy()

        job = f"job/{RELEASE}-replay-{name}"
        made = await manifest(installed, name, since)
        await installed.kubectl("create", "--filename", "-", stdin=made)
        await installed.kubectl("wait", job, "--for=condition=Complete", "--timeout=300s")

        replay = orjson.loads(await installed.accesswatch("replay", "show", name, "--json"))
        assert replay["state"] == "finished", replay
        assert replay["counts"]["read"] == FEEDS * ENTRIES, replay
        assert await _state(installed) == before
        assert shown.receiver.deliveries == told
    await installed.kubectl("delete", job)


async def _state(installed: Installation) -> dict[str, list[tuple[Any, ...]]]:
    """Return what is stored, but for what tells of the replay itself."""
    queries = {
        "archive": "SELECT article_id, revision, title, text FROM poller.articles",
        "articles": "SELECT id, revision, extractor_version FROM alerting.articles",
        "statements": "SELECT id, sentence, superseded_at, body FROM alerting.statements",
        "alerts": "SELECT id, statement_id FROM alerting.alerts",
        "deliveries": "SELECT id, alert_id, state FROM alerting.deliveries",
    }
    return {
        name: sorted(tuple(map(str, row)) for row in await installed.rows(sql))
        for name, sql in queries.items()
    }
