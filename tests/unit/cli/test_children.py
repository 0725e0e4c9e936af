"""Service processes of a run."""

import asyncio
from pathlib import Path

import pytest

from services.cli.run import children
from services.cli.run.children import Child
from services.cli.run.events import Event


async def test_a_service_that_was_stopped_before_it_began_never_begins(tmp_path: Path) -> None:
    told: list[Event] = []
    child = Child("poller", {}, tmp_path, told.append)
    await child.stop()
    await asyncio.wait_for(child.run(), 5)
    assert told == []


async def test_a_service_that_cannot_stay_up_is_given_up_with_its_reason_in_the_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(children, "RESTART_SECONDS", 0.01)
    monkeypatch.setattr(children, "FAST_FAILURES", 2)
    told: list[Event] = []
    await asyncio.wait_for(Child("no_such_service", {}, tmp_path, told.append).run(), 30)
    names = [event.name for event in told if event.name.startswith("service.")]
    assert names == [
        "service.started",
        "service.restarting",
        "service.started",
        "service.gave_up",
    ]
    assert "no_such_service" in (tmp_path / "no_such_service.jsonl").read_text(encoding="utf-8")
