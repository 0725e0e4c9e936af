"""KEDA starts extractors when articles wait, and ends them when none do."""

import logging

import pytest

from tests.kubernetes.commands import Cluster, CommandError, until
from tests.kubernetes.installation import Installation
from tests.kubernetes.load import load

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(1800)]

log = logging.getLogger(__name__)
AUTOSCALED = {
    "autoscaling": {
        "kind": "keda",
        "pollingInterval": 2,
        "scaleDownSeconds": 20,
        "extractor": {"maxReplicas": 3, "lagThreshold": 40},
        "storing": {"maxReplicas": 1},
    },
    # Slow enough that a lag stays for a while.
    "roles": {"extractor": {"resources": {"limits": {"cpu": "500m"}}}},
}
BACKLOG = 1000
"""Entries of each feed that appear at once."""


async def has_keda(cluster: Cluster) -> bool:
    """Tell whether KEDA's own kinds are known and its operator runs."""
    try:
        await cluster.kubectl("get", "crd", "scaledobjects.keda.sh")
        operator = "deployment/keda-operator"
        await cluster.kubectl("rollout", "status", operator, "-n", "keda", "--timeout", "60s")
    except CommandError:
        return False
    return True


async def test_keda_scales_the_extractor_to_three_and_back_on_lag(fresh: Installation) -> None:
    if not await has_keda(fresh.cluster):
        pytest.skip("KEDA is not installed on this cluster (here: ../shared/tools/kube/keda-up)")
    await fresh.install(AUTOSCALED, "--wait")

    async def extractors() -> int:
        return len(await fresh.names("extractor"))

    async def are(count: int) -> bool:
        return await extractors() == count

    await until(lambda: are(1), 120, "one extractor while there is nothing to do")
    async with load(fresh, "backlog") as shown:
        shown.publish(BACKLOG)
        up = await until(lambda: are(3), 240, "three extractors while articles wait")
        await shown.nothing_is_lost_and_nothing_twice()
        down = await until(lambda: are(1), 420, "one extractor when nothing waits any more")
    log.info("1 to 3 in %.0f s, 3 to 1 %.0f s after the backlog was worked off", up, down)
