"""A cluster, servers that its pods reach, and a release that tests share."""

import asyncio
import logging
import os
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from services.runtime.embedded.postgres import EmbeddedPostgres
from tests.kubernetes.clusters import NoClusterError, find_cluster
from tests.kubernetes.commands import Cluster
from tests.kubernetes.installation import PASSWORD, Installation, Servers, all_ready, namespaced
from tests.kubernetes.servers import ReachableKafka, forwarded, socket_of

logging.getLogger("uvicorn").setLevel(logging.WARNING)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def cluster() -> Cluster:
    """The cluster; without one, the tests are skipped and say why."""
    try:
        return await find_cluster()
    except NoClusterError as error:
        pytest.skip(str(error))


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def servers(
    cluster: Cluster, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Servers]:
    """Kafka and PostgreSQL: those that the environment names, or embedded ones."""
    kafka = os.environ.get("ACCESSWATCH_TEST_KAFKA")
    database = os.environ.get("ACCESSWATCH_TEST_DATABASE")
    if kafka and database:
        login = database.partition("://")[2].rpartition("/")[0]
        yield Servers(kafka, kafka, database, login)
        return
    broker = ReachableKafka(tmp_path_factory.mktemp("kafka"), cluster.host)
    postgres = EmbeddedPostgres(tmp_path_factory.mktemp("pg") / "data", durable=False)
    inner, url = await asyncio.gather(
        asyncio.to_thread(broker.start), asyncio.to_thread(postgres.start)
    )
    try:
        async with forwarded(socket_of(url), cluster.host) as port:
            login = f"postgres:{PASSWORD}@{cluster.host}:{port}"
            yield Servers(inner, broker.outer, url, login)
    finally:
        await asyncio.to_thread(broker.stop)
        await asyncio.to_thread(postgres.stop)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def installed(cluster: Cluster, servers: Servers) -> AsyncIterator[Installation]:
    """A release with one pod of each role, ready."""
    async with namespaced(cluster, servers) as found:
        await found.install({}, "--wait")
        await all_ready(found)
        yield found


@pytest_asyncio.fixture(loop_scope="session")
async def fresh(cluster: Cluster, servers: Servers) -> AsyncIterator[Installation]:
    """A namespace and a database with nothing in them, for a test that installs by itself."""
    async with namespaced(cluster, servers) as found:
        yield found
