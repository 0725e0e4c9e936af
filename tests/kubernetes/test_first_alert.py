"""What somebody sees who installs the chart for the first time."""

import pytest

from services.runtime.clock import SystemClock
from services.sample_outlet.server import FEED_PATH, SampleOutlet
from tests.faults.receiver import Receiver
from tests.kubernetes.commands import until
from tests.kubernetes.installation import PASSWORD, ROLES, Installation
from tests.kubernetes.servers import served

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(1800)]


async def test_the_sample_outlets_alert_arrives_at_a_webhook(installed: Installation) -> None:
    outlet = SampleOutlet("kubernetes", SystemClock(), every=1)
    receiver = Receiver()
    host = installed.cluster.host
    async with served(outlet.app, host) as outlet_url, served(receiver.app, host) as hook:
        await installed.accesswatch(
            *("subscribe", "Lachin", "--actor", "ICRC", "--route", "Lachin road"),
            *("--channel", f"{hook}/alerts"),
        )
        await installed.accesswatch("feeds", "add", f"{outlet_url}{FEED_PATH}", "--interval", "1")
        try:

            async def arrived() -> bool:
                return bool(receiver.alerts)

            await until(arrived, 120, "an alert arrives at the receiver")
            listed = await installed.accesswatch("alerts", "list", "--json")
            assert next(iter(receiver.alerts)) in listed
        finally:
            await installed.accesswatch("feeds", "remove", f"{outlet_url}{FEED_PATH}")
            await installed.accesswatch("subscriptions", "remove", "Lachin")


async def test_helm_test_finds_every_pod_ready(installed: Installation) -> None:
    assert "Phase:          Succeeded" in await installed.helm("test")


async def test_a_pod_can_write_nowhere_but_to_tmp_and_leaves_nothing_there(
    installed: Installation,
) -> None:
    script = "touch /opt/accesswatch/x 2>&1; id -u; find /tmp -type f"
    for role in ROLES:
        said = await installed.kubectl(
            "exec", f"deployment/accesswatch-{role}", "--", "sh", "-c", script
        )
        assert "Read-only file system" in said
        assert said.splitlines()[1:] == ["10001"], f"{role} leaves files: {said}"


async def test_logs_are_json_and_hold_no_password(installed: Installation) -> None:
    for role in ROLES:
        log = await installed.log(role)
        assert '"event":"service.starting"' in log.replace(" ", "")
        assert PASSWORD not in log
