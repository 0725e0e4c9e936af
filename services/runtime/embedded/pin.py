"""Pins the jars of a Kafka version, for those who move to another one."""

import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Final

from services.runtime.embedded.extra import require
from services.runtime.embedded.jars import (
    CONNECTIONS,
    KAFKA_VERSION,
    LOCK_FILE,
    maven_context,
    sha256_of,
)

ROOTS: Final = (
    f"org.apache.kafka:kafka_2.13:{KAFKA_VERSION}",
    # Without a logging binding Kafka logs nothing; log4j-core as a root picks older clients.
    "org.slf4j:slf4j-simple:1.7.36",
)


def pin_jars(lock_file: Path = LOCK_FILE) -> int:
    """Resolve Kafka's dependencies and write their versions and digests to the lock file.

    Returns:
        How many jars were pinned.
    """
    parse = require("jgo.parse", "Kafka", "ACCESSWATCH_KAFKA__BOOTSTRAP_SERVERS").Coordinate.parse
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(CONNECTIONS) as pool:
        context = maven_context(Path(folder), None)
        # jgo's default, no scope at all, would pull in what only Kafka's own tests need.
        roots = [context.create_dependency(replace(parse(r), scope="compile")) for r in ROOTS]
        inputs, transitive = context.resolver.resolve(roots)
        artifacts = {dependency.artifact for dependency in (*inputs, *transitive)}
        digests = pool.map(lambda artifact: sha256_of(Path(artifact.resolve())), artifacts)
        lines = sorted(
            (f"{a.groupId}:{a.artifactId}:{a.version}", digest)
            for a, digest in zip(artifacts, digests, strict=True)
        )
    text = "".join(f"{digest}  {coordinate}\n" for coordinate, digest in lines)
    lock_file.write_text(text, encoding="ascii")
    return len(lines)
