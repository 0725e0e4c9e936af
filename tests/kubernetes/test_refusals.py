"""Wrong values, a wrong database, and what is left when all is over."""

import pytest

from tests.kubernetes.commands import CommandError, until
from tests.kubernetes.installation import PASSWORD, ROLES, Installation, all_ready

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(1800)]

OURS = "configmaps,cronjobs,deployments,horizontalpodautoscalers,jobs,networkpolicies,pods,"
OURS += "poddisruptionbudgets,replicasets,secrets,serviceaccounts,services"


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({"settings": {"kafka": {"partition": 3}}}, "partition"),
        ({"roles": {"poler": {"replicas": 2}}}, "poler"),
        ({"roles": {"poller": {"replicas": "two"}}}, "replicas"),
        ({"database": {"existingSecret": ""}}, "existingSecret"),
    ],
    ids=["setting", "role", "type", "secret"],
)
async def test_a_wrong_value_is_refused_at_install_and_installs_nothing(
    fresh: Installation, values: dict[str, object], named: str
) -> None:
    with pytest.raises(CommandError, match=named):
        await fresh.install(values)
    assert await fresh.read("deployments,jobs,configmaps", "--selector", _LABEL) == []


async def test_a_migration_that_reaches_no_database_fails_the_install_and_says_why(
    fresh: Installation,
) -> None:
    await fresh.give_secret(f"postgresql://postgres:{PASSWORD}@{fresh.cluster.host}:1/nowhere")
    with pytest.raises(CommandError):
        await fresh.install({"migration": {"connectTimeout": 2}})
    log = await fresh.log("migration")
    assert f"PostgreSQL at {fresh.cluster.host}:1/nowhere cannot be reached" in log
    assert PASSWORD not in log


async def test_a_broken_database_address_shows_as_not_ready_with_the_reason(
    fresh: Installation,
) -> None:
    right = fresh.database_for_pods
    await fresh.install({}, "--wait")
    await fresh.give_secret(f"postgresql://postgres:{PASSWORD}@{fresh.cluster.host}:1/nowhere")
    quick = {"settings": {"database": {"connect_timeout": 5}}, "migration": {"enabled": False}}
    old = await fresh.names("poller")
    await fresh.install(quick)

    async def said_why() -> bool:
        return any("cannot be reached" in words for words in await _last_words(fresh, "poller"))

    await until(said_why, 120, "kubectl describe pod says why the poller ended")
    assert old <= await fresh.names("poller"), "the old pod stays until a new one is ready"
    assert not await fresh.is_ready("poller")
    said = "".join(await _last_words(fresh, "poller")) + await fresh.log("poller")
    assert f"PostgreSQL at {fresh.cluster.host}:1/nowhere cannot be reached" in said
    assert PASSWORD not in said

    # Put right, it comes back without help.
    await fresh.give_secret(right)
    await all_ready(fresh)


async def test_uninstall_leaves_nothing(fresh: Installation) -> None:
    before = await _what_there_is(fresh)
    await fresh.install({"autoscaling": {"kind": "hpa"}}, "--wait")
    assert len(await _what_there_is(fresh)) > len(before) + 2 * len(ROLES)
    await fresh.helm("uninstall", "--wait")

    async def is_as_before() -> bool:
        return await _what_there_is(fresh) == before

    await until(is_as_before, 60, f"nothing but {sorted(before)} is left")


async def _last_words(installed: Installation, role: str) -> list[str]:
    """Return what a role's containers said last before they were started again."""
    return [
        each["lastState"]["terminated"].get("message", "")
        for pod in await installed.pods(role)
        for each in pod["status"].get("containerStatuses", ())
        if each["lastState"].get("terminated")
    ]


async def _what_there_is(installed: Installation) -> set[str]:
    found = await installed.read(OURS)
    return {f"{each['kind']} {each['metadata']['name']}" for each in found}


_LABEL = "app.kubernetes.io/instance=accesswatch"
