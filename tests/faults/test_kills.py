"""Services killed at random: nothing is lost, nothing is done twice."""

import asyncio
import random
from pathlib import Path

import pytest

from services.audit.service import Audit
from services.runtime.clock import SystemClock
from services.runtime.settings import KafkaSettings
from tests.faults.conftest import grow, kill_at_random, scene
from tests.faults.outlets import made_up_entries
from tests.support.databases import fresh_database

SEED = 20261124
FEEDS = 20
ARTICLES = 2000
KILLS = 20


@pytest.mark.timeout(600)
async def test_2000_articles_and_20_kills_end_as_a_run_without_kills(
    postgres_url: str, kafka_servers: str, tmp_path: Path
) -> None:
    entries = made_up_entries(SEED, FEEDS, ARTICLES)
    calm = KafkaSettings(bootstrap_servers=kafka_servers, namespace="calm", partitions=3)
    async with scene(await fresh_database(postgres_url), calm, entries, tmp_path / "calm") as shown:
        ports = shown.ports
        await shown.system.start_all()
        await grow(shown, steps=10, each=ARTICLES // FEEDS // 10)
        await shown.settled(ARTICLES, seconds=120)
        assert set((await shown.system.stop_all()).values()) == {0}
        expected = await shown.state()
        alerts = set(shown.receiver.alerts)
    assert len(expected["statements"]) > ARTICLES / 5
    assert len(alerts) == len(expected["alerts"]) > 100

    wild = KafkaSettings(bootstrap_servers=kafka_servers, namespace="wild", partitions=3)
    rng = random.Random(SEED)
    async with scene(
        await fresh_database(postgres_url), wild, entries, tmp_path / "wild", ports
    ) as shown:
        await shown.system.start_all()
        await asyncio.gather(
            grow(shown, steps=20, each=ARTICLES // FEEDS // 20, pause=lambda: rng.uniform(1, 3)),
            kill_at_random(shown, rng, KILLS),
        )
        await shown.settled(ARTICLES, seconds=180)
        report = await Audit(shown.engine, wild, SystemClock()).run(None, SystemClock().now())
        assert shown.system.kills >= KILLS
        assert await shown.state() == expected
        assert report.missing == ()
        assert report.counts["archived"] == report.counts["stored"] == ARTICLES
        assert set(shown.receiver.alerts) == alerts
        assert all(len(ids) == 1 for ids in shown.receiver.alerts.values())
