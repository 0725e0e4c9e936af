"""A release of the chart in a namespace of its own, with a database and topics of its own."""

import json
import logging
import tempfile
import uuid
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from services.runtime.database import create_engine
from services.runtime.settings import DatabaseSettings
from tests.kubernetes.commands import ROOT, Cluster, CommandError, until
from tests.support.databases import fresh_database

CHART = ROOT / "deploy" / "helm" / "accesswatch"
ROLES = ("poller", "extractor", "storing", "delivering")
RELEASE = "accesswatch"
SECRET = "accesswatch-database"
PASSWORD = "made-up-password"
"""The servers ask for none; it is here to see that it does not reach a log."""


log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Servers:
    """Kafka and PostgreSQL, as this machine and as pods reach them."""

    kafka: str
    kafka_for_pods: str
    postgres: str
    """Address of the server here, with the name of a database that is there."""
    postgres_for_pods: str
    """`user:password@host:port`."""


class Installation:
    """What a test does with a release.

    Args:
        cluster: where it is.
        servers: what it uses.
        namespace: of the cluster, and of topics.
        database_url: its database, as this machine reaches it.
    """

    def __init__(
        self, cluster: Cluster, servers: Servers, namespace: str, database_url: str
    ) -> None:
        self.cluster = cluster
        self.servers = servers
        self.namespace = namespace
        self.engine: AsyncEngine = create_engine(DatabaseSettings(), database_url)
        name = database_url.partition("?")[0].rpartition("/")[2]
        self.database_for_pods = f"postgresql://{servers.postgres_for_pods}/{name}"

    async def kubectl(self, *arguments: str, stdin: str | None = None) -> str:
        """Run kubectl in the release's namespace."""
        return await self.cluster.kubectl("--namespace", self.namespace, *arguments, stdin=stdin)

    async def read(self, *arguments: str) -> list[dict[str, Any]]:
        """Return the objects that `kubectl get` finds in the release's namespace."""
        found = await self.cluster.read("--namespace", self.namespace, *arguments)
        return list(found["items"])

    async def helm(self, verb: str, *arguments: str) -> str:
        """Run Helm on the release."""
        return await self.cluster.helm(
            verb, RELEASE, *arguments, "--namespace", self.namespace, "--timeout", "5m"
        )

    async def install(self, values: Mapping[str, Any], *arguments: str) -> str:
        """Install the release, or change it; `values` go on top of those of `base_values`."""
        with self._value_files(values) as given:
            return await self.helm("upgrade", str(CHART), "--install", *given, *arguments)

    async def template(self, values: Mapping[str, Any], shown: str) -> str:
        """Return one of the chart's templates as it is with such values."""
        with self._value_files(values) as given:
            return await self.helm("template", str(CHART), "--show-only", shown, *given)

    @contextmanager
    def _value_files(self, values: Mapping[str, Any]) -> Iterator[list[str]]:
        with tempfile.TemporaryDirectory() as folder:
            given = []
            for number, content in enumerate((self.base_values(), values)):
                path = Path(folder) / f"{number}.json"
                path.write_text(json.dumps(content), encoding="utf-8")
                given += ["--values", str(path)]
            yield given

    def base_values(self) -> dict[str, Any]:
        """Return values for one small, busy node, and times that tests can wait for."""
        repository, _, tag = self.cluster.image.rpartition(":")
        return {
            "image": {"repository": repository, "tag": tag},
            "database": {"existingSecret": SECRET},
            "settings": {
                "kafka": {
                    "bootstrap_servers": self.servers.kafka_for_pods,
                    "namespace": self.namespace,
                    "partitions": 3,
                    "replication_factor": 1,
                    "session_timeout": 6,
                },
                "http": {"allowed_private": [self.cluster.host], "timeout": 5},
                "poller": {"min_interval": 0.5, "lease": 10},
                "alerting": {"delivery_lease": 10, "backoff": 0.5},
            },
            "roles": {role: {"resources": {"requests": {"cpu": "20m"}}} for role in ROLES},
        }

    async def give_secret(self, url: str) -> None:
        """Make or change the Secret with the database's address."""
        secret = {
            "apiVersion": "v1",
            "kind": "Secret",
            "metadata": {"name": SECRET},
            "stringData": {"url": url},
        }
        await self.kubectl("apply", "--filename", "-", stdin=json.dumps(secret))

    async def accesswatch(self, *arguments: str) -> str:
        """Run a command of accesswatch in a poller's pod, as docs/operate.md tells operators."""
        pod = f"deployment/{RELEASE}-poller"
        return await self.kubectl("exec", pod, "--", "accesswatch", *arguments)

    async def pods(self, role: str) -> list[dict[str, Any]]:
        """Return a role's pods that are not on their way out."""
        label = f"app.kubernetes.io/component={role}"
        found = await self.read("pods", "--selector", label)
        return [pod for pod in found if "deletionTimestamp" not in pod["metadata"]]

    async def names(self, role: str) -> set[str]:
        """Return the names of a role's pods."""
        return {str(pod["metadata"]["name"]) for pod in await self.pods(role)}

    async def is_ready(self, role: str) -> bool:
        """Tell whether a role has a pod, and all its pods are ready."""
        pods = await self.pods(role)
        return bool(pods) and all(ready(pod) for pod in pods)

    async def log(self, role: str, *arguments: str) -> str:
        """Return the log of a role's pods."""
        selector = f"app.kubernetes.io/component={role}"
        return await self.kubectl("logs", "--selector", selector, "--tail", "-1", *arguments)

    async def rows(self, sql: str, **values: object) -> list[tuple[Any, ...]]:
        """Return what a query finds in the release's database."""
        async with self.engine.connect() as connection:
            return [tuple(row) for row in await connection.execute(text(sql), values)]

    async def audit(self) -> dict[str, Any]:
        """Return the report of `accesswatch audit` up to this moment, run in a pod.

        Raises:
            CommandError: it found gaps; they are in the message.
        """
        until_now = datetime.now(UTC).isoformat()
        said = await self.accesswatch("audit", "--until", until_now, "--json")
        report: dict[str, Any] = orjson.loads(said)
        return report

    async def close(self) -> None:
        """Take everything away."""
        await self.engine.dispose()
        try:
            await self.helm("uninstall", "--ignore-not-found", "--wait")
        except CommandError as error:
            log.warning("%s", error)  # the namespace goes all the same
        await self.cluster.kubectl("delete", "namespace", self.namespace, "--wait=false")


def ready(pod: Mapping[str, Any]) -> bool:
    """Tell whether a pod is ready."""
    conditions = pod["status"].get("conditions", ())
    return any(each["type"] == "Ready" and each["status"] == "True" for each in conditions)


@asynccontextmanager
async def namespaced(cluster: Cluster, servers: Servers) -> AsyncIterator[Installation]:
    """Make a namespace that admits only restricted pods, and a database; install nothing yet."""
    name = f"accesswatch-{uuid.uuid4().hex[:8]}"
    namespace = {
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": {"name": name, "labels": {"pod-security.kubernetes.io/enforce": "restricted"}},
    }
    await cluster.kubectl("create", "--filename", "-", stdin=json.dumps(namespace))
    found = Installation(cluster, servers, name, await fresh_database(servers.postgres))
    try:
        await found.give_secret(found.database_for_pods)
        yield found
    finally:
        await found.close()


async def all_ready(installed: Installation, seconds: float = 240) -> None:
    """Wait until every role is ready."""
    for role in ROLES:
        await until(partial(installed.is_ready, role), seconds, f"{role} is ready")
