"""What `helm test` runs: every pod is asked whether it is ready."""

import asyncio
import sys
from collections.abc import Mapping

import pytest

from services.runtime.health import Check, serve_health
from services.runtime.settings import HealthSettings
from tests.support.chart.rendering import CHART, render_case

SCRIPT = CHART / "files" / "ready.py"
LOOPBACK = "127.0.0.1"


async def _well() -> str | None:
    return None


async def _away() -> str | None:
    return "does not answer"


async def _ask(port: int, *services: str) -> tuple[int | None, str]:
    asked = await asyncio.create_subprocess_exec(
        sys.executable, str(SCRIPT), str(port), *services, stdout=asyncio.subprocess.PIPE
    )
    said, _ = await asked.communicate()
    return asked.returncode, said.decode()


@pytest.mark.parametrize(
    ("ready", "code", "said"),
    [
        ({"database": _well}, 0, f'{LOOPBACK} {LOOPBACK}: ready {{"ok":true'),
        ({"database": _well, "kafka": _away}, 1, f"{LOOPBACK} {LOOPBACK}: NOT ready"),
    ],
)
async def test_pod_says_whether_it_is_ready(
    ready: Mapping[str, Check], code: int, said: str
) -> None:
    async with serve_health(HealthSettings(host=LOOPBACK), {}, ready) as port:
        answer = await _ask(port, LOOPBACK)

    assert (answer[0], said in answer[1]) == (code, True)


async def test_unready_pod_fails_the_test_though_others_are_well() -> None:
    async with serve_health(HealthSettings(host=LOOPBACK), {}, {"kafka": _away}) as port:
        code, said = await _ask(port, "127.0.0.2", LOOPBACK)

    assert code == 1
    assert "does not answer" in said


async def test_pod_that_is_not_there_fails_the_test(closed_port: int) -> None:
    code, said = await _ask(closed_port, LOOPBACK)

    assert code == 1
    assert "NOT ready" in said


def test_every_role_has_a_name_that_the_test_asks(helm: str) -> None:
    manifests = render_case(helm, "defaults").manifests
    [pod] = [m for m in manifests if m["kind"] == "Pod"]
    services = {m["metadata"]["name"]: m["spec"] for m in manifests if m["kind"] == "Service"}

    flag, script, port, *asked = pod["spec"]["containers"][0]["args"]

    assert (flag, script) == ("-c", SCRIPT.read_text(encoding="utf-8"))
    assert set(asked) == services.keys()
    for service in services.values():
        assert service["clusterIP"] == "None"
        assert [each["port"] for each in service["ports"]] == [int(port)]
        assert service["publishNotReadyAddresses"] is True
