"""Probes that tell the truth."""

import asyncio

import httpx
import pytest

from services.runtime.errors import ConflictError
from services.runtime.health import Check, run_checks, serve_health
from services.runtime.settings import HealthSettings


def answering(answer: str | None) -> Check:
    async def check() -> str | None:
        return answer

    return check


async def failing() -> str | None:
    raise RuntimeError("broken")


async def hanging() -> str | None:
    await asyncio.Event().wait()
    return None


async def test_a_check_that_fails_or_hangs_is_named() -> None:
    checks = {"good": answering(None), "bad": answering("no"), "broken": failing, "hung": hanging}
    wrong = await run_checks(checks, seconds=0.01)
    assert set(wrong) == {"bad", "broken", "hung"}
    assert "RuntimeError" in wrong["broken"]


async def test_probes_answer_by_their_checks() -> None:
    live, ready = {"loop": answering(None)}, {"database": answering("away")}
    async with (
        serve_health(HealthSettings(), live, ready) as port,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client,
    ):
        assert (await client.get("/live")).status_code == 200
        answer = await client.get("/ready")
        assert answer.status_code == 503
        assert answer.json()["checks"] == {"loop": "ok", "database": "away"}
        assert "python_info" in (await client.get("/metrics")).text
        assert (await client.get("/other")).status_code == 404


async def test_a_port_in_use_is_a_clear_error() -> None:
    async with serve_health(HealthSettings(), {}, {}) as port:
        with pytest.raises(ConflictError, match=f"127.0.0.1:{port}"):
            async with serve_health(HealthSettings(port=port), {}, {}):
                pass
