"""Pods are replaced, stopped and killed under load: nothing is lost, nothing comes twice."""

import logging
import time
import uuid

import pytest

from tests.kubernetes.commands import until
from tests.kubernetes.installation import ROLES, Installation, all_ready
from tests.kubernetes.load import load

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(1800)]

log = logging.getLogger(__name__)
GRACE_SECONDS = 20
"""`terminationGracePeriodSeconds` of the chart."""


async def replaced(installed: Installation, role: str, before: set[str]) -> None:
    """Wait until a role has other pods than before, all ready."""

    async def holds() -> bool:
        names = await installed.names(role)
        return not names & before and await installed.is_ready(role)

    await until(holds, 240, f"{role} is replaced and ready")


async def test_a_rolling_upgrade_of_every_role_under_load_loses_nothing_and_doubles_nothing(
    installed: Installation,
) -> None:
    before = {role: await installed.names(role) for role in ROLES}
    async with load(installed, f"upgrade {uuid.uuid4().hex[:4]}") as shown:
        changed = {"pod": {"annotations": {"upgrade": uuid.uuid4().hex}}}
        await shown.while_publishing(installed.install(changed, "--wait"))
        for role in ROLES:
            await shown.while_publishing(replaced(installed, role, before[role]))
        await shown.nothing_is_lost_and_nothing_twice()
        # Nobody was cut off, so that not even an attempt of a delivery was made twice.
        assert set(shown.receiver.deliveries.values()) == {1}
        assert len(shown.sent) > 100
        log.info("%d articles, %d alerts", len(shown.sent), len(shown.receiver.alerts))


async def test_a_pod_of_each_role_killed_under_load_loses_nothing_and_doubles_nothing(
    installed: Installation,
) -> None:
    async with load(installed, f"killed {uuid.uuid4().hex[:4]}") as shown:
        for role in ROLES:
            before = await installed.names(role)
            (name,) = before
            await shown.while_publishing(
                installed.kubectl("delete", "pod", name, "--grace-period", "0", "--force")
            )
            await shown.while_publishing(replaced(installed, role, before))
        await shown.nothing_is_lost_and_nothing_twice()
        assert len(shown.sent) > 100


async def test_a_pod_told_to_stop_finishes_well_within_its_grace(installed: Installation) -> None:
    took = {}
    async with load(installed, f"stopped {uuid.uuid4().hex[:4]}") as shown:
        for role in ROLES:
            (name,) = await installed.names(role)
            began = time.monotonic()
            await shown.while_publishing(installed.kubectl("delete", "pod", name, "--wait"))
            took[role] = time.monotonic() - began
            await shown.while_publishing(replaced(installed, role, {name}))
        await shown.nothing_is_lost_and_nothing_twice()
    log.info("seconds to stop: %s", {role: round(each, 1) for role, each in took.items()})
    assert max(took.values()) < GRACE_SECONDS / 2, took
    await all_ready(installed)
