"""`accesswatch run`, used as a user uses it: started, looked at, stopped, killed, started again."""

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest

from services.runtime.errors import ExitCode
from tests.e2e.program import Run, accesswatch, all_end, processes_of, running, wait_for_service

STOP_SECONDS = 10.0
LEASH_SECONDS = 15.0
"""A leash gives a service 6 s and PostgreSQL 20 s to end in order; on an idle machine 1 s do."""

pytestmark = pytest.mark.timeout(180)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A data folder with a run behind it, so that each test's run is a later one."""
    folder = tmp_path_factory.mktemp("user") / "data"
    with running(folder, folder.parent / "first.txt") as first:
        first.wait_for(r"ALERT +\[", seconds=120)
        assert first.interrupt()[0] == ExitCode.OK
    yield folder
    assert all_end(folder, LEASH_SECONDS)


@pytest.fixture
def run(data: Path, tmp_path: Path) -> Iterator[Run]:
    """A second run on that folder."""
    with running(data, tmp_path / "output.txt") as found:
        yield found


def alerts(data: Path) -> list[dict[str, object]]:
    """Return the alerts that the command lists."""
    listed = accesswatch(data, "alerts", "list", "--json", "--limit", "10000")
    assert listed.returncode == ExitCode.OK, listed.stderr
    found: list[dict[str, object]] = orjson.loads(listed.stdout)
    return found


def test_an_alert_shows_and_ctrl_c_leaves_nothing_behind(run: Run, data: Path) -> None:
    run.wait_for(r"ALERT +\[", seconds=60)
    names = {process.name() for process in processes_of(data)}
    assert {"java", "postgres"} <= names, names
    code, seconds = run.interrupt()
    assert code == ExitCode.OK, "\n".join(run.lines)
    assert seconds < STOP_SECONDS
    assert processes_of(data) == []
    assert not any("Traceback" in line for line in run.lines)


def test_alerts_of_earlier_runs_are_still_there(run: Run, data: Path) -> None:
    of_earlier_runs = set(deliveries_by_alert(data))
    run.wait_for("delivered ")
    assert {each["id"] for each in alerts(data)} > of_earlier_runs


def test_a_second_run_on_the_same_folder_is_refused(run: Run, data: Path) -> None:
    run.wait_for("servers +starting")
    second = accesswatch(data, "run", "--plain")
    assert second.returncode == ExitCode.CONFLICT
    [line] = second.stderr.splitlines()
    assert line.startswith("error: ")
    assert str(data) in line
    assert str(run.process.pid) in line
    run.wait_for("run +ready")


def test_a_killed_service_is_started_again(run: Run, data: Path) -> None:
    run.wait_for("run +ready")
    run.wait_for(r"ALERT +\[")
    killed = wait_for_service(data, "alerting")
    killed.kill()
    run.wait_for("service +restarting alerting")
    run.wait_for("service +started alerting", count=2)
    wait_for_service(data, "alerting", other_than=killed.pid)


def test_a_killed_run_leaves_nothing_running_and_the_next_one_loses_nothing(
    run: Run, data: Path, tmp_path: Path
) -> None:
    run.wait_for(r"ALERT +\[")
    run.kill()
    assert all_end(data, LEASH_SECONDS), processes_of(data)
    with running(data, tmp_path / "next.txt") as following:
        following.wait_for(r"delivered ", seconds=60)
        until = datetime.now(UTC).isoformat()
        # What was under way when the audit's period ended is given time to arrive.
        following.wait_for(r"delivered ", count=len(delivered(following)) + 1)
        audit = accesswatch(data, "audit", "--until", until, "--json")
    assert audit.returncode == ExitCode.OK, audit.stdout + audit.stderr
    assert orjson.loads(audit.stdout)["missing"] == []
    assert all(len(ids) == 1 for ids in deliveries_by_alert(data).values())


def delivered(run: Run) -> list[str]:
    return [line for line in run.lines if re.search(r"delivered ", line)]


def deliveries_by_alert(data: Path) -> dict[str, set[str]]:
    """Return the deliveries that the log tells of: alert → delivery ids.

    Sample subscriptions have one channel each, hence one delivery an alert.
    """
    found: dict[str, set[str]] = defaultdict(set)
    for line in (data / "logs" / "alerting.jsonl").read_bytes().splitlines():
        if b'"delivery.sent"' in line:
            event = orjson.loads(line)
            found[event["alert_id"]].add(event["delivery_id"])
    assert found
    return found
